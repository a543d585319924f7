import {
  CURVE_FACTORS,
  CURVE_FREEDOM,
  CURVE_POLES,
  CURVE_POWERS,
  CURVE_ROUNDS,
  LEAST_IDLE,
  POWER_HEIGHT,
  STEEPNESS_STEP,
} from '../weights-of-belief.js';

/** The curves by which response times rise with the load, and how one of them is fitted to what was seen. */

/** ln of a time at an intensity, less its level. */
export type Rise = (intensity: number) => number;

/** How a level fits the points. */
export interface Fit {
  level: number;
  levelSpread: number;
  /** ln of the likelihood of all points. */
  weight: number;
}

/**
 * Every curve that is tried, about where the limit is: ln(1 + b·g(x)), with g = ρᵐ ÷ (1 − ρ), ρ = x ÷ C (the mean wait of a queue, Kingman 1961; a
 * greater m for more servers, Sakasegawa 1977), or g = (x ÷ limit)ᵐ.
 */
export function risesFor(limit: number): Rise[] {
  return shapesFor(limit).flatMap((shape) =>
    CURVE_FACTORS.map(
      (b): Rise =>
        (x) =>
          Math.log1p(b * shape(x)),
    ),
  );
}

/**
 * Variance of ln of the quantile that a share s of n independent exponential times exceeds, times n: (1 − s) ÷ (s·ln² s), the delta method on the order
 * statistic.
 */
export function quantileVariance(share: number): number {
  return (1 - share) / (share * Math.log(share) ** 2);
}

/** By how much ln of the time rises for a unit of ln intensity. */
export function steepness(rise: Rise, intensity: number): number {
  return (rise(intensity * (1 + STEEPNESS_STEP)) - rise(intensity * (1 - STEEPNESS_STEP))) / (2 * STEEPNESS_STEP);
}

function shapesFor(limit: number): ((intensity: number) => number)[] {
  const queues = CURVE_POLES.flatMap((pole) =>
    CURVE_POWERS.map(
      (m) =>
        (x: number): number =>
          (x / limit) ** m / Math.max(LEAST_IDLE, 1 - x / limit / pole),
    ),
  );
  const powers = CURVE_POWERS.map(
    (m) =>
      (x: number): number =>
        POWER_HEIGHT * (x / limit) ** m,
  );
  return [...queues, ...powers];
}

/** The level that fits best, how sure it is, and ln of the likelihood of them all (as `weight`), by reweighted least squares. */
export function levelOf(levels: Float64Array, variances: Float64Array): Fit {
  let level = 0;
  let total = 0;
  // Products instead of sums of logarithms: this is the inner loop.
  let misfit = 1;
  let scale = 1;
  for (let round = 0; round < CURVE_ROUNDS; round += 1) {
    let weights = 0;
    let sum = 0;
    misfit = 1;
    scale = 1;
    for (let i = 0; i < levels.length; i += 1) {
      const variance = variances[i]!;
      const off = round === 0 ? 0 : levels[i]! - level;
      const excess = 1 + (off * off) / (CURVE_FREEDOM * variance);
      const weight = (1 + 1 / CURVE_FREEDOM) / (excess * variance);
      weights += weight;
      sum += weight * levels[i]!;
      misfit *= excess;
      scale *= variance;
    }
    level = sum / weights;
    total = weights;
  }
  const weight = -(Math.log(total) + Math.log(scale) + (CURVE_FREEDOM + 1) * Math.log(misfit)) / 2;
  return { level, levelSpread: 1 / Math.sqrt(total), weight };
}
