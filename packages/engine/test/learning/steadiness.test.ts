import { describe, expect, it } from 'vitest';
import type { ScenarioResult } from '@hive/contract';
import { createBelief, marginal, type Belief } from '../../src/learning/belief/belief.js';
import { loadCells, runScatter, type Cell } from '../../src/learning/belief/cells.js';
import { learnerOf, resumed } from '../../src/learning/limit/fold.js';
import type { LearnedResult } from '../../src/learning/axis.js';
import { intervalOf, posteriorOf } from '../../src/learning/belief/posterior.js';
import {
  scatterLikelihood,
  tellingQuantile,
  weighedBelief,
  type TimedRun,
} from '../../src/learning/belief/steadiness.js';
import { createRandom } from '../../src/random.js';
import { RATE_AXIS } from './axis.js';
import { simulateSession } from './simulated-session.js';

const CAPACITY = 400;
const LIMIT = 380;
const AT = { limit: LIMIT, share: 0.01 };
const PLACES = [0.94, 0.97, 0.99, 0.96, 1, 0.98, 1.01, 0.95, 0.99, 0.97, 1.02, 0.98];

/** A queue of one: times are exponential, with the mean 1 ÷ (1 − ρ), of a capacity that is another one in each run by so much (ln). */
function timesOf(intensity: number, off: number): { p50: number; p95: number; p99: number } {
  const mean = 1 / (1 - Math.min(0.995, intensity / (CAPACITY * Math.exp(off))));
  return { p50: mean * Math.log(2), p95: mean * Math.log(20), p99: mean * Math.log(100) };
}

function runs(scatter: number, seed: number, count = PLACES.length): TimedRun[] {
  const random = createRandom(seed);
  return PLACES.slice(0, count).map((place) => {
    const off = (random.next() + random.next() + random.next() + random.next() - 2) * Math.sqrt(3) * scatter;
    return { intensity: place * LIMIT, requests: 5_000, seconds: 14, time: timesOf(place * LIMIT, off).p99 };
  });
}

/** The scatter of highest likelihood, of those that are told apart: 0.006 to 0.2. */
function likeliest(likelihood: readonly number[]): number {
  return [0.006, 0.01, 0.016, 0.025, 0.04, 0.06, 0.09, 0.13, 0.2][likelihood.indexOf(Math.max(...likelihood))]!;
}

const TWELVE = { seconds: 12, warmupSeconds: 2 };

