import type { Clock } from '@hive/engine';
import type { Log } from '../log.js';
import type { Store } from '../store/store.js';

const FIRST_MS = 60_000;
const EVERY_MS = 3_600_000;

/** Tidies the store a minute after the start and then every hour, until the signal aborts. A time that fails is not the last. */
export async function keepStorage(
  { store, clock, log }: { store: Pick<Store, 'upkeep'>; clock: Clock; log: Log },
  signal: AbortSignal,
): Promise<void> {
  for (let pauseMs = FIRST_MS; ; pauseMs = EVERY_MS) {
    await clock.sleep(pauseMs, signal);
    if (signal.aborted) return;
    try {
      await store.upkeep();
    } catch (error) {
      log.warn({ err: error }, 'old results could not be removed; it is tried again in an hour');
    }
  }
}
