import { isExecution } from '@hive/contract';
import type { OwnSession } from './own-session.js';
import type { RunnerParts } from './runner-parts.js';
import { createRunner } from './session-runner.js';

/** Runs a session to its end and stores what it says, as a server would. Throws what its events throw, and HiveError `busy`. */
export async function keepOwnSession(parts: RunnerParts, session: OwnSession): Promise<void> {
  const { target, sessionId, kinds, budgetSeconds, signal, events } = session;
  const stored = await parts.store.getTarget(target.id);
  // A plain run knows an address and little else: it does not change what is stored.
  if (stored === null || !isExecution(sessionId)) await parts.store.saveTarget(target);
  const runner = await createRunner(parts);
  const stop = (): void => void runner.stop(sessionId);
  try {
    const { done } = await runner.start({
      sessionId,
      targetId: target.id,
      kinds,
      budgetSeconds,
      events,
      place: (scenario, id) => parts.store.createScenario(scenario, id),
    });
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const { error } = await done;
    if (error) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await runner.close();
  }
}
