import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capacityOf, chirpStages, readChirp, type ChirpFinding } from '../../src/learning/belief/chirp.js';
import { chirpHurts, type ChirpBlock, type ChirpRule } from '../../src/learning/belief/stopping.js';

const BLOCK_SECONDS = 0.5;
const STEP = 0.01;

/** A chirp against a queue of fluid: what comes beyond `capacity` waits, and a request is bad when it waits longer than the latency. */
function chirp(capacity: number, rule: ChirpRule, start: number): { finding: ChirpFinding; peak: number } {
  const stages = chirpStages({ start, cap: 1e6, latencySeconds: rule.latencySeconds, gentle: rule.gentle });
  const sent: { at: number; count: number; wait: number; block: number }[] = [];
  const rates: number[] = [];
  const goods: number[] = [];
  const waiting: number[] = [];
  let [now, wait, good] = [0, 0, 0];
  for (const { seconds, from, to } of stages)
    for (let inside = 0; inside < seconds; inside += STEP) {
      const rate = from + ((to - from) * inside) / seconds;
      good += Math.min(wait > 0 ? capacity : rate, capacity) * STEP;
      wait = Math.max(0, wait + (rate / capacity - 1) * STEP);
      sent.push({ at: now, count: rate * STEP, wait, block: rates.length });
      now += STEP;
      if (now < (rates.length + 1) * BLOCK_SECONDS) continue;
      rates.push(rate);
      goods.push(good);
      waiting.push(wait * capacity);
      good = 0;
      const blocks = rates.map((own, block): ChirpBlock => {
        const of = sent.filter((one) => one.block === block);
        const sum = (some: typeof of): number => some.reduce((total, { count }) => total + count, 0);
        const late = of.filter((one) => one.wait > rule.latencySeconds && now > one.at + rule.latencySeconds);
        const decided = of.filter((one) => now > one.at + Math.min(one.wait, rule.latencySeconds));
        return {
          seconds: BLOCK_SECONDS,
          rate: own,
          n: sum(of),
          decided: sum(decided),
          bad: rule.shares.map(() => sum(late)),
          outstanding: waiting[block] as number,
          good: goods[block] as number,
          lost: 0,
        };
      });
      const onset = chirpHurts(blocks, rule);
      if (onset !== null) return { finding: readChirp({ blocks, onset, closed: false }, rule), peak: rate };
    }
  throw new Error('it never hurt');
}

const anyCapacity = fc.double({ min: Math.log(30), max: Math.log(3_000), noNaN: true }).map(Math.exp);
const manyRequests = fc.double({ min: 200, max: 3_000, noNaN: true });
const anyLatency = fc.double({ min: Math.log(0.05), max: Math.log(5), noNaN: true }).map(Math.exp);

describe('a first look at a service that queues', () => {
  it('never loads it with three times what it can do, whatever latency its objective names', () => {
    fc.assert(
      fc.property(anyCapacity, anyLatency, fc.double({ min: 4, max: 12, noNaN: true }), (capacity, latency, below) => {
        const rule = { shares: [0.01], latencySeconds: latency, gentle: false };
        const { peak } = chirp(capacity, rule, capacity / below);
        expect(peak / capacity).toBeLessThan(3);
      }),
      { numRuns: 60 },
    );
  });

  it('stays below twice of that where overload is not allowed', () => {
    fc.assert(
      fc.property(anyCapacity, fc.double({ min: 0.05, max: 1, noNaN: true }), (capacity, latency) => {
        const rule = { shares: [0.01], latencySeconds: latency, gentle: true };
        const { peak } = chirp(capacity, rule, capacity / 3);
        expect(peak / capacity).toBeLessThan(2);
      }),
      { numRuns: 20 },
    );
  });

  it('tells the capacity of 200 requests/s or more to 15 % by what is answered while it is overloaded', () => {
    fc.assert(
      fc.property(manyRequests, anyLatency, (capacity, latency) => {
        const rule = { shares: [0.01], latencySeconds: latency, gentle: false };
        const { finding } = chirp(capacity, rule, capacity / 8);
        expect(Math.abs(Math.log(capacityOf(finding, false) / capacity))).toBeLessThan(0.15);
      }),
      { numRuns: 30 },
    );
  });
});
