import { isDeepStrictEqual } from 'node:util';
import type { RouteParsed, Rule } from '@hive/contract';
import { checkRoutes } from '../../channels/find-channel.js';
import { demand } from '../../identity/principal.js';
import { findRule } from '../../incidents/find-rule.js';
import { findTarget } from '../../targets/find-target.js';
import { spareFiles } from '../apply/spare-files.js';
import type { Verb } from '../verb.js';
import { ruleOf, type IncidentParts } from './create-rule.js';

type Replaced = { id: string; rule: RouteParsed<'replaceRule'>['body'] };

/** Changes a rule. If it watches something else now, what it opened is closed. Throws HiveError `not_found`, `conflict` where a file describes it. */
export function replaceRule({ store, log, now, changed }: IncidentParts): Verb<Replaced, Rule> {
  return async (actor, { id, rule: input }) => {
    demand(actor, 'schedule.write');
    const before = await findRule(store, id);
    spareFiles(actor, 'rule', before);
    if (input.target !== undefined) await findTarget(store, input.target);
    await checkRoutes(store, input.routes);
    const at = new Date(now()).toISOString();
    const rule = ruleOf(input, { id, createdAt: before.createdAt, changedAt: before.changedAt });
    const watches = ({ target, when, on }: Rule) => ({ target, when, on });
    const isSame = isDeepStrictEqual(watches(rule), watches(before));
    const written = isSame ? rule : { ...rule, changedAt: at };
    await store.replaceRule(written);
    if (!isSame) await changed(await store.closeOfRule(id, { at, who: actor.name, text: 'the rule was changed' }));
    log.info({ rule: id, who: actor.id }, 'rule replaced');
    return written;
  };
}
