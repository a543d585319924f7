import { expect } from 'vitest';
import type { Load } from '../../src/measuring.js';
import { serviceTimes } from '../../src/practice/service-times.js';
import { createRandom } from '../../src/random.js';
import { startLoggingServer } from './logging-server.js';
import { bookkeeping, collect, constant, order } from './order.js';

const QUANTILES = ['p50', 'p90', 'p99'] as const;
const AT = { p50: 0.5, p90: 0.9, p99: 0.99 };
/** A share of the value and some ms: what a measured percentile may be off from the one in the server's log. */
const TOLERANCES = { p50: [0.01, 0.3], p90: [0.01, 0.3], p99: [0.05, 2] } as const;

const uniform = (): (() => number) => {
  const random = createRandom(11);
  return () => random.next();
};
/** Draws delays, ms. Both modes of the bimodal one lie well away from the percentiles that are compared. */
export const DELAYS: Record<string, () => () => number> = {
  constant: () => serviceTimes('constant', 10, uniform()),
  exponential: () => serviceTimes('exponential', 20, uniform()),
  bimodal: () => {
    const draw = uniform();
    return () => (draw() < 0.15 ? 50 : 10);
  },
  Pareto: () => serviceTimes('pareto', 15, uniform()),
};

interface Comparison {
  /** The generator's own verdict on the run. */
  status: 'valid' | 'suspect' | 'invalid';
  /** Measured less logged, ms. */
  differenceMs: Record<(typeof QUANTILES)[number], number>;
  allowedMs: Record<(typeof QUANTILES)[number], number>;
}

/**
 * Runs the same load this many times, or until what was compared is `enough`, against a server that waits as drawn, and compares each
 * percentile of the service times with that of the delays in the server's own log for the same requests.
 */
export async function comparePercentiles(
  load: Load,
  what: {
    distribution: string;
    runs: number;
    perSecond: number;
    durationMs: number;
    enough?: (comparisons: readonly Comparison[]) => boolean;
  },
): Promise<Comparison[]> {
  const { distribution, runs, perSecond, durationMs, enough = () => false } = what;
  const requests = (perSecond * durationMs) / 1_000;
  const draw = DELAYS[distribution]!();
  const server = await startLoggingServer({ delaysMs: Array.from({ length: requests }, () => draw()) });
  const comparisons: Comparison[] = [];
  try {
    while (comparisons.length < runs && !enough(comparisons)) {
      const arrivals = constant(perSecond, { maxConnections: 1_000, maxWaiting: 10_000 });
      const timing = { durationMs, timeoutMs: 10_000, graceMs: 10_000 };
      const { collector } = await collect(load, order(server.url, { arrivals, ...timing }));
      const { counts, serviceTimeMs } = collector.judged();
      const log = (await server.takeLog()).map(({ tookMs }) => tookMs).toSorted((one, other) => one - other);
      expect({ counts, logged: log.length }).toMatchObject({ counts: { good: requests }, logged: requests });
      expect(bookkeeping(collector)).toEqual([]);
      const comparison: Comparison = {
        status: collector.validity().status,
        differenceMs: { p50: 0, p90: 0, p99: 0 },
        allowedMs: { p50: 0, p90: 0, p99: 0 },
      };
      for (const quantile of QUANTILES) {
        const logged = log[Math.ceil(AT[quantile] * requests) - 1]!;
        const [share, ms] = TOLERANCES[quantile];
        comparison.differenceMs[quantile] = serviceTimeMs[quantile] - logged;
        comparison.allowedMs[quantile] = share * logged + ms;
      }
      comparisons.push(comparison);
    }
  } finally {
    await server.close();
  }
  return comparisons;
}

/** Whether for each percentile the n-th smallest difference of the runs is within the tolerance. */
export function isWithin(comparisons: readonly Comparison[], n: number): boolean {
  return QUANTILES.every((quantile) => ratios(comparisons, quantile)[n]! <= 1);
}

/** Expects what `isWithin` answers, and tells the differences otherwise. */
export function expectWithin(comparisons: readonly Comparison[], n: number): void {
  for (const quantile of QUANTILES) {
    const told = comparisons.map(({ differenceMs }) => differenceMs[quantile].toFixed(3)).join(', ');
    expect(ratios(comparisons, quantile)[n], `${quantile}: off by ${told} ms`).toBeLessThanOrEqual(1);
  }
}

function ratios(comparisons: readonly Comparison[], quantile: (typeof QUANTILES)[number]): number[] {
  return comparisons
    .map(({ differenceMs, allowedMs }) => Math.abs(differenceMs[quantile]) / allowedMs[quantile])
    .toSorted((one, other) => one - other);
}

/** What is measured from outside cannot be shorter than what the server itself took, but for the grains of clock and histogram. */
export function expectNotShorter(comparisons: readonly Comparison[]): void {
  for (const { differenceMs } of comparisons)
    for (const quantile of QUANTILES) expect(differenceMs[quantile]).toBeGreaterThan(-0.1);
}
