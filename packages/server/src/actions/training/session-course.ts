import type { SessionCourse } from '@hive/contract';
import { coursePoints } from '../../history/course-points.js';
import { findSession } from '../../history/find-session.js';
import type { Learning } from '../../history/learned-limits.js';
import { remembered } from '../../history/remembered.js';
import { sessionSource } from '../../history/session-source.js';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** How a session went, of the runs that are over. Throws HiveError `not_found`. */
export function sessionCourse({
  store,
  cache,
  version,
  learner,
}: Learning & { store: Store }): Verb<string, SessionCourse> {
  return async (actor, id) => {
    demand(actor, 'read');
    const { mode } = await findSession(store, id);
    const from = ['course', version, id, await store.listRunHours({ session: id })];
    const { ids, trails } = await remembered(cache, from, async () => {
      const source = await sessionSource(store, id, { windows: false });
      return {
        ids: source.scenarios.map(({ scenario }) => scenario.id),
        trails: mode === 'train' ? await learner.compute('trails', source) : [],
      };
    });
    return { session_id: id, trails, ...(await coursePoints(store, id, ids)) };
  };
}
