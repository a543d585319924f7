import type { Clock } from '../clock.js';

/** The hard wall-clock end of a session. */
export interface Budget {
  /** Aborted when the budget is spent, or by whoever stops the session. */
  signal: AbortSignal;
  leftMs(): number;
  /** Ends the waiting. */
  close(): Promise<void>;
}

export function startBudget({
  clock,
  budgetMs,
  signal,
}: {
  clock: Clock;
  budgetMs: number;
  signal: AbortSignal;
}): Budget {
  const deadline = clock.now() + budgetMs;
  const spent = new AbortController();
  const either = AbortSignal.any([signal, spent.signal]);
  const timer = clock.sleep(budgetMs, either).then(() => spent.abort());
  return {
    signal: either,
    leftMs: () => deadline - clock.now(),
    async close() {
      spent.abort();
      await timer;
    },
  };
}
