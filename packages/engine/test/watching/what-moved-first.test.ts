import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/random.js';
import type { WatchSample } from '../../src/watching/sample.js';
import { whatMovedFirst } from '../../src/watching/what-moved-first.js';

const MIB = 1024 * 1024;
const REST_LOOKS = 6;
const moments = { restUntilMs: 0, loadFromMs: 0, failedAtMs: 10_000 };

/** Six looks at rest, the last of them at 0, then one each second. */
function looks(series: Record<string, readonly (number | null)[]>): WatchSample[] {
  const length = Math.max(...Object.values(series).map((values) => values.length));
  return Array.from({ length }, (_, index) => ({
    atMs: (index - REST_LOOKS + 1) * 1_000,
    values: Object.fromEntries(
      Object.entries(series).flatMap(([name, values]) => {
        const value = values[index];
        return value == null ? [] : [[name, value]];
      }),
    ),
    problems: [],
  }));
}

const at = (count: number, value: number): number[] => Array.from({ length: count }, () => value);
const atRest = (value: number): number[] => at(REST_LOOKS, value);

describe('what moved first', () => {
  it('tells the evidence in a sentence', () => {
    const memory = [59, 60, 61, 60, 59, 60, ...at(5, 60), 90, 120, 150, 180, 212].map((mib) => mib * MIB);
    const [moved, ...others] = whatMovedFirst(looks({ target_memory: memory }), moments);
    expect(others).toEqual([]);
    expect(moved).toMatchObject({ series: 'target_memory', leftAtMs: 6_000, to: 212 * MIB });
    expect(moved?.sentence).toMatch(
      /^resident memory rose above its idle range \([\d.]+–[\d.]+ MiB\) 4 s before the first failure and reached 212 MiB$/,
    );
    expect(moved?.sentence).not.toMatch(/cause|because|due/);
  });

  it.each<[string, (number | null)[], { leftAtMs: number; to: number } | null]>([
    ['never left', at(20, 5), null],
    ['left and came back before the failure', [...atRest(5), 5, 50, 50, 50, ...at(8, 5)], null],
    [
      'left, came back, left for good',
      [...atRest(5), 5, 50, 5, 5, 50, 60, 70, 80, 90, 90],
      { leftAtMs: 5_000, to: 90 },
    ],
    [
      'crossed to the other side: that is when it left',
      [...atRest(50), 50, 90, 90, 10, 10, 9, 9, 9, 9, 9],
      { leftAtMs: 4_000, to: 9 },
    ],
    ['rose with the failure', [...atRest(5), ...at(9, 5), 50, 60, 70], { leftAtMs: 10_000, to: 70 }],
    ['rose within two looks of the failure', [...atRest(5), ...at(10, 5), 60, 70], { leftAtMs: 11_000, to: 70 }],
    ['rose long after the failure', [...atRest(5), ...at(14, 5), 60, 70], null],
    ['one look outside', [...atRest(5), ...at(9, 5), 50], null],
    [
      'began again after the failure',
      [...atRest(60), ...at(4, 60), 90, 120, 150, 180, 212, 212, 60, 60, 60, 60],
      { leftAtMs: 5_000, to: 212 },
    ],
    [
      'went on rising after the failure',
      [...atRest(60), ...at(8, 60), 90, 120, 150, 180],
      { leftAtMs: 9_000, to: 180 },
    ],
    ['gaps are passed over', [...atRest(5), 5, 50, null, null, 50, null, 60, 70, 80, 90], { leftAtMs: 2_000, to: 90 }],
    ['too few looks at rest', [null, null, null, null, 5, 5, ...at(10, 50)], null],
    ['nothing under load', atRest(5), null],
  ])('%s', (_, values, expected) => {
    const all = whatMovedFirst(looks({ depth: values }), moments);
    expect(all.map(({ leftAtMs, to }) => ({ leftAtMs, to }))).toEqual(expected === null ? [] : [expected]);
  });

  it('puts the earliest first, and of those that left together the strongest', () => {
    const all = whatMovedFirst(
      looks({
        late: [...atRest(10), ...at(6, 10), ...at(6, 900)],
        weak: [...atRest(10), ...at(2, 10), ...at(10, 13), 30],
        strong: [...atRest(10), ...at(2, 10), ...at(10, 30), 30],
      }),
      moments,
    );
    expect(all.map(({ series }) => series)).toEqual(['strong', 'weak', 'late']);
  });

  it('has a finite strength where the rest was a perfect zero', () => {
    const [moved] = whatMovedFirst(looks({ queue: [...atRest(0), 0, 0, ...at(10, 40)] }), moments);
    expect(moved).toMatchObject({ series: 'queue', leftAtMs: 3_000, strength: 20 });
  });

  it('does not take a few hundredths of a core for a move', () => {
    expect(whatMovedFirst(looks({ target_cpu: [...atRest(0), ...at(12, 0.04)] }), moments)).toEqual([]);
  });

  it.each<[string, number | null, string]>([
    [
      'target_cpu',
      5_000,
      'CPU rose above its idle range (0–0.2 cores) 3 s before the first failure and reached 2 cores',
    ],
    ['target_cpu', null, 'CPU rose above its idle range (0–0.2 cores) 2 s after the load began and reached 2 cores'],
    ['depth', 2_400, 'depth rose above its idle range (0–0.2) within a second of the first failure and reached 2'],
    ['depth', 1_000, 'depth rose above its idle range (0–0.2) 1 s after the first failure and reached 2'],
    [
      'rate(jobs_total)',
      5_000,
      'rate(jobs_total) rose above its idle range (0–0.2/s) 3 s before the first failure and reached 2/s',
    ],
  ])('says it of %s, failed at %s', (series, failedAtMs, sentence) => {
    const values = [...at(7, 0.1), ...at(9, 2)];
    const all = whatMovedFirst(looks({ [series]: values }), { ...moments, failedAtMs });
    expect(all.map((one) => one.sentence)).toEqual([sentence.replaceAll('0–0.2', '0.005–0.195')]);
  });

  it('says that a series fell', () => {
    const [moved] = whatMovedFirst(looks({ workers: [...atRest(10), ...at(3, 10), ...at(8, 2)] }), moments);
    expect(moved?.sentence).toBe(
      'workers fell below its idle range (9.5–10.5) 6 s before the first failure and reached 2',
    );
  });

  it('does not take what falls below zero, within its band, for having left', () => {
    const wide = [0, 10, 0, 10, 0, 10];
    expect(whatMovedFirst(looks({ balance: [...wide, ...at(10, -1)] }), moments)).toEqual([]);
  });

  it.each(['__proto__', 'constructor', 'toString'])('does not mind that a series is called %s', (series) => {
    const [moved] = whatMovedFirst(looks(Object.fromEntries([[series, [...atRest(1), ...at(12, 9)]]])), moments);
    expect(moved?.sentence).toMatch(new RegExp(`^${series} rose above its idle range`));
  });
});

