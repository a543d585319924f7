import { withUnreached, type Limit } from '@hive/contract';
import { learnedLimits, type Learning } from '../../history/learned-limits.js';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import { findTarget } from '../../targets/find-target.js';
import type { Verb } from '../verb.js';

/** This many of the newest sessions are asked why they did not reach a kind. */
const SESSIONS_ASKED = 20;

/** What has been learned about a target: a fold over its stored results. Throws HiveError `not_found`. */
export function targetLimits(parts: Learning & { store: Store }): Verb<string, Limit[]> {
  return async (actor, id) => {
    demand(actor, 'read');
    const limits = await learnedLimits(parts, await findTarget(parts.store, id));
    const { rows } = await parts.store.listSessions({ target: id, limit: SESSIONS_ASKED });
    return withUnreached(limits, rows);
  };
}
