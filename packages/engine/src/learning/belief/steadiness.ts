import type { Belief } from './belief.js';
import { scatterOfRun, type Cell } from './cells.js';
import { levelOf, quantileVariance, risesFor, steepness } from './curves.js';
import { DISPERSION } from './likelihood.js';

/** What the requests of one steady run took. */
export interface TimedRun {
  /** What was really offered. */
  intensity: number;
  requests: number;
  /** With the warm-up. */
  seconds: number;
  /** Of the quantile that tells; ms. */
  time: number;
}

/** Scatters of the limit of a run of so many seconds, ln; between them the likelihood is interpolated. */
const SCATTERS = [0.006, 0.01, 0.016, 0.025, 0.04, 0.06, 0.09, 0.13];
const SECONDS = 14;
/** With fewer runs every curve fits. */
const LEAST_RUNS = 4;
/** The newest are used: a target may change. */
const MOST_RUNS = 24;
/** Beyond the limit times grow with the length of the run. */
const UP_TO = 1.1;
/** Standard deviation of ln of a quantile from run to run, whatever the load. */
const FLAT = 0.05;
/** The quantiles by the share of requests that took longer, and up to which allowed share each tells. */
const QUANTILES = [
  { name: 'p99', share: 0.01, upTo: 0.02 },
  { name: 'p95', share: 0.05, upTo: 0.2 },
  { name: 'p50', share: 0.5, upTo: 1 },
] as const;

/**
 * Which response time tells how near its limit a run was: the one nearest to what the strictest objective on latency allows. What pauses do to the
 * slowest requests does not show in the median. Where no objective is on latency the median tells: the slowest may have run into the timeout.
 */
export function tellingQuantile(
  clauses: readonly { allowedShare: number; latencySeconds: number | null }[],
): (typeof QUANTILES)[number] {
  const shares = clauses.flatMap(({ allowedShare, latencySeconds }) => (latencySeconds === null ? [] : [allowedShare]));
  const strictest = shares.length > 0 ? Math.min(...shares) : 1;
  return QUANTILES.find(({ upTo }) => strictest <= upTo) ?? QUANTILES[2];
}

/**
 * ln of the likelihood of each scatter, up to a constant; null with too few runs.
 *
 * Whether a run holds says little about how much runs differ: it is one bit, and most runs below the limit have no bad request at all. But
 * the response times of every run show how near its limit it was: where the times rise by the factor e^s for a unit of ln load, a limit that
 * scatters by τ makes them scatter by s·τ. Which of the curves of curves.ts they rise by is not known, and all count.
 */
export function scatterLikelihood(
  runs: readonly TimedRun[],
  { limit, share }: { limit: number; share: number },
): number[] | null {
  const used = runs
    .filter(({ intensity, requests, time }) => intensity <= UP_TO * limit && requests > 0 && time > 0)
    .slice(-MOST_RUNS);
  if (used.length < LEAST_RUNS) return null;
  const ofOne = DISPERSION * quantileVariance(share);
  const logs = used.map(({ time }) => Math.log(time));
  const levels = new Float64Array(used.length);
  const steeps = new Float64Array(used.length);
  const variances = new Float64Array(used.length);
  const curves = risesFor(limit).map((rise) => {
    for (const [i, { intensity, seconds }] of used.entries()) {
      levels[i] = logs[i]! - rise(intensity);
      steeps[i] = (steepness(rise, intensity) ** 2 * SECONDS) / seconds;
    }
    return SCATTERS.map((scatter) => {
      for (const [i, { requests }] of used.entries())
        variances[i] = FLAT ** 2 + scatter ** 2 * steeps[i]! + ofOne / requests;
      return levelOf(levels, variances).weight;
    });
  });
  return SCATTERS.map((_, k) => {
    const most = Math.max(...curves.map((weights) => weights[k]!));
    return most + Math.log(curves.reduce((sum, weights) => sum + Math.exp(weights[k]! - most), 0));
  });
}

/** The belief with its cells weighed by what is known of the scatter `now`, instead of by what was known `before`; null: nothing. */
export function weighedBelief(belief: Belief, before: readonly number[] | null, now: readonly number[] | null): Belief {
  if (before === null && now === null) return belief;
  const { size, cells } = belief;
  const gains = cells.map((cell) => likelihoodAt(now, cell) - likelihoodAt(before, cell));
  const most = Math.max(...gains);
  const mass = belief.mass.map((own, i) => own * Math.exp(gains[Math.floor(i / size)]! - most));
  const sum = mass.reduce((total, own) => total + own, 0);
  return { ...belief, mass: mass.map((own) => own / sum) };
}

function likelihoodAt(likelihood: readonly number[] | null, cell: Cell): number {
  if (likelihood === null) return 0;
  const scatter = scatterOfRun(cell, SECONDS);
  const upper = SCATTERS.findIndex((one) => one >= scatter);
  if (upper <= 0) return likelihood.at(upper)!;
  const [low, high] = [SCATTERS[upper - 1]!, SCATTERS[upper]!];
  const part = Math.log(scatter / low) / Math.log(high / low);
  return likelihood[upper - 1]! * (1 - part) + likelihood[upper]! * part;
}
