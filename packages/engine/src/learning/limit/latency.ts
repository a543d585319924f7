import type { LatencyBand } from '@hive/contract';
import { levelOf, quantileVariance, risesFor, steepness, type Fit, type Rise } from '../belief/curves.js';
import { normalBelow } from '../belief/scale.js';
import {
  PREDICTED_BAND,
  PREDICTED_EXCESSES,
  PREDICTED_HALVINGS,
  PREDICTED_LEAST_POINTS,
  PREDICTED_MOST_POINTS,
  PREDICTED_NOISES,
  PREDICTED_REACH,
  PREDICTED_UP_TO,
  PREDICTED_WANDERINGS,
  LONGER_SHARES,
  NEGLIGIBLE_CURVE,
} from '../weights-of-belief.js';

/** Response-time quantiles of some requests sent at one intensity, ms. */
export interface LatencyPoint {
  intensity: number;
  requests: number;
  p50: number;
  p95: number;
  p99: number;
}

/** What the requests of a run will take. */
export interface PredictedLatency {
  p50: LatencyBand;
  p95: LatencyBand;
  p99: LatencyBand;
  /** The intensity lies outside what was tried. */
  extrapolated: boolean;
}

/** A run whose response times are asked for. */
export interface AskedRun {
  intensity: number;
  requests: number;
}

const QUANTILES = ['p50', 'p95', 'p99'] as const;
type Quantile = (typeof QUANTILES)[number];

/** Variances: from run to run of the time itself (flat) and of the capacity (wandering), and how often that of independent times (excess). */
const SCATTERS = PREDICTED_NOISES.flatMap((flat) =>
  PREDICTED_WANDERINGS.flatMap((wandering) =>
    PREDICTED_EXCESSES.map((excess) => ({ flat: flat ** 2, wandering: wandering ** 2, excess: excess ** 2 })),
  ),
);

/** One curve with one kind of scatter: what ln of the time is at an intensity, and how sure. */
interface Curve extends Fit {
  rise: Rise;
  spread(run: AskedRun): number;
}

/**
 * Predicts the response times of runs, from what was seen at several intensities and about where the limit is; null with too few points.
 *
 * Every curve of curves.ts, each with several kinds of scatter, is weighed by its likelihood. The band is that of their mixture: where the points
 * leave the curves apart, it is wide.
 */
export function latencyCurve(
  points: readonly LatencyPoint[],
  limit: number,
): ((run: AskedRun) => PredictedLatency) | null {
  const used = points
    .filter(({ intensity, requests }) => requests > 0 && intensity <= PREDICTED_UP_TO * limit)
    .slice(-PREDICTED_MOST_POINTS);
  if (used.length < PREDICTED_LEAST_POINTS) return null;
  const intensities = used.map(({ intensity }) => intensity);
  const [least, most] = [Math.min(...intensities), Math.max(...intensities)];
  const curves = QUANTILES.map((quantile) => probable(curvesOf(used, limit, quantile)));
  return (run) => {
    const [p50, p95, p99] = ascending(curves.map((some) => bandOf(some, run)));
    return { p50: p50!, p95: p95!, p99: p99!, extrapolated: run.intensity < least || run.intensity > most };
  };
}

function curvesOf(used: readonly LatencyPoint[], limit: number, quantile: Quantile): Curve[] {
  const ofOne = quantileVariance(LONGER_SHARES[quantile]);
  const counting = ({ requests }: AskedRun): number => ofOne / Math.max(1, requests);
  const logs = used.map((point) => Math.log(Math.max(point[quantile], 1e-6)));
  const counted = used.map(counting);
  const levels = new Float64Array(used.length);
  const steeps = new Float64Array(used.length);
  const variances = new Float64Array(used.length);
  const curves: Curve[] = [];
  let best = -Infinity;
  for (const rise of risesFor(limit)) {
    for (const [i, { intensity }] of used.entries()) {
      levels[i] = logs[i]! - rise(intensity);
      steeps[i] = steepness(rise, intensity) ** 2;
    }
    for (const { flat, wandering, excess } of SCATTERS) {
      for (let i = 0; i < variances.length; i += 1) variances[i] = flat + wandering * steeps[i]! + excess * counted[i]!;
      const fit = levelOf(levels, variances);
      best = Math.max(best, fit.weight);
      if (fit.weight < best + Math.log(NEGLIGIBLE_CURVE)) continue;
      const spread = (run: AskedRun): number =>
        Math.sqrt(flat + wandering * steepness(rise, run.intensity) ** 2 + excess * counting(run));
      curves.push({ ...fit, rise, spread });
    }
  }
  return curves;
}

/** The curves that count, their weights no longer logarithms and adding up to 1. */
function probable(curves: readonly Curve[]): Curve[] {
  const best = curves.reduce((most, { weight }) => Math.max(most, weight), -Infinity);
  const kept = curves
    .map((curve) => ({ ...curve, weight: Math.exp(curve.weight - best) }))
    .filter(({ weight }) => weight > NEGLIGIBLE_CURVE);
  const sum = kept.reduce((all, { weight }) => all + weight, 0);
  return kept.map((curve) => ({ ...curve, weight: curve.weight / sum }));
}

function bandOf(curves: readonly Curve[], run: AskedRun): LatencyBand {
  const parts = curves.map(({ weight, level, levelSpread, rise, spread }) => ({
    weight,
    mean: level + rise(run.intensity),
    spread: Math.hypot(levelSpread, spread(run)),
  }));
  const from = Math.min(...parts.map(({ mean, spread }) => mean - PREDICTED_REACH * spread));
  const to = Math.max(...parts.map(({ mean, spread }) => mean + PREDICTED_REACH * spread));
  const at = (chance: number): number => {
    let [low, high] = [from, to];
    for (let i = 0; i < PREDICTED_HALVINGS; i += 1) {
      const middle = (low + high) / 2;
      const below = parts.reduce(
        (sum, { weight, mean, spread }) => sum + weight * normalBelow((middle - mean) / spread),
        0,
      );
      if (below < chance) low = middle;
      else high = middle;
    }
    return Math.exp(low);
  };
  return { estimate: at(0.5), low: at((1 - PREDICTED_BAND) / 2), high: at((1 + PREDICTED_BAND) / 2) };
}

/** A higher quantile is never below a lower one. */
function ascending(bands: readonly LatencyBand[]): LatencyBand[] {
  return bands.map((_, i) => {
    const upTo = bands.slice(0, i + 1);
    return {
      estimate: Math.max(...upTo.map(({ estimate }) => estimate)),
      low: Math.max(...upTo.map(({ low }) => low)),
      high: Math.max(...upTo.map(({ high }) => high)),
    };
  });
}
