import type { Leases } from './lease.js';
import { publish } from './live-topic.js';
import type { RunnerParts } from './runner-parts.js';

const WATCH_EVERY_MS = 5_000;

/**
 * Marks sessions that a dead process left `running` as interrupted, and goes on watching for more until the signal aborts: a server that shares
 * the store can die at any time. A session whose lease is kept, or was until the database went away, is alive.
 */
export async function recoverSessions(parts: RunnerParts, leases: Leases, signal: AbortSignal): Promise<void> {
  await recover(parts, leases);
  void watch(parts, leases, signal);
}

async function watch(parts: RunnerParts, leases: Leases, signal: AbortSignal): Promise<void> {
  for (;;) {
    await parts.clock.sleep(WATCH_EVERY_MS, signal);
    if (signal.aborted) return;
    try {
      await recover(parts, leases);
    } catch (error) {
      leases.reached(false);
      parts.log.warn({ err: error }, 'interrupted sessions could not be marked');
    }
  }
}

async function recover(parts: RunnerParts, leases: Leases): Promise<void> {
  const { store, log } = parts;
  // Before the leases: a session takes its lease first, so that none of these began after they were read.
  const running = await store.listRunning();
  leases.reached(true);
  if (running.length === 0) return;
  const alive = await leases.alive();
  const dead = running.filter((id) => !alive.has(id));
  for (const id of dead) {
    for (const session of await store.interruptSessions([id], 'the process that ran it has ended')) {
      log.warn({ session_id: id }, 'a session of a process that has ended was marked interrupted');
      await publish(parts, { type: 'session_completed', data: { session } });
    }
  }
}
