import type { ScenarioCounts } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { ScenarioFilter, Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** How many scenarios fit a filter, and of which sorts. */
export function countScenarios(store: Store): Verb<Omit<ScenarioFilter, 'after' | 'limit'>, ScenarioCounts> {
  return async (actor, filter) => {
    demand(actor, 'read');
    return store.countScenarios(filter);
  };
}
