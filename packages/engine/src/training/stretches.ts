import { addCounts, noCounts, type Latency } from '@hive/contract';
import type { Stretch } from '../judging/facts.js';
import type { Tick } from '../measuring.js';

const STRETCH_MS = 500;
/** Ticks are late now and then by a little. */
const TICK_SLACK_MS = 30;

/** Gathers ticks of the judged part into consecutive stretches of about half a second. */
export interface Stretches {
  /** `responseTimeMs`: of everything in the tick. */
  add(tick: Tick, responseTimeMs: Latency): void;
  all(): readonly Stretch[];
}

export function createStretches(): Stretches {
  const stretches: (Stretch & { recorded: number })[] = [];
  return {
    add(tick, responseTimeMs) {
      const part = tick.parts.find((one) => one.part === 'judged');
      if (!part) return;
      let open = stretches.at(-1);
      if (!open || open.seconds * 1_000 >= STRETCH_MS - TICK_SLACK_MS) {
        open = {
          endMs: tick.fromMs,
          seconds: 0,
          counts: noCounts(),
          bad: part.bad.map(() => 0),
          meanMs: null,
          recorded: 0,
        };
        stretches.push(open);
      }
      open.endMs = tick.toMs;
      open.seconds += (tick.toMs - tick.fromMs) / 1_000;
      addCounts(open.counts, part.counts);
      open.bad = open.bad.map((value, index) => value + (part.bad[index] ?? 0));
      for (const [index, late] of (part.badByLateness ?? []).entries()) {
        open.badByLateness ??= part.bad.map(() => 0);
        open.badByLateness[index]! += late;
      }
      if (part.cache) {
        open.cache ??= { hits: 0, misses: 0 };
        open.cache.hits += part.cache.hits;
        open.cache.misses += part.cache.misses;
      }
      if (responseTimeMs.count > 0) {
        const sum = (open.meanMs ?? 0) * open.recorded + responseTimeMs.mean * responseTimeMs.count;
        open.recorded += responseTimeMs.count;
        open.meanMs = sum / open.recorded;
      }
    },
    all: () => stretches,
  };
}
