import type { RunnerParts } from './runner-parts.js';
import { MEASUREMENT_LOCK } from './session-runner.js';

const LEASE_MS = 10_000;
const RETRY_MS = 5_000;

/**
 * Marks sessions that a dead process left `running` as interrupted. Only who holds the measurement may do so: while another server measures,
 * its session is alive, so it is tried again until the signal aborts.
 */
export async function recoverSessions(parts: RunnerParts, signal: AbortSignal): Promise<void> {
  if (await recover(parts)) return;
  void retry(parts, signal);
}

async function retry(parts: RunnerParts, signal: AbortSignal): Promise<void> {
  for (;;) {
    await parts.clock.sleep(RETRY_MS, signal);
    if (signal.aborted) return;
    try {
      if (await recover(parts)) return;
    } catch (error) {
      parts.log.warn({ err: error }, 'interrupted sessions could not be marked');
    }
  }
}

async function recover({ bus, store, log }: RunnerParts): Promise<boolean> {
  const lock = await bus.lock(MEASUREMENT_LOCK, LEASE_MS);
  if (lock === null) return false;
  try {
    const ids = await store.interruptRunning('the process that ran it has ended');
    if (ids.length > 0) log.warn({ sessions: ids }, 'sessions of an earlier run were marked interrupted');
    return true;
  } finally {
    await lock.release();
  }
}
