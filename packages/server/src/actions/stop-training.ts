import type { Context } from './context.js';
import { findSession } from './read-session.js';

/**
 * Stops the running session, or the named one if it runs, and resolves when it is over. Stopping what is over already is no fault.
 * @throws HiveError `not_found` for a session that never was.
 */
export async function stopTraining(context: Context, sessionId: string | undefined): Promise<void> {
  if (sessionId !== undefined) await findSession(context, sessionId);
  await context.runner.stop(sessionId);
}
