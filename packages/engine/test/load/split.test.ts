import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LoadOrder } from '../../src/measuring.js';
import { plannedUntil, planOf } from '../../src/load/plan.js';
import { shareOf } from '../../src/load/pacers/pacer.js';
import { partOf } from '../../src/load/split.js';

type Open = Extract<LoadOrder['arrivals'], { model: 'open' }>;

const weightsOfSome = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 8 });

function open(arrivals: Open['arrivals'], perSecond: number): Open {
  const stages = [{ durationMs: 1_000, fromPerSecond: perSecond / 2, toPerSecond: perSecond }];
  return { model: 'open', arrivals, stages, maxConnections: 100, maxWaiting: 100 };
}

function all(pacer: { next(): number }): number[] {
  const times: number[] = [];
  for (let dueMs = pacer.next(); dueMs !== Infinity; dueMs = pacer.next()) times.push(dueMs);
  return times;
}

describe('a plan in parts', () => {
  it('sends each arrival once, from one thread of one part, for 1 to 8 parts of any weights', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('poisson' as const, 'constant' as const),
        weightsOfSome,
        fc.nat(0xffff_ffff),
        fc.integer({ min: 1, max: 3 }),
        (shape, weights, seed, threads) => {
          const arrivals = open(shape, 300);
          const order = { seed, warmupMs: 200, durationMs: 800 };
          const whole = all(planOf(order, arrivals));
          const parts = weights.flatMap((_, index) =>
            Array.from({ length: threads }, (__, thread) =>
              all(shareOf(planOf({ ...order, split: { index, weights } }, arrivals), { index: thread, of: threads })),
            ),
          );
          expect(parts.flat().toSorted((a, b) => a - b)).toEqual(whole);
          const counted = weights.map((_, index) =>
            plannedUntil({ ...order, arrivals, split: { index, weights } }, Infinity),
          );
          expect(counted.reduce((sum, one) => sum + one!.warmup + one!.judged, 0)).toBe(whole.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives whole numbers that add up, and at least one to each where there are enough', () => {
    fc.assert(
      fc.property(weightsOfSome, fc.nat(20_000), fc.constantFrom(0, 1), (weights, whole, least) => {
        const parts = weights.map((_, index) => partOf(whole, { index, weights }, least));
        expect(parts.reduce((sum, one) => sum + one, 0)).toBe(whole);
        expect(Math.min(...parts)).toBeGreaterThanOrEqual(whole >= weights.length ? least : 0);
      }),
    );
  });

  it('follows the weights', () => {
    const order = { seed: 7, warmupMs: 0, durationMs: 60_000 };
    const weights = [3, 1];
    for (const shape of ['poisson', 'constant'] as const) {
      const [most, least] = weights.map(
        (_, index) => all(planOf({ ...order, split: { index, weights } }, open(shape, 200))).length,
      ) as [number, number];
      expect(most / (most + least)).toBeCloseTo(0.75, 1);
    }
    expect(weights.map((_, index) => partOf(100, { index, weights }))).toEqual([75, 25]);
  });

  it('leaves the parts of Poisson arrivals Poisson arrivals', () => {
    const order = { seed: 11, warmupMs: 0, durationMs: 100_000, split: { index: 1, weights: [1, 2, 1] } };
    const times = all(planOf(order, open('poisson', 200)));
    // From 2 s on, when the rate is held: the intervals of a Poisson process vary as much as they last (coefficient of variation 1).
    const later = times.filter((dueMs) => dueMs > 2_000);
    const gaps = later.slice(1).map((dueMs, index) => dueMs - later[index]!);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(mean).toBeCloseTo(10, 0);
    expect(deviation / mean).toBeCloseTo(1, 1);
  });
});
