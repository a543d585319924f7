import type { Belief } from './belief.js';
import { scatterOfRun, type Cell } from './cells.js';
import { levelOf, risesFor, steepness } from './curves.js';

/** What the requests of one steady run took. */
export interface TimedRun {
  /** What was really offered. */
  intensity: number;
  requests: number;
  /** With the warm-up. */
  seconds: number;
  /** ms */
  p50: number;
  /** ms; null far below the limit, where it may lie among other requests than near it. */
  p95: number | null;
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
/** Standard deviation of ln of a quantile from run to run, whatever the load, and of that of one request: √(variance ÷ requests). */
const FLAT = 0.05;
const VARIANCE = 1.5;

/**
 * ln of the likelihood of each scatter, up to a constant; null with too few runs.
 *
 * Whether a run holds says little about how much runs differ: it is one bit, and most runs below the limit have no bad request at all. But
 * the response times of every run show how near its limit it was: where the times rise by the factor e^s for a unit of ln load, a limit that
 * scatters by τ makes them scatter by s·τ. Which of the curves of latency.ts they rise by is not known, and all count.
 */
export function scatterLikelihood(runs: readonly TimedRun[], limit: number): number[] | null {
  const used = runs.filter(({ intensity }) => intensity <= UP_TO * limit).slice(-MOST_RUNS);
  const medians = likelihoodOf(
    used.map((run) => ({ ...run, time: run.p50 })),
    limit,
  );
  const tails = likelihoodOf(
    used.flatMap(({ p95, ...run }) => (p95 === null ? [] : [{ ...run, time: p95 }])),
    limit,
  );
  // Both tell of the same requests: half of each, as soon as both tell.
  return medians && tails ? medians.map((one, k) => (one + tails[k]!) / 2) : medians;
}

function likelihoodOf(
  runs: readonly (Omit<TimedRun, 'p50' | 'p95'> & { time: number })[],
  limit: number,
): number[] | null {
  const used = runs.filter(({ requests, time }) => requests > 0 && time > 0);
  if (used.length < LEAST_RUNS) return null;
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
        variances[i] = FLAT ** 2 + scatter ** 2 * steeps[i]! + VARIANCE / requests;
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
