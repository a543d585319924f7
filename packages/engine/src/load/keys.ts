import type { RequestClass } from '@hive/contract';
import type { Random } from '../random.js';

/** Draws keys 1…count; with Zipf, key k with a chance proportional to 1/k^exponent. */
export function createKeys(keys: NonNullable<RequestClass['keys']>, random: Random): () => number {
  const { count, distribution, exponent } = keys;
  if (distribution === 'uniform') return () => 1 + random.integer(count);
  return zipf(count, exponent, random);
}

/** Rejection-inversion (Hörmann and Derflinger, 1996): constant time and memory for any number of keys. */
function zipf(count: number, exponent: number, random: Random): () => number {
  // H is an antiderivative of x^−s, written so that it does not cancel near s = 1.
  const antiderivative = (x: number): number => {
    const log = Math.log(x);
    return expm1Over((1 - exponent) * log) * log;
  };
  const inverse = (value: number): number => {
    const t = Math.max(-1, value * (1 - exponent));
    return Math.exp(log1pOver(t) * value);
  };
  const low = antiderivative(1.5) - 1;
  const high = antiderivative(count + 0.5);
  const squeeze = 2 - inverse(antiderivative(2.5) - 2 ** -exponent);
  return () => {
    for (;;) {
      const drawn = high + random.next() * (low - high);
      const x = inverse(drawn);
      const key = Math.min(count, Math.max(1, Math.round(x)));
      if (key - x <= squeeze || drawn >= antiderivative(key + 0.5) - key ** -exponent) return key;
    }
  };
}

function expm1Over(x: number): number {
  return Math.abs(x) > 1e-8 ? Math.expm1(x) / x : 1 + x / 2;
}

function log1pOver(x: number): number {
  return Math.abs(x) > 1e-8 ? Math.log1p(x) / x : 1 - x / 2;
}
