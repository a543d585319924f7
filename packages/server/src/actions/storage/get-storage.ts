import type { Storage } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** What is stored, and how long each store is kept. */
export function getStorage(store: Store): Verb<void, Storage> {
  return async (actor) => {
    demand(actor, 'read');
    return store.storage();
  };
}
