import { newRuleId, type Incident, type RouteParsed, type Rule } from '@hive/contract';
import { checkRoutes } from '../../channels/find-channel.js';
import { demand } from '../../identity/principal.js';
import type { Log } from '../../log.js';
import type { Store } from '../../store/store.js';
import { findTarget } from '../../targets/find-target.js';
import type { Verb } from '../verb.js';

/** What changes rules and incidents. */
export interface IncidentParts {
  store: Store;
  log: Log;
  /** Wall clock, ms since 1970. */
  now: () => number;
  /** Tells of incidents that changed. */
  changed: (incidents: Incident[]) => Promise<void>;
}

type Written = RouteParsed<'createRule'>['body'];

/** Opens incidents from now on. Throws HiveError `not_found` for an unknown target. */
export function createRule({ store, log, now }: IncidentParts): Verb<Written & { id?: string }, Rule> {
  return async (actor, { id = newRuleId(), ...input }) => {
    demand(actor, 'schedule.write');
    if (input.target !== undefined) await findTarget(store, input.target);
    await checkRoutes(store, input.routes);
    const at = new Date(now()).toISOString();
    const rule = ruleOf(input, { id, createdAt: at, changedAt: at });
    await store.createRule(rule);
    log.info({ rule: rule.id, name: rule.name, who: actor.id }, 'rule created');
    return rule;
  };
}

/** What was written, with every default. */
export function ruleOf(
  { target, remindMinutes, ...rest }: Written,
  made: Pick<Rule, 'id' | 'createdAt' | 'changedAt'>,
): Rule {
  return { ...rest, ...made, target: target ?? null, remindMinutes: remindMinutes ?? null };
}
