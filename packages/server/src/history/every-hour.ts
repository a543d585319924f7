import type { Clock } from '@hive/engine';
import type { Log } from '../log.js';

const EVERY_MS = 3_600_000;

export interface Hourly {
  /** After the start. */
  firstMs: number;
  work(): Promise<void>;
  /** What is logged of a time that fails: it is not the last. */
  sorry: string;
}

/** Works some time after the start and then every hour, until the signal aborts. */
export async function everyHour(
  { clock, log }: { clock: Clock; log: Log },
  { firstMs, work, sorry }: Hourly,
  signal: AbortSignal,
): Promise<void> {
  for (let pauseMs = firstMs; ; pauseMs = EVERY_MS) {
    await clock.sleep(pauseMs, signal);
    if (signal.aborted) return;
    try {
      await work();
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, sorry);
    }
  }
}
