import { HiveError, isExecution } from '@hive/contract';
import { createLeases } from './lease.js';
import type { OwnSession } from './own-session.js';
import type { RunnerParts } from './runner-parts.js';
import { createRunner } from './session-runner.js';
import type { Unwritten } from './session-recorder.js';
import { withinMs } from './within.js';

/** How long a session that is over waits for a database that is away. */
const WAIT_MS = 60_000;

/**
 * Runs a session to its end and stores what it says, as a server would. Throws what its events throw, and HiveError `busy`, or
 * `database_unreachable` naming what is lost.
 */
export async function keepOwnSession(parts: RunnerParts, session: OwnSession): Promise<void> {
  const { target, signal, events, ...asked } = session;
  const { sessionId } = asked;
  const known = await parts.store.getTarget(target.id);
  // A plain run knows an address and little else: it does not change what is stored.
  if (known === null || !isExecution(sessionId)) await parts.store.saveTarget(target);
  const runner = await createRunner(parts, createLeases(parts, sessionId));
  const stop = (): void => void runner.stop(sessionId);
  let stored: Promise<Unwritten> | null = null;
  try {
    const { done, ...more } = await runner.start({
      ...asked,
      targetId: target.id,
      events,
      place: (scenario, id) => parts.store.createScenario(scenario, id),
    });
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    stored = more.stored;
    const { error } = await done;
    if (error) throw error;
    await untilStored(parts, stored, signal);
  } finally {
    signal.removeEventListener('abort', stop);
    await runner.close();
  }
  const lost = await stored;
  if (lost.windows + lost.runs + lost.droppedWindows === 0) return;
  throw new HiveError('database_unreachable', `the database is away: not stored are ${lostText(lost)}`);
}

/** Whoever stops it twice does not want to wait. */
async function untilStored({ clock }: RunnerParts, stored: Promise<Unwritten>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await withinMs(clock, Promise.race([stored, stopped]), WAIT_MS);
}

function lostText({ windows, runs, droppedWindows }: Unwritten): string {
  return `${runs} finished runs and ${windows + droppedWindows} seconds of measured values`;
}
