import type { Traffic } from './traffic.js';

/** One thread's share of a load run: it decides when to send, and holds what must wait. */
export interface LoadLoop {
  readonly traffic: Traffic;
  start(): void;
  /**
   * Nothing new is sent any more; what waits is dropped. Returns up to where every planned request was counted, ms: `nowMs`, or less where
   * too many were due to count them in time. `cutShort`: the plan ends with the last request that the loop came to.
   */
  stop(nowMs: number, cutShort: boolean): number;
  /** Begins waiting requests that the session's allowance held up, as far as it goes now. */
  serveWaiting(): void;
  /** There is nothing left to send before the plan's end. */
  finished(): boolean;
  /** Planned requests that wait for a connection. */
  waiting(): number;
  /** How far the loop is behind its schedule, ms; 0 in a closed model, which has none. */
  lateMs(nowMs: number): number;
  /** Time spent in turns of the event loop in which nothing happened, ms. */
  spinMs(): number;
}
