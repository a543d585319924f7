import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/random.js';
import { DISTRIBUTIONS, serviceTimes } from '../../src/practice/service-times.js';

const draw = (distribution: (typeof DISTRIBUTIONS)[number], seed: number, count: number): number[] => {
  const random = createRandom(seed);
  const next = serviceTimes(distribution, 20, () => random.next());
  return Array.from({ length: count }, next);
};

describe('serviceTimes', () => {
  it.each([
    ['constant', 0],
    ['exponential', 1],
    ['lognormal', 1.31],
    ['bimodal', 1.5],
    ['pareto', 0.89],
  ] as const)('%s has the mean it is given and a coefficient of variation of %d', (distribution, variation) => {
    const times = draw(distribution, 5, 400_000);
    const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
    const deviation = Math.sqrt(times.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / times.length);
    expect(mean / 20).toBeGreaterThan(0.98);
    expect(mean / 20).toBeLessThan(1.02);
    // The variance of a Pareto tail converges too slowly to be held tightly.
    expect(Math.abs(deviation / mean - variation)).toBeLessThan(distribution === 'pareto' ? 0.3 : 0.05);
    expect(Math.min(...times.slice(0, 10_000))).toBeGreaterThan(0);
  });

  it.each(DISTRIBUTIONS)('%s repeats itself with the same seed', (distribution) => {
    expect(draw(distribution, 9, 50)).toEqual(draw(distribution, 9, 50));
  });
});
