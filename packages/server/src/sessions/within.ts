import type { Clock } from '@hive/engine';

/** Waits for work, `ms` at most: false when it was not done by then. Rejects as the work does. */
export async function withinMs(clock: Clock, work: Promise<unknown>, ms: number): Promise<boolean> {
  const over = new AbortController();
  try {
    return await Promise.race([work.then(() => true), clock.sleep(ms, over.signal).then(() => false)]);
  } finally {
    over.abort();
  }
}
