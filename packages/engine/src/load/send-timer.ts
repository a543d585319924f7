/**
 * A timer of n whole milliseconds wakes the loop after n ms and a little more; it is set to come this much too early, and the loop
 * spins for the rest, at most 1.3 ms.
 */
const EARLY_MS = 0.3;
/** Node turns longer timers into one of 1 ms. */
const LONGEST_SLEEP_MS = 60_000;

/**
 * Calls back as near to a due time as the event loop can: by a timer while it is far, by spinning when it is near. Time spent in
 * turns of the loop in which nothing happened is summed, so that spinning is not mistaken for work.
 */
export class SendTimer {
  /** Time in empty turns, ms. */
  spinMs = 0;
  private dueMs = Infinity;
  private timer: NodeJS.Timeout | null = null;
  private immediate: NodeJS.Immediate | null = null;
  private turnMs = 0;
  private turnActivity = -1;

  /** `activity` is any number that changes when something happened; `onDue` is given the time at which it is called. */
  constructor(private readonly options: { now(): number; activity(): number; onDue(nowMs: number): void }) {}

  /** Sets the due time, in place of any earlier one. Infinity: none. */
  schedule(dueMs: number): void {
    this.dueMs = dueMs;
    this.arm(this.options.now());
  }

  cancel(): void {
    this.dueMs = Infinity;
    this.disarm();
  }

  private arm(nowMs: number): void {
    const waitMs = this.dueMs - nowMs;
    const sleepMs = Math.floor(waitMs - EARLY_MS);
    if (sleepMs >= 1) {
      this.disarm();
      if (waitMs < Infinity) this.timer = setTimeout(() => this.fire(), Math.min(sleepMs, LONGEST_SLEEP_MS));
    } else if (this.immediate === null) {
      if (this.timer !== null) this.disarm();
      this.turnActivity = -1;
      this.immediate = setImmediate(() => this.turn());
    }
  }

  private disarm(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    if (this.immediate !== null) clearImmediate(this.immediate);
    this.timer = null;
    this.immediate = null;
  }

  private fire(): void {
    this.timer = null;
    this.check(this.options.now());
  }

  private turn(): void {
    this.immediate = null;
    const nowMs = this.options.now();
    const activity = this.options.activity();
    if (activity === this.turnActivity) this.spinMs += nowMs - this.turnMs;
    this.check(nowMs);
    this.turnMs = nowMs;
    this.turnActivity = activity === this.options.activity() ? activity : -1;
  }

  private check(nowMs: number): void {
    if (nowMs >= this.dueMs) {
      this.dueMs = Infinity;
      this.options.onDue(nowMs);
    } else this.arm(nowMs);
  }
}
