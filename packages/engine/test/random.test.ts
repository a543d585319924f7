import { describe, expect, it } from 'vitest';
import { createRandom } from '../src/random.js';

describe('createRandom', () => {
  it('repeats a seed and tells seeds apart, also above 32 bits', () => {
    const draw = (seed: number): number[] => {
      const random = createRandom(seed);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(7)).not.toEqual(draw(7 + 2 ** 32));
  });

  it('is uniform and exponential in mean and spread', () => {
    const random = createRandom(1);
    let sum = 0;
    let exponentials = 0;
    const tenths = new Uint32Array(10);
    for (let draw = 0; draw < 100_000; draw++) {
      const value = random.next();
      sum += value;
      tenths[Math.floor(value * 10)]! += 1;
      exponentials += random.exponential();
    }
    expect(sum / 100_000).toBeCloseTo(0.5, 2);
    expect(exponentials / 100_000).toBeCloseTo(1, 1);
    // Chi-square with 9 degrees of freedom: 27.9 is its 99.9 % point.
    expect(tenths.reduce((chi, n) => chi + (n - 10_000) ** 2 / 10_000, 0)).toBeLessThan(27.9);
  });
});
