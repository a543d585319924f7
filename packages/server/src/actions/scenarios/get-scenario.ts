import type { ScenarioRow, Window } from '@hive/contract';
import { findScenario } from '../../history/find-scenario.js';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** One scenario with its kept windows. Throws HiveError `not_found`. */
export function getScenario(store: Store): Verb<string, ScenarioRow & { windows: Window[] }> {
  return async (actor, id) => {
    demand(actor, 'read');
    const row = await findScenario(store, id);
    return { ...row, windows: await store.listWindows(id) };
  };
}
