/** How often each of several keys was asked for, put as a distribution that a target can be given. */
export type KeySkew = { distribution: 'uniform' } | { distribution: 'zipf'; exponent: number };

const EXACT_TERMS = 1_000;
const LARGEST_EXPONENT = 4;
/** Below it a Zipf distribution is hardly told from a uniform one. */
const SMALLEST_EXPONENT = 0.15;

/**
 * The Zipf exponent under which two requests ask for the same key as often as was seen: Simpson's unbiased estimate of
 * Σ p² (Simpson, 1949), Σ n(n−1) ÷ (N(N−1)), is set equal to H(2s) ÷ H(s)², with H the generalised harmonic number over the
 * distinct keys. Unlike a line through ranks and counts it is not fooled by the order that chance gives to rare keys.
 */
export function estimateSkew(counts: Iterable<number>): KeySkew {
  let distinct = 0;
  let total = 0;
  let pairs = 0;
  for (const count of counts) {
    distinct += 1;
    total += count;
    pairs += count * (count - 1);
  }
  if (distinct < 2 || total < 2) return { distribution: 'uniform' };
  const wanted = pairs / (total * (total - 1));
  const exponent = Math.round(solve((s) => repeatChance(s, distinct), wanted) * 100) / 100;
  return exponent < SMALLEST_EXPONENT ? { distribution: 'uniform' } : { distribution: 'zipf', exponent };
}

/** The chance that two draws give the same key. */
function repeatChance(exponent: number, keys: number): number {
  return harmonic(2 * exponent, keys) / harmonic(exponent, keys) ** 2;
}

/** Σ k^−s for k = 1…n; past the first terms the midpoint integral stands in, with an error below 10⁻⁷ of the sum. */
function harmonic(exponent: number, n: number): number {
  const exact = Math.min(n, EXACT_TERMS);
  let sum = 0;
  for (let k = 1; k <= exact; k++) sum += k ** -exponent;
  if (n === exact) return sum;
  const [from, to] = [exact + 0.5, n + 0.5];
  if (Math.abs(exponent - 1) < 1e-9) return sum + Math.log(to / from);
  return sum + (to ** (1 - exponent) - from ** (1 - exponent)) / (1 - exponent);
}

/** Bisection for a function that grows. */
function solve(grows: (x: number) => number, wanted: number): number {
  let low = 0;
  let high = LARGEST_EXPONENT;
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (grows(middle) < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
