import type { Target } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import { findTarget } from '../../targets/find-target.js';
import type { Verb } from '../verb.js';

/** One service under test. Throws HiveError `not_found`. */
export function getTarget(store: Store): Verb<string, Target> {
  return async (actor, id) => {
    demand(actor, 'read');
    return findTarget(store, id);
  };
}
