import type { Clock } from '../clock.js';

/** A clock that others move on. */
export type VirtualClock = Clock & { advance(ms: number): void };

/** A longer sleep is a deadline: time does not pass for it. */
const LONGEST_REST_MS = 60_000;

/** Time that passes only when a load lets it; sleepers wake when it has passed them. */
export function createVirtualClock(): VirtualClock {
  let nowMs = 0;
  const sleepers = new Set<{ until: number; wake: () => void }>();
  const clock: VirtualClock = {
    now: () => nowMs,
    wall: () => 1_700_000_000_000 + nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        // Nobody would ever wake it.
        if (Number.isNaN(ms)) return reject(new RangeError('a sleep needs a time'));
        if (signal?.aborted) return resolve();
        const wake = (): void => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { until: nowMs + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake, { once: true });
        // Nothing else runs during a rest, so the rest itself lets time pass.
        if (ms < LONGEST_REST_MS) setImmediate(() => clock.advance(ms));
      }),
    advance(ms) {
      nowMs += ms;
      for (const sleeper of sleepers) if (sleeper.until <= nowMs) sleeper.wake();
    },
  };
  return clock;
}
