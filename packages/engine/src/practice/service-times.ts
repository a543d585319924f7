export const DISTRIBUTIONS = ['constant', 'exponential', 'lognormal', 'bimodal', 'pareto'] as const;
export type Distribution = (typeof DISTRIBUTIONS)[number];

/** σ of the logarithm; the coefficient of variation is √(e^σ² − 1) ≈ 1.31. */
const LOGNORMAL_SIGMA = 1;
/** One request in ten is slow: 0.9 × 0.5 + 0.1 × 5.5 = 1. */
const BIMODAL = { slowShare: 0.1, fast: 0.5, slow: 5.5 };
/** Shape α; above 2 the variance is finite: coefficient of variation 1 ÷ √(α(α − 2)) ≈ 0.89. */
const PARETO_SHAPE = 2.5;

/** Draws one service time in ms; every distribution has the mean `meanMs`. `uniform` yields numbers in [0, 1). */
export function serviceTimes(distribution: Distribution, meanMs: number, uniform: () => number): () => number {
  const open = (): number => 1 - uniform();
  switch (distribution) {
    case 'constant':
      return () => meanMs;
    case 'exponential':
      return () => -meanMs * Math.log(open());
    case 'lognormal':
      return () => meanMs * Math.exp(LOGNORMAL_SIGMA * normal(open, uniform) - LOGNORMAL_SIGMA ** 2 / 2);
    case 'bimodal':
      return () => meanMs * (uniform() < BIMODAL.slowShare ? BIMODAL.slow : BIMODAL.fast);
    case 'pareto':
      return () => (meanMs * (PARETO_SHAPE - 1)) / PARETO_SHAPE / open() ** (1 / PARETO_SHAPE);
  }
}

/** A standard normal draw (Box and Muller, 1958). */
function normal(open: () => number, uniform: () => number): number {
  return Math.sqrt(-2 * Math.log(open())) * Math.cos(2 * Math.PI * uniform());
}
