import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateSkew } from '../../src/importing/key-skew.js';
import { createRandom } from '../../src/random.js';

/** Counts by key of `total` draws from a Zipf distribution over `keys` keys; exponent 0 is uniform. */
function drawn({
  keys,
  exponent,
  total,
  seed,
}: {
  keys: number;
  exponent: number;
  total: number;
  seed: number;
}): number[] {
  const sums = new Float64Array(keys);
  let sum = 0;
  for (let key = 0; key < keys; key++) sums[key] = sum += (key + 1) ** -exponent;
  const random = createRandom(seed);
  const counts = new Map<number, number>();
  for (let draw = 0; draw < total; draw++) {
    const at = random.next() * sum;
    let [low, high] = [0, keys - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    counts.set(low, (counts.get(low) ?? 0) + 1);
  }
  return [...counts.values()];
}

describe('estimateSkew', () => {
  it.each([
    [0.6, 1_000, 50_000],
    [1, 500, 20_000],
    [1, 5_000, 100_000],
    [1.3, 2_000, 20_000],
    [2, 1_000, 20_000],
  ])('finds the exponent %d of %i keys in %i draws', (exponent, keys, total) => {
    for (const seed of [1, 2, 3]) {
      const skew = estimateSkew(drawn({ keys, exponent, total, seed }));
      expect(skew.distribution).toBe('zipf');
      expect(Math.abs((skew.distribution === 'zipf' ? skew.exponent : 0) - exponent)).toBeLessThan(0.1);
    }
  });

  it.each([
    [1_000, 50_000],
    [1_000, 2_000],
    [100_000, 2_000],
  ])('tells uniform draws from skewed ones: %i keys, %i draws', (keys, total) => {
    for (const seed of [1, 2, 3]) {
      expect(estimateSkew(drawn({ keys, exponent: 0, total, seed }))).toEqual({ distribution: 'uniform' });
    }
  });

  it('gives something that a target can have, for any counts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_000_000 }), { maxLength: 50 }), (counts) => {
        const skew = estimateSkew(counts);
        if (skew.distribution === 'zipf') {
          expect(skew.exponent).toBeGreaterThan(0);
          expect(skew.exponent).toBeLessThanOrEqual(4);
        }
      }),
    );
  });
});
