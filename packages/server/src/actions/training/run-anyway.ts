import { findSession } from '../../history/find-session.js';
import { demand } from '../../identity/principal.js';
import type { SessionRunner } from '../../sessions/session-runner.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/**
 * The running session, or the named one if it runs, goes on without waiting for a quiet machine. For one that is over there is nothing to do.
 * Throws HiveError `not_found` for a session that never was.
 */
export function runAnyway(parts: { store: Store; runner: SessionRunner }): Verb<string | undefined, void> {
  const { store, runner } = parts;
  return async (actor, sessionId) => {
    demand(actor, 'run');
    if (sessionId !== undefined) await findSession(store, sessionId);
    await runner.runAnyway(sessionId);
  };
}
