import type { Problem, ScenarioRow, Window } from '@hive/contract';
import type { Context } from './context.js';
import { unknownScenario } from './execute-scenario.js';

/** One scenario with its kept windows. Throws HiveError `not_found`. */
export async function readScenario({ store }: Context, id: string): Promise<ScenarioRow & { windows: Window[] }> {
  const row = await store.getScenario(id);
  if (row === null) throw unknownScenario(id);
  return { ...row, windows: await store.listWindows(id) };
}

/** The newest scenarios, short. */
export async function recentProblems({ store }: Context, limit: number): Promise<Problem[]> {
  const { rows } = await store.listScenarios({ limit });
  return rows.map(({ id, scenario_type, difficulty, description, created_at, verdict }) => ({
    id,
    type: scenario_type,
    difficulty,
    description,
    created_at,
    verdict,
  }));
}
