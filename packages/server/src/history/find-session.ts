import { HiveError, type SessionRow } from '@hive/contract';
import type { Store } from '../store/store.js';

/** @throws HiveError `not_found`. */
export async function findSession(store: Store, id: string): Promise<SessionRow> {
  const session = await store.getSession(id);
  if (session === null) {
    throw new HiveError('not_found', `there is no session with the id '${id}'`, { hint: 'see GET /api/sessions' });
  }
  return session;
}
