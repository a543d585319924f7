import type { Clock } from '../../src/clock.js';

/** A clock that only moves when it is told to, or slept by. */
export function virtualClock(): Clock & { pass(ms: number): void } {
  let nowMs = 0;
  return {
    now: () => nowMs,
    wall: () => nowMs,
    sleep(ms) {
      nowMs += ms;
      return Promise.resolve();
    },
    pass(ms) {
      nowMs += ms;
    },
  };
}
