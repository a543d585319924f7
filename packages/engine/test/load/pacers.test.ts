import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantPacer } from '../../src/load/pacers/constant.js';
import { nextStart } from '../../src/load/pacers/closed.js';
import { shareOf, type Pacer } from '../../src/load/pacers/pacer.js';
import { rateCap } from '../../src/load/pacers/rate-cap.js';
import { poissonPacer } from '../../src/load/pacers/poisson.js';
import { createInverse, plannedRequests, type Stage } from '../../src/load/pacers/stages.js';
import { createRandom } from '../../src/random.js';

const hold = (perSecond: number): Stage[] => [{ durationMs: 1_000, fromPerSecond: perSecond, toPerSecond: perSecond }];
const all = (pacer: Pacer): number[] => {
  const times: number[] = [];
  for (let dueMs = pacer.next(); dueMs < Infinity; dueMs = pacer.next()) times.push(dueMs);
  return times;
};
const stage = fc.record({
  durationMs: fc.integer({ min: 1, max: 5_000 }),
  fromPerSecond: fc.oneof(fc.constant(0), fc.double({ min: 0.1, max: 500, noNaN: true })),
  toPerSecond: fc.oneof(fc.constant(0), fc.double({ min: 0.1, max: 500, noNaN: true })),
});
const stages = fc.array(stage, { minLength: 1, maxLength: 5 });
const endMs = fc.integer({ min: 1, max: 20_000 });

