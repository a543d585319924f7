import type { Limit } from '@hive/contract';
import { learnLimits } from '@hive/engine';
import { learnedHistory } from '../../history/learned-history.js';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import { findTarget } from '../../targets/find-target.js';
import type { Verb } from '../verb.js';

/** What has been learned about a target: a fold over its stored results. Throws HiveError `not_found`. */
export function targetLimits(store: Store): Verb<string, Limit[]> {
  return async (actor, id) => {
    demand(actor, 'read');
    const target = await findTarget(store, id);
    return learnLimits(target, await learnedHistory(store, id));
  };
}
