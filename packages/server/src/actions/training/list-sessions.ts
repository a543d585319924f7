import type { SessionRow } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { Page, SessionFilter, Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/** A page of sessions, newest first. */
export function listSessions(store: Store): Verb<SessionFilter, Page<SessionRow>> {
  return async (actor, filter) => {
    demand(actor, 'read');
    return store.listSessions(filter);
  };
}
