import type { Problem } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** The newest scenarios, short, at most as many as the input says. */
export function recentProblems(store: Store): Verb<number, Problem[]> {
  return async (actor, limit) => {
    demand(actor, 'read');
    const { rows } = await store.listScenarios({ limit });
    return rows.map(({ id, scenario_type, difficulty, description, created_at, verdict, outcome }) => ({
      id,
      type: scenario_type,
      difficulty,
      description,
      created_at,
      verdict,
      outcome,
    }));
  };
}
