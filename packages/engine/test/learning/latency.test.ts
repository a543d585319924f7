import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latencyCurve, type LatencyPoint } from '../../src/learning/limit/latency.js';
import { createRandom } from '../../src/random.js';

const QUANTILES = ['p50', 'p95', 'p99'] as const;
const CAPACITY = 400;

/** M/M/1 of 1 ms at rest: all times are exponential with mean 1 ÷ (1 − ρ). `scatter`: standard deviation of ln, from run to run. */
function pointAt(intensity: number, requests: number, scatter: number, seed = 1): LatencyPoint {
  const random = createRandom(seed);
  const off = (random.next() + random.next() + random.next() + random.next() - 2) * Math.sqrt(3) * scatter;
  const mean = Math.exp(off) / (1 - intensity / CAPACITY);
  return {
    intensity,
    requests,
    p50: mean * Math.log(2),
    p95: mean * Math.log(20),
    p99: mean * Math.log(100),
  };
}

const points = (seed: number): LatencyPoint[] =>
  [40, 80, 160, 360, 370, 376, 380, 384].map((intensity, i) =>
    pointAt(intensity, intensity * 10, 0.03, seed * 100 + i),
  );

describe('the predicted response times', () => {
  it('hold what a queue takes between and below the intensities that were tried, in nine of ten cases or more', () => {
    const seeds = Array.from({ length: 12 }, (_, i) => i + 1);
    const inside = seeds.flatMap((seed) => {
      const curve = latencyCurve(points(seed), 385);
      return [60, 120, 200, 280, 340].flatMap((intensity) => {
        const seen = pointAt(intensity, intensity * 30, 0.03, seed * 1_000 + intensity);
        const predicted = curve?.({ intensity, requests: intensity * 30 });
        return QUANTILES.map(
          (q) => predicted !== undefined && predicted[q].low <= seen[q] && seen[q] <= predicted[q].high,
        );
      });
    });
    expect(inside.filter(Boolean).length / inside.length).toBeGreaterThan(0.85);
  });

  it('are not so wide that they say nothing', () => {
    const predicted = latencyCurve(points(3), 385)?.({ intensity: 200, requests: 6_000 });
    for (const q of QUANTILES) {
      const { estimate, low, high } = predicted![q];
      expect(high / low).toBeLessThan(2);
      expect(estimate / pointAt(200, 1, 0)[q]).toBeCloseTo(1, 0);
    }
  });

  it('are ordered, positive and finite, whatever was seen', () => {
    const anyPoint = fc
      .record({
        intensity: fc.double({ min: 1, max: 500, noNaN: true }),
        requests: fc.integer({ min: 1, max: 100_000 }),
        p50: fc.double({ min: 0, max: 1e4, noNaN: true }),
        further: fc.tuple(fc.double({ min: 0, max: 1e4, noNaN: true }), fc.double({ min: 0, max: 1e4, noNaN: true })),
      })
      .map(({ p50, further: [a, b], ...rest }) => ({ ...rest, p50, p95: p50 + a, p99: p50 + a + b }));
    fc.assert(
      fc.property(
        fc.array(anyPoint, { minLength: 3, maxLength: 12 }),
        fc.double({ min: 1, max: 400, noNaN: true }),
        (some, intensity) => {
          const curve = latencyCurve(some, 500);
          const { p50, p95, p99, extrapolated } = curve!({ intensity, requests: 100 });
          for (const { low, estimate, high } of [p50, p95, p99]) {
            expect(low).toBeGreaterThan(0);
            expect(estimate).toBeGreaterThanOrEqual(low);
            expect(high).toBeGreaterThanOrEqual(estimate);
            expect(high).toBeLessThan(Infinity);
          }
          expect(p95.estimate).toBeGreaterThanOrEqual(p50.estimate);
          expect(p99.estimate).toBeGreaterThanOrEqual(p95.estimate);
          const tried = some.map((one) => one.intensity);
          expect(extrapolated).toBe(intensity < Math.min(...tried) || intensity > Math.max(...tried));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('leave out what was beyond the limit, and say nothing with two points', () => {
    const some = points(1);
    const overload: LatencyPoint = { intensity: 450, requests: 4_500, p50: 4_000, p95: 6_000, p99: 8_000 };
    const run = { intensity: 300, requests: 9_000 };
    expect(latencyCurve([...some, overload], 385)?.(run)).toEqual(latencyCurve(some, 385)?.(run));
    expect(latencyCurve([some[0]!, some[1]!, overload], 385)).toBeNull();
  });
});
