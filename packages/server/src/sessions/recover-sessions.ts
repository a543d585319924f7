import type { RunnerParts } from './runner-parts.js';
import { publish } from './live-topic.js';
import { MEASUREMENT_LOCK } from './lease.js';

const LEASE_MS = 10_000;
const WATCH_EVERY_MS = 5_000;
/** A session that runs is among the newest. */
const NEWEST = 20;

/**
 * Marks sessions that a dead process left `running` as interrupted, and goes on watching for more until the signal aborts: a server that shares
 * the store can die at any time. Only who holds the measurement may do so: while another server measures, its session is alive.
 */
export async function recoverSessions(parts: RunnerParts, signal: AbortSignal): Promise<void> {
  await recover(parts);
  void watch(parts, signal);
}

async function watch(parts: RunnerParts, signal: AbortSignal): Promise<void> {
  for (;;) {
    await parts.clock.sleep(WATCH_EVERY_MS, signal);
    if (signal.aborted) return;
    try {
      await recover(parts);
    } catch (error) {
      parts.log.warn({ err: error }, 'interrupted sessions could not be marked');
    }
  }
}

/** The lock is tried only when there is something to mark: whoever wants to start a session needs it too. */
async function recover(parts: RunnerParts): Promise<void> {
  const { bus, store, log } = parts;
  const { rows } = await store.listSessions({ limit: NEWEST });
  if (!rows.some(({ status }) => status === 'running')) return;
  const lock = await bus.lock(MEASUREMENT_LOCK, LEASE_MS);
  if (lock === null) return;
  try {
    const ids = await store.interruptRunning('the process that ran it has ended');
    if (ids.length > 0) log.warn({ sessions: ids }, 'sessions of a process that has ended were marked interrupted');
    for (const id of ids) {
      const session = await store.getSession(id);
      if (session !== null) await publish(parts, { type: 'session_completed', data: { session } });
    }
  } finally {
    await lock.release();
  }
}
