import type { Tick } from '../measuring.js';
import { joinConsecutive } from '../metrics/merge.js';

/** Ticks kept for a slow reader; beyond that the newest two are joined, so that detail is lost and never a count. */
const MOST_KEPT = 8;

/** A queue of ticks between a load thread that pushes and a reader that may be slow. It never grows beyond a few ticks. */
export class TickQueue {
  private readonly ticks: Tick[] = [];
  private failure: Error | null = null;
  private wake: (() => void) | null = null;

  push(tick: Tick): void {
    const newest = this.ticks.at(-1);
    if (newest && this.ticks.length >= MOST_KEPT) this.ticks[this.ticks.length - 1] = joinConsecutive(newest, tick);
    else this.ticks.push(tick);
    this.wake?.();
  }

  /** The reader gets what is queued, then this error. */
  fail(error: Error): void {
    this.failure ??= error;
    this.wake?.();
  }

  /** The next tick. Throws what `fail` was given once the queue is empty. */
  async next(): Promise<Tick> {
    for (;;) {
      const tick = this.ticks.shift();
      if (tick) return tick;
      if (this.failure !== null) throw this.failure;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.wake = null;
    }
  }
}
