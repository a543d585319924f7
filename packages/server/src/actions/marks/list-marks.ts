import type { Mark } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { MarkFilter, Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** The newest marks first. */
export function listMarks(store: Pick<Store, 'listMarks'>): Verb<MarkFilter, Mark[]> {
  return async (actor, filter) => {
    demand(actor, 'read');
    return store.listMarks(filter);
  };
}
