import type { Belief } from './belief.js';
import { scatterOfRun, type Cell } from './cells.js';
import { levelOf, quantileVariance, risesFor, steepness } from './curves.js';
import {
  DISPERSION,
  STEADINESS_LEAST_RUNS,
  STEADINESS_MOST_RUNS,
  STEADINESS_NOISE,
  STEADINESS_SCATTERS,
  STEADINESS_SECONDS,
  STEADINESS_UP_TO,
  TELLING_QUANTILES,
} from '../weights-of-belief.js';

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

/**
 * Which response time tells how near its limit a run was: the one nearest to what the strictest objective on latency allows. What pauses do to the
 * slowest requests does not show in the median. Where no objective is on latency the median tells: the slowest may have run into the timeout.
 */
export function tellingQuantile(
  clauses: readonly { allowedShare: number; latencySeconds: number | null }[],
): (typeof TELLING_QUANTILES)[number] {
  const shares = clauses.flatMap(({ allowedShare, latencySeconds }) => (latencySeconds === null ? [] : [allowedShare]));
  const strictest = shares.length > 0 ? Math.min(...shares) : 1;
  return TELLING_QUANTILES.find(({ upTo }) => strictest <= upTo) ?? TELLING_QUANTILES[2];
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
    .filter(({ intensity, requests, time }) => intensity <= STEADINESS_UP_TO * limit && requests > 0 && time > 0)
    .slice(-STEADINESS_MOST_RUNS);
  if (used.length < STEADINESS_LEAST_RUNS) return null;
  const ofOne = DISPERSION * quantileVariance(share);
  const logs = used.map(({ time }) => Math.log(time));
  const levels = new Float64Array(used.length);
  const steeps = new Float64Array(used.length);
  const variances = new Float64Array(used.length);
  const curves = risesFor(limit).map((rise) => {
    for (const [i, { intensity, seconds }] of used.entries()) {
      levels[i] = logs[i]! - rise(intensity);
      steeps[i] = (steepness(rise, intensity) ** 2 * STEADINESS_SECONDS) / seconds;
    }
    return STEADINESS_SCATTERS.map((scatter) => {
      for (const [i, { requests }] of used.entries())
        variances[i] = STEADINESS_NOISE ** 2 + scatter ** 2 * steeps[i]! + ofOne / requests;
      return levelOf(levels, variances).weight;
    });
  });
  return STEADINESS_SCATTERS.map((_, k) => {
    const most = Math.max(...curves.map((weights) => weights[k]!));
    return most + Math.log(curves.reduce((sum, weights) => sum + Math.exp(weights[k]! - most), 0));
  });
}

/** The belief with its cells weighed by what is known about the scatter `now`, instead of by what was known `before`; null: nothing. */
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
  const scatter = scatterOfRun(cell, STEADINESS_SECONDS);
  const upper = STEADINESS_SCATTERS.findIndex((one) => one >= scatter);
  if (upper <= 0) return likelihood.at(upper)!;
  const [low, high] = [STEADINESS_SCATTERS[upper - 1]!, STEADINESS_SCATTERS[upper]!];
  const part = Math.log(scatter / low) / Math.log(high / low);
  return likelihood[upper - 1]! * (1 - part) + likelihood[upper]! * part;
}
