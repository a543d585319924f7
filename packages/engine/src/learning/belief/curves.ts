/** The curves by which response times rise with the load, and how one of them is fitted to what was seen. */

/** Rounds of reweighting. */
const ROUNDS = 4;
/** Degrees of freedom of the residuals: one odd run does not rule. */
const FREEDOM = 4;

/** Of a queue: how far above the limit its capacity lies, how late its wait begins to grow, and how long a wait is against the time at rest. */
const POLES = [1.005, 1.02, 1.05, 1.1, 1.2, 1.5, 2];
const POWERS = [1, 2, 4, 8];
const FACTORS = [0, 0.01, 0.04, 0.12, 0.3, 0.8, 2, 5];

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
    FACTORS.map(
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
  return (rise(intensity * 1.005) - rise(intensity * 0.995)) / 0.01;
}

function shapesFor(limit: number): ((intensity: number) => number)[] {
  const queues = POLES.flatMap((pole) =>
    POWERS.map(
      (m) =>
        (x: number): number =>
          (x / limit) ** m / Math.max(0.004, 1 - x / limit / pole),
    ),
  );
  const powers = POWERS.map(
    (m) =>
      (x: number): number =>
        8 * (x / limit) ** m,
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
  for (let round = 0; round < ROUNDS; round += 1) {
    let weights = 0;
    let sum = 0;
    misfit = 1;
    scale = 1;
    for (let i = 0; i < levels.length; i += 1) {
      const variance = variances[i]!;
      const off = round === 0 ? 0 : levels[i]! - level;
      const excess = 1 + (off * off) / (FREEDOM * variance);
      const weight = (1 + 1 / FREEDOM) / (excess * variance);
      weights += weight;
      sum += weight * levels[i]!;
      misfit *= excess;
      scale *= variance;
    }
    level = sum / weights;
    total = weights;
  }
  const weight = -(Math.log(total) + Math.log(scale) + (FREEDOM + 1) * Math.log(misfit)) / 2;
  return { level, levelSpread: 1 / Math.sqrt(total), weight };
}
