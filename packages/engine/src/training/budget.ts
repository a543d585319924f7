import { openSafeguards, type Safeguards } from '../execution/guarding/safeguards.js';
import type { TrainOptions } from './options.js';

/** The hard wall-clock end of a session. */
export interface Budget {
  /** Aborted when the budget is spent, by the target's safeguards, or by whoever stops the session. */
  signal: AbortSignal;
  safeguards: Safeguards;
  leftMs(): number;
  /** Ends the waiting. */
  close(): Promise<void>;
}

export function startBudget(options: TrainOptions): Budget {
  const { clock, budgetMs, signal } = options;
  const deadline = clock.now() + budgetMs;
  const spent = new AbortController();
  const either = AbortSignal.any([signal, spent.signal]);
  const timer = clock.sleep(budgetMs, either).then(() => spent.abort());
  const safeguards = openSafeguards({ ...options, signal: either });
  return {
    signal: safeguards.signal,
    safeguards,
    leftMs: () => deadline - clock.now(),
    async close() {
      spent.abort();
      await Promise.all([timer, safeguards.close()]);
    },
  };
}
