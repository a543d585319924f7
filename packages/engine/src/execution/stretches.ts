import { addCounts, noCounts } from '@hive/contract';
import type { Stretch } from '../judging/facts.js';
import type { Tick } from '../measuring.js';
import { mergeLatency } from '../metrics/collector.js';

const STRETCH_MS = 500;
/** Ticks are late now and then by a little. */
const TICK_SLACK_MS = 30;

/** Gathers ticks of the judged part into consecutive stretches of about half a second. */
export interface Stretches {
  add(tick: Tick): void;
  all(): readonly Stretch[];
}

export function createStretches(): Stretches {
  const stretches: (Stretch & { recorded: number })[] = [];
  return {
    add(tick) {
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
      const { count, mean } = mergeLatency(part.responseTime === null ? [] : [part.responseTime]);
      if (count > 0) {
        const late = tick.health.lateness === null ? 0 : mergeLatency([tick.health.lateness]).mean;
        open.latenessMs = ((open.latenessMs ?? 0) * open.recorded + late * count) / (open.recorded + count);
        open.meanMs = ((open.meanMs ?? 0) * open.recorded + mean * count) / (open.recorded + count);
        open.recorded += count;
        const first = mergeLatency(part.firstByte ? [part.firstByte] : []);
        if (first.count > 0) {
          const before = open.recorded - count;
          open.firstByteMeanMs = ((open.firstByteMeanMs ?? 0) * before + first.mean * count) / (before + count);
        }
      }
    },
    all: () => stretches,
  };
}
