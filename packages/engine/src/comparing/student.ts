const MOST_STEPS = 300;
const SMALL = 1e-300;
const PRECISE = 1e-14;

/**
 * The chance that Student's t with `freedom` degrees of freedom (> 0, not necessarily whole) is below `t`.
 * By the regularized incomplete beta function: Abramowitz & Stegun 26.7.1 and 26.5.8.
 */
export function studentBelow(t: number, freedom: number): number {
  if (t === 0) return 0.5;
  const tail = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** The value that Student's t with `freedom` degrees of freedom is below with chance `chance`, 0 < chance < 1. */
export function studentQuantile(chance: number, freedom: number): number {
  if (chance < 0.5) return -studentQuantile(1 - chance, freedom);
  let low = 0;
  let high = 1;
  while (studentBelow(high, freedom) < chance) high *= 2;
  for (let step = 0; step < 200 && high - low > PRECISE * high; step += 1) {
    const middle = (low + high) / 2;
    if (studentBelow(middle, freedom) < chance) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** I_x(a, b), by its continued fraction after Lentz (Press et al., Numerical Recipes, 6.4). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b));
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= MOST_STEPS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const step = d * c;
    value *= step;
    if (Math.abs(step - 1) < PRECISE) break;
  }
  return value;
}

function away(value: number): number {
  return Math.abs(value) < SMALL ? SMALL : value;
}

/** ln Γ(x) for x > 0, by Stirling's series from 10 up (Abramowitz & Stegun 6.1.41), to 1e-13. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z += 1) shift += Math.log(z);
  const w = 1 / (z * z);
  const series = (1 / 12 - w * (1 / 360 - w * (1 / 1_260 - w * (1 / 1_680 - w / 1_188)))) / z;
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - shift;
}