/** What is expected of a figure of the cells. */
function sumOf({ mass, size, cells }: Belief, figure: (cell: Cell) => number): number {
  return cells.reduce((sum, cell, c) => {
    const own = mass.subarray(c * size, (c + 1) * size).reduce((all, one) => all + one, 0);
    return sum + own * figure(cell);
  }, 0);
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
const seeds = Array.from({ length: 21 }, (_, i) => i + 1);

describe('how much runs scatter, by their response times', () => {
  it('is told apart where it is small and where it is large', () => {
    const found = (scatter: number): number =>
      median(seeds.map((seed) => likeliest(scatterLikelihood(runs(scatter, seed), AT)!)));
    expect(found(0.005)).toBeLessThanOrEqual(0.016);
    expect(found(0.03)).toBeGreaterThanOrEqual(0.016);
    expect(found(0.03)).toBeLessThanOrEqual(0.06);
    expect(found(0.08)).toBeGreaterThanOrEqual(0.06);
  });

  it('is not told by too few runs, nor by those beyond the limit or without answers', () => {
    const twelve = runs(0.03, 1);
    expect(scatterLikelihood(runs(0.03, 1, 3), AT)).toBeNull();
    expect(scatterLikelihood(twelve, { ...AT, limit: LIMIT / 1.3 })).toBeNull();
    expect(
      scatterLikelihood(
        twelve.map((run) => ({ ...run, requests: 0 })),
        AT,
      ),
    ).toBeNull();
    const odd = { intensity: 2 * LIMIT, requests: 5_000, seconds: 14, time: 9e9 };
    expect(scatterLikelihood([...twelve, odd], AT)).toEqual(scatterLikelihood(twelve, AT));
  });

  it('is told less of by few requests: their quantiles differ by chance', () => {
    const surest = (requests: number): number => {
      const told = scatterLikelihood(
        runs(0.005, 2).map((run) => ({ ...run, requests })),
        AT,
      )!;
      return told[0]! - told.at(-1)!;
    };
    expect(surest(5_000)).toBeGreaterThan(surest(100) + 2);
  });

  it.each([
    ['p99', [0.01]],
    ['p99', [0.001]],
    ['p95', [0.05]],
    ['p95', [0.1]],
    ['p50', [0.5]],
    ['p99', [0.5, 0.01]],
    ['p50', []],
    ['p50', [0.25]],
  ])('is told by the %s where objectives allow %j to take longer', (name, shares) => {
    const onErrors = { allowedShare: 0.5, latencySeconds: null };
    const clauses = [onErrors, ...shares.map((allowedShare) => ({ allowedShare, latencySeconds: 0.2 }))];
    expect(tellingQuantile(clauses).name).toBe(name);
  });
});

describe('a belief weighed by it', () => {
  const context = { allowedShare: 0.01, latencySeconds: 0.25, restSeconds: 0.05, refuses: false };
  const cells = loadCells({ ...context, ratePerSecond: LIMIT, horizonSeconds: 30 });
  const density = (x: number): number => Math.exp(-Math.abs(x - Math.log(LIMIT)) / 0.05);
  const belief = createBelief({ from: 5, to: 7, allowedShare: 0.01, density, cells });
  const expectedScatter = (some: Belief): number =>
    sumOf(some, (cell) => runScatter(cell, { ...TWELVE, ratePerSecond: LIMIT, horizonSeconds: 30 }));

  it('believes in cells that scatter as the runs did, adds up to one, and keeps what each cell says of the limit', () => {
    const steady = weighedBelief(belief, null, scatterLikelihood(runs(0.005, 3), AT));
    const restless = weighedBelief(belief, null, scatterLikelihood(runs(0.08, 3), AT));
    expect(expectedScatter(steady)).toBeLessThan(expectedScatter(belief));
    expect(expectedScatter(restless)).toBeGreaterThan(1.5 * expectedScatter(steady));
    expect(marginal(restless).reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
    const { size } = belief;
    const first = restless.mass.subarray(0, size).map((one, i) => one / belief.mass[i]!);
    expect(Math.max(...first) / Math.min(...first)).toBeCloseTo(1, 9);
  });

  it('is the same whether the runs came at once or one by one', () => {
    const some = scatterLikelihood(runs(0.03, 4, 6), AT)!;
    const all = scatterLikelihood(runs(0.03, 4), AT)!;
    const stepwise = weighedBelief(weighedBelief(belief, null, some), some, all).mass;
    const atOnce = weighedBelief(belief, null, all).mass;
    for (const [i, one] of stepwise.entries()) expect(one).toBeCloseTo(atOnce[i]!, 9);
  });
});

describe('a limit learned from results with response times', () => {
  const service = { limit: LIMIT, steepness: 40, scatter: 0.02 };
  const { results } = simulateSession({ axis: { ...RATE_AXIS }, service, seed: 5 });
  /** The same runs, as steady or as restless by their times. */
  const timed = (scatter: number): LearnedResult[] => {
    const random = createRandom(8);
    return results.map((one) => {
      const off = (random.next() + random.next() + random.next() + random.next() - 2) * Math.sqrt(3) * scatter;
      const times = { count: 5_000, ...timesOf(one.scenario.intensity, off) };
      const measurement = { responseTimeMs: times } as unknown as NonNullable<ScenarioResult['measurement']>;
      return { ...one, result: { ...one.result, measurement } };
    });
  };
  const width = (some: readonly LearnedResult[]): number => {
    const { low, high } = intervalOf(posteriorOf(learnerOf({ ...RATE_AXIS }, some).beliefs!));
    return high - low;
  };

  it('is surer where the times were steady than where they were restless', () => {
    expect(width(timed(0.09))).toBeGreaterThan(1.15 * width(timed(0.004)));
  });

  it('goes by the response time that its objective is about', () => {
    const restless = timed(0.09);
    const mixed = timed(0.004).map((one, i): LearnedResult => {
      const { p50, p95 } = restless[i]!.result.measurement!.responseTimeMs;
      const measurement = { responseTimeMs: { ...one.result.measurement!.responseTimeMs, p50, p95 } };
      return {
        ...one,
        result: { ...one.result, measurement: measurement as NonNullable<ScenarioResult['measurement']> },
      };
    });
    expect(width(mixed)).toBe(width(timed(0.004)));
  });

  it('begins the next session without what it learned of the scatter: it would add up, and no later session could undo it', () => {
    const next = (scatter: number): Belief[] => resumed({ ...RATE_AXIS }, timed(scatter)).beliefs!;
    const scatters = [0.004, 0.09].map((scatter) =>
      sumOf(next(scatter)[0]!, (cell) => runScatter(cell, { ...TWELVE, ratePerSecond: LIMIT, horizonSeconds: 30 })),
    );
    expect(scatters[0]! / scatters[1]!).toBeCloseTo(1, 1);
  });

  it('learns nothing from the times of runs in which the generator was late', () => {
    const late = timed(0.09).map((one) => ({
      ...one,
      result: { ...one.result, validity: { status: 'suspect' as const, reasons: [] } },
    }));
    expect(learnerOf({ ...RATE_AXIS }, late).steadiness).toBeNull();
  });

  it('is as sure as before without them', () => {
    const { steadiness, times } = learnerOf({ ...RATE_AXIS }, results);
    expect({ steadiness, times }).toEqual({ steadiness: null, times: [] });
  });
});