describe('constant arrivals', () => {
  it.each([
    [100, 10_000, 1_000],
    [3, 1_000, 3],
    [7, 1_500, 11],
    [0.5, 10_000, 5],
    [1_000 / 3, 3_000, 1_000],
    [2_999, 1_000, 2_999],
    [0.05, 10_000, 1],
  ])('at %d/s for %d ms are %d, evenly spaced', (perSecond, durationMs, expected) => {
    const times = all(constantPacer(hold(perSecond), durationMs));
    expect(times).toHaveLength(expected);
    expect(times[0]).toBe(0);
    for (const [index, time] of times.entries()) expect(time).toBeCloseTo((index * 1_000) / perSecond, 6);
  });

  it('do not drift over a day', () => {
    const pacer = constantPacer(hold(1_000 / 3), 86_400_000);
    let last = 0;
    for (let sent = 0; sent <= 1_000_000; sent++) last = pacer.next();
    expect(last).toBeCloseTo(3_000_000, 5);
  });

  it('never send nothing on a ramp from zero', () => {
    const ramp = [{ durationMs: 10_000, fromPerSecond: 0, toPerSecond: 0.2 }];
    expect(all(constantPacer(ramp, 10_000))).toHaveLength(1);
    const steep = [{ durationMs: 10_000, fromPerSecond: 0, toPerSecond: 100 }];
    expect(all(constantPacer(steep, 10_000))).toHaveLength(500);
  });

  it('begin when the rate does', () => {
    const late = [{ durationMs: 500, fromPerSecond: 0, toPerSecond: 0 }, ...hold(10)];
    expect(constantPacer(late, 1_500).next()).toBe(500);
  });

  it('hold the last rate until the plan ends', () => {
    expect(all(constantPacer(hold(10), 5_000))).toHaveLength(50);
  });

  it('come to the integral of the rate, in order, for any stages', () => {
    fc.assert(
      fc.property(stages, endMs, (some, end) => {
        const times = all(constantPacer(some, end));
        const planned = plannedRequests(some, end);
        expect(Math.abs(times.length - planned)).toBeLessThanOrEqual(1 + planned * 1e-9);
        if (planned > 1e-9) expect(times.length).toBeGreaterThanOrEqual(1);
        for (let index = 1; index < times.length; index++)
          expect(times[index]).toBeGreaterThanOrEqual(times[index - 1]! - 1e-9);
        for (const time of times) expect(time >= 0 && time < end).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the inverse of the integral', () => {
  it('undoes the integral', () => {
    fc.assert(
      fc.property(stages, fc.double({ min: 0, max: 1, noNaN: true }), (some, share) => {
        const end = some.reduce((sum, { durationMs }) => sum + durationMs, 0);
        const count = plannedRequests(some, end) * share;
        const time = createInverse(some)(count);
        if (time < Infinity) expect(plannedRequests(some, time)).toBeCloseTo(count, 5);
      }),
    );
  });
});

describe('Poisson arrivals', () => {
  it('repeat with the seed', () => {
    const times = (seed: number): number[] => all(poissonPacer(hold(100), 2_000, createRandom(seed)));
    expect(times(1)).toEqual(times(1));
    expect(times(1)).not.toEqual(times(2));
  });

  it('have exponential gaps: a Kolmogorov–Smirnov test at 5 %, n = 20,000', () => {
    const pacer = poissonPacer(hold(1_000), Infinity, createRandom(7));
    let last = 0;
    const gaps = Array.from({ length: 20_000 }, () => {
      const dueMs = pacer.next();
      const gap = dueMs - last;
      last = dueMs;
      return gap;
    }).toSorted((one, other) => one - other);
    const distance = gaps.reduce((most, gap, index) => {
      const expected = 1 - Math.exp(-gap);
      return Math.max(most, Math.abs(expected - index / 20_000), Math.abs(expected - (index + 1) / 20_000));
    }, 0);
    expect(distance).toBeLessThan(1.358 / Math.sqrt(20_000));
  });

  it('follow a ramp', () => {
    const ramp = [{ durationMs: 10_000, fromPerSecond: 0, toPerSecond: 2_000 }];
    const times = all(poissonPacer(ramp, 10_000, createRandom(3)));
    expect(Math.abs(times.length - 10_000)).toBeLessThan(400);
    const firstHalf = times.filter((time) => time < 5_000).length;
    expect(firstHalf / times.length).toBeCloseTo(0.25, 1);
  });
});

describe('shares', () => {
  it('of all threads are the whole plan, arrival by arrival', () => {
    fc.assert(
      fc.property(stages, fc.integer({ min: 1, max: 9 }), fc.nat(), (some, of, seed) => {
        for (const make of [() => constantPacer(some, 3_000), () => poissonPacer(some, 3_000, createRandom(seed))]) {
          const shares = Array.from({ length: of }, (_, index) => all(shareOf(make(), { index, of })));
          const joined = shares.flat().toSorted((one, other) => one - other);
          expect(joined).toEqual(all(make()));
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('the closed model', () => {
  it('means to start when the connection is free and its user has thought', () => {
    expect(nextStart(120, 30)).toBe(150);
  });
});

describe('a cap on the rate', () => {
  it('lets no stretch of time have more than its share and a burst of 10 ms, and loses no time', () => {
    const gaps = fc.array(fc.double({ min: 0, max: 40, noNaN: true }), { minLength: 2, maxLength: 300 });
    fc.assert(
      fc.property(gaps, fc.double({ min: 1, max: 5_000, noNaN: true }), (between, perSecond) => {
        const allowed = rateCap(perSecond);
        let readyMs = 0;
        const starts = between.map((gap) => {
          readyMs += gap;
          const startMs = allowed(readyMs);
          expect(startMs).toBeGreaterThanOrEqual(readyMs);
          return startMs;
        });
        for (const [i, from] of starts.entries())
          for (let j = i; j < starts.length; j += 7)
            expect(j - i).toBeLessThanOrEqual((((starts[j] as number) - from + 10) * perSecond) / 1_000 + 1 + 1e-6);
      }),
      { numRuns: 50 },
    );
  });

  it('changes nothing where there is none', () => {
    const allowed = rateCap(Infinity);
    expect([5, 3, 900].map(allowed)).toEqual([5, 3, 900]);
  });
});
