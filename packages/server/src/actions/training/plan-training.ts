import { DEFAULT_KINDS, defaultBudgetSeconds, type RouteParsed, type SessionPlan } from '@hive/contract';
import { learnedHistory } from '../../history/learned-history.js';
import type { Learning } from '../../history/learned-limits.js';
import { remembered } from '../../history/remembered.js';
import { demand } from '../../identity/principal.js';
import type { Generator } from '../../sessions/generator.js';
import type { Store } from '../../store/store.js';
import { chooseTarget } from '../../targets/find-target.js';
import type { Verb } from '../verb.js';

/** What was measured grows older, which a plan heeds: so often at least. */
const PLANNED_EVERY_MS = 600_000;

interface Parts extends Learning {
  store: Store;
  generator: Pick<Generator, 'ceiling' | 'threads' | 'clock'>;
}

/** What a session would measure in its time, and what that would cost. Sends nothing. Throws HiveError `no_target`, `not_found`. */
export function planTraining(parts: Parts): Verb<RouteParsed<'trainingPlan'>['query'], SessionPlan> {
  const { store, cache, version, learner, generator } = parts;
  return async (actor, { target: id, ...asked }) => {
    demand(actor, 'read');
    const target = await chooseTarget(store, id);
    const atMs = generator.clock.wall();
    const given = {
      target,
      kinds: asked.kinds ?? DEFAULT_KINDS,
      budgetSeconds: asked.budgetSeconds ?? defaultBudgetSeconds(),
      ceiling: generator.ceiling(),
      threads: generator.threads,
    };
    const at = Math.floor(atMs / PLANNED_EVERY_MS);
    return remembered(cache, ['plan', version, given, await store.learnedVersion(target.id), at], async () => {
      const history = await learnedHistory(store, target.id, { objectives: target.objectives });
      return learner.compute('plan', { ...given, history, atMs });
    });
  };
}
