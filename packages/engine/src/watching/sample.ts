/** One look at the target from outside: its own figures, beside the load. */
export interface WatchSample {
  /** On the time axis of whoever looks, ms. */
  atMs: number;
  /**
   * Finite values by series: `target_cpu` (cores, so 1.5 is one and a half), `target_memory` (resident bytes), `target_threads`,
   * `target_open_files`, and the named series; of a counter its growth a second, as `rate(name)`. What could not be read is absent:
   * a gap is never a zero.
   */
  values: Record<string, number>;
  /** Why something is absent, in words. */
  problems: string[];
}

/** What one source tells at one look. */
export type Seen = Omit<WatchSample, 'atMs'>;

/** Growth over less time than this is mostly the grain of the clocks (CPU time counts in steps of 10 ms). */
export const LEAST_SPAN_MS = 100;
