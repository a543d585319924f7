/** When requests are meant to start: an absolute schedule that does not know of answers, threads or the clock. */
export interface Pacer {
  /** Intended start of the next request in ms since the run's start, never before the last one; Infinity when the plan is done. */
  next(): number;
}

/**
 * The share of one thread: every `of`-th arrival, beginning with number `index`. The shares of all threads together are the whole
 * plan, arrival by arrival, for any number of threads.
 */
export function shareOf(pacer: Pacer, { index, of }: { index: number; of: number }): Pacer {
  let skip = index;
  return {
    next() {
      for (; skip > 0; skip--) pacer.next();
      skip = of - 1;
      return pacer.next();
    },
  };
}
