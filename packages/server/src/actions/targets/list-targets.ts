import type { Target } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** All services under test. */
export function listTargets(store: Store): Verb<void, Target[]> {
  return async (actor) => {
    demand(actor, 'read');
    return store.listTargets();
  };
}
