import { HiveError, type ScenarioRow } from '@hive/contract';
import type { Store } from '../store/store.js';

/** @throws HiveError `not_found`. */
export async function findScenario(store: Store, id: string): Promise<ScenarioRow> {
  const row = await store.getScenario(id);
  if (row === null) throw unknownScenario(id);
  return row;
}

/** The answer to an id that no scenario has. */
export function unknownScenario(id: string): HiveError {
  return new HiveError('not_found', `there is no scenario with the id '${id}'`, { hint: 'see GET /api/scenarios' });
}