const value = fc.double({ min: -1e12, max: 1e12, noNaN: true });
const course = fc.array(value, { minLength: 12, maxLength: 20 });

describe('for any series', () => {
  it('the order of series and of samples changes nothing', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 6 });
    const input = names.chain((all) =>
      fc.tuple(
        fc.tuple(...all.map((name) => fc.tuple(fc.constant(name), course))),
        fc.shuffledSubarray(all, { minLength: all.length }),
        fc.integer(),
      ),
    );
    fc.assert(
      fc.property(input, ([series, order, seed]) => {
        const byName = Object.fromEntries(series);
        const samples = looks(byName);
        const permuted = looks(Object.fromEntries(order.map((name) => [name, byName[name] ?? []])));
        const draw = createRandom(seed);
        const shuffled = permuted.map((one) => ({ one, key: draw.next() })).sort((a, b) => a.key - b.key);
        expect(
          whatMovedFirst(
            shuffled.map(({ one }) => one),
            moments,
          ),
        ).toEqual(whatMovedFirst(samples, moments));
      }),
    );
  });

  it('a constant one is never listed', () => {
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 40 }), (constant, length) => {
        for (const series of ['depth', 'target_memory', 'target_cpu'])
          expect(whatMovedFirst(looks({ [series]: at(length, constant) }), moments)).toEqual([]);
      }),
    );
  });

  it('one that stays within the floor of its band is never listed', () => {
    const within = fc.array(fc.double({ min: -0.049, max: 0.049, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e12, noNaN: true }), within, (middle, moves) => {
        const values = [...atRest(middle), ...moves.map((move) => middle * (1 + move))];
        expect(whatMovedFirst(looks({ depth: values }), moments)).toEqual([]);
      }),
    );
  });

  it('what is listed did leave: its farthest value is outside of its band, at or after the time it is said to have left', () => {
    fc.assert(
      fc.property(course, (values) => {
        const samples = looks({ depth: values });
        for (const moved of whatMovedFirst(samples, moments)) {
          expect(moved.to < moved.from.low || moved.to > moved.from.high).toBe(true);
          expect(moved.strength).toBeGreaterThanOrEqual(1);
          expect(samples.find(({ values: all }) => all['depth'] === moved.to)?.atMs).toBeDefined();
          expect(moved.leftAtMs).toBeGreaterThan(moments.restUntilMs);
        }
      }),
    );
  });

  it.each([3, 4, 6, 12])('noise alone is hardly ever listed, with %i looks at rest', (restLooks) => {
    const draw = createRandom(7);
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - draw.next())) * Math.cos(2 * Math.PI * draw.next());
    const runs = 4_000;
    let listed = 0;
    for (let run = 0; run < runs; run++) {
      const samples = Array.from({ length: restLooks + 12 }, (_, index) => ({
        atMs: (index - restLooks + 1) * 1_000,
        values: { depth: 100 + 20 * normal() },
        problems: [],
      }));
      listed += whatMovedFirst(samples, moments).length;
    }
    expect(listed / runs).toBeLessThan(0.01);
  });
});
