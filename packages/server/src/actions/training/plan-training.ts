import { DEFAULT_KINDS, defaultBudgetSeconds, type RouteParsed, type SessionPlan } from '@hive/contract';
import { planSession } from '@hive/engine';
import { learnedHistory } from '../../history/learned-history.js';
import { demand } from '../../identity/principal.js';
import type { Generator } from '../../sessions/generator.js';
import type { Store } from '../../store/store.js';
import { chooseTarget } from '../../targets/find-target.js';
import type { Verb } from '../verb.js';

/** What a session would measure in its time, and what that would cost. Sends nothing. Throws HiveError `no_target`, `not_found`. */
export function planTraining(parts: {
  store: Store;
  generator: Pick<Generator, 'ceiling' | 'threads' | 'clock'>;
}): Verb<RouteParsed<'trainingPlan'>['query'], SessionPlan> {
  const { store, generator } = parts;
  return async (actor, { target: id, kinds, budgetSeconds }) => {
    demand(actor, 'read');
    const target = await chooseTarget(store, id);
    return planSession({
      target,
      kinds: kinds ?? DEFAULT_KINDS,
      budgetSeconds: budgetSeconds ?? defaultBudgetSeconds(),
      history: await learnedHistory(store, target.id, { objectives: target.objectives }),
      ceiling: generator.ceiling(),
      threads: generator.threads,
      atMs: generator.clock.wall(),
    });
  };
}
