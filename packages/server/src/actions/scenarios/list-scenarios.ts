import type { ScenarioRow } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { Page, ScenarioFilter, Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** A page of scenarios, newest first. */
export function listScenarios(store: Store): Verb<ScenarioFilter, Page<ScenarioRow>> {
  return async (actor, filter) => {
    demand(actor, 'read');
    return store.listScenarios(filter);
  };
}
