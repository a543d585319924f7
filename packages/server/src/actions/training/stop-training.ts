import { findSession } from '../../history/find-session.js';
import { demand } from '../../identity/principal.js';
import type { SessionRunner } from '../../sessions/session-runner.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

/**
 * Stops the running session, or the named one if it runs, and resolves when it is over. Stopping what is over already is no fault.
 * Throws HiveError `not_found` for a session that never was.
 */
export function stopTraining(parts: { store: Store; runner: SessionRunner }): Verb<string | undefined, void> {
  const { store, runner } = parts;
  return async (actor, sessionId) => {
    demand(actor, 'run');
    if (sessionId !== undefined) await findSession(store, sessionId);
    await runner.stop(sessionId);
  };
}
