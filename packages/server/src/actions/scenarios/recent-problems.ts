import type { Problem, ScenarioRow } from '@hive/contract';
import { countFitting } from '../../answer-size.js';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** The newest scenarios, short, at most as many as the input says and one answer holds. */
export function recentProblems(store: Store): Verb<number, Problem[]> {
  return async (actor, limit) => {
    demand(actor, 'read');
    const rows: ScenarioRow[] = [];
    let after: string | undefined;
    do {
      const page = await store.listScenarios({ limit: limit - rows.length, after });
      rows.push(...page.rows);
      after = page.next ?? undefined;
    } while (after !== undefined && rows.length < limit);
    const problems = rows.map(({ id, scenario_type, difficulty, description, created_at, verdict, outcome }) => ({
      id,
      type: scenario_type,
      difficulty,
      description,
      created_at,
      verdict,
      outcome,
    }));
    return problems.slice(0, await countFitting(problems));
  };
}
