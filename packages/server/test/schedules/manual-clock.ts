import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '@hive/engine';
import type { Store } from '../../src/store/store.js';

/** Time that a test lets pass: each sleeper wakes at its own time, and what it then does is over before the next one wakes. */
export function manualClock(store: Store, startAt: string) {
  let nowMs = Date.parse(startAt);
  let asking = 0;
  const sleepers = new Set<{ until: number; wake: () => void }>();
  const clock: Clock = {
    now: () => nowMs,
    wall: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = (): void => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { until: nowMs + Math.max(0, ms), wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake, { once: true });
      }),
  };
  /** The store, which says when nobody waits for it. */
  const watched = new Proxy(store, {
    get(of, name) {
      const method = Reflect.get(of, name) as (...input: unknown[]) => Promise<unknown>;
      return async (...input: unknown[]) => {
        asking += 1;
        try {
          return await method(...input);
        } finally {
          asking -= 1;
        }
      };
    },
  });
  async function settled(): Promise<void> {
    for (let quiet = 0; quiet < 20; quiet = asking === 0 ? quiet + 1 : 0) await turn();
  }
  return {
    clock,
    store: watched,
    settled,
    /** Something beside the store that time waits for, such as a message on its way. */
    async during<Result>(work: Promise<Result>): Promise<Result> {
      asking += 1;
      try {
        return await work;
      } finally {
        asking -= 1;
      }
    },
    now: () => new Date(nowMs).toISOString(),
    /** Without anyone waking. */
    jump: (ms: number) => void (nowMs += ms),
    async pass(ms: number): Promise<void> {
      const endMs = nowMs + ms;
      await settled();
      for (;;) {
        const next = [...sleepers].toSorted((a, b) => a.until - b.until)[0];
        if (next === undefined || next.until > endMs) break;
        nowMs = Math.max(nowMs, next.until);
        next.wake();
        await settled();
      }
      nowMs = endMs;
    },
  };
}
