import type { Leases } from './lease.js';
import { publish } from './live-topic.js';
import type { RunnerParts } from './runner-parts.js';

const WATCH_EVERY_MS = 5_000;
/** A session that runs is among the newest. */
const NEWEST = 20;

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
  const { rows } = await store.listSessions({ limit: NEWEST });
  leases.reached(true);
  if (!rows.some(({ status }) => status === 'running')) return;
  const ids = await store.interruptRunning('the process that ran it has ended', await leases.alive());
  if (ids.length > 0) log.warn({ sessions: ids }, 'sessions of a process that has ended were marked interrupted');
  for (const id of ids) {
    const session = await store.getSession(id);
    if (session !== null) await publish(parts, { type: 'session_completed', data: { session } });
  }
}
