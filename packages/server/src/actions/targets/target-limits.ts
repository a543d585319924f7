import { SESSIONS_ASKED, withUnreached, type Headroom, type Limit } from '@hive/contract';
import { learnedLimits, type Learning } from '../../history/learned-limits.js';
import { trafficOf, type TrafficParts } from '../../history/traffic.js';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import { findTarget } from '../../targets/find-target.js';
import type { Verb } from '../verb.js';

/** What a target can take, and how that compares with its traffic; null where it does not say that. */
export interface KnownLimits {
  limits: Limit[];
  traffic: Headroom | null;
}

/** What has been learned about a target: a fold over its stored results. Throws HiveError `not_found`. */
export function targetLimits(parts: Learning & TrafficParts & { store: Store }): Verb<string, KnownLimits> {
  return async (actor, id) => {
    demand(actor, 'read');
    const target = await findTarget(parts.store, id);
    const limits = await learnedLimits(parts, target);
    const traffic = await trafficOf(parts, { target, limits });
    const { rows } = await parts.store.listSessions({ target: id, limit: SESSIONS_ASKED });
    return { limits: withUnreached(limits, rows), traffic };
  };
}
