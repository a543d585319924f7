import { describe, expect, it } from 'vitest';
import { createBalance } from '../../src/load/balance.js';
import { createKeys } from '../../src/load/keys.js';
import { fraction } from '../../src/load/run.js';
import { WaitingLine } from '../../src/load/waiting-line.js';
import { createDraw } from '../../src/load/weights.js';
import { createRandom } from '../../src/random.js';

const counts = (draw: () => number, size: number, draws: number): number[] => {
  const seen = Array.from({ length: size }, () => 0);
  for (let index = 0; index < draws; index++) seen[draw()]! += 1;
  return seen;
};

describe('createKeys', () => {
  it('draws uniformly over all keys', () => {
    const draw = createKeys({ count: 10, distribution: 'uniform', exponent: 1 }, createRandom(1));
    const seen = counts(() => draw() - 1, 10, 50_000);
    for (const count of seen) expect(Math.abs(count - 5_000)).toBeLessThan(350);
  });

  it.each([0.7, 1, 1.5])('draws by Zipf with exponent %d', (exponent) => {
    const draw = createKeys({ count: 100, distribution: 'zipf', exponent }, createRandom(2));
    const seen = counts(() => draw() - 1, 100, 200_000);
    const total = seen.reduce((sum, _, index) => sum + (index + 1) ** -exponent, 0);
    for (const key of [1, 2, 3, 10, 50]) {
      const expected = (200_000 * key ** -exponent) / total;
      expect(Math.abs(seen[key - 1]! - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });

  it('knows a single key, and millions without a table', () => {
    const one = createKeys({ count: 1, distribution: 'zipf', exponent: 1 }, createRandom(3));
    expect(one()).toBe(1);
    const many = createKeys({ count: 50_000_000, distribution: 'zipf', exponent: 1.01 }, createRandom(3));
    for (let draw = 0; draw < 1_000; draw++) {
      const key = many();
      expect(Number.isInteger(key) && key >= 1 && key <= 50_000_000).toBe(true);
    }
  });
});

describe('createDraw', () => {
  it('follows the weights', () => {
    const seen = counts(createDraw([1, 3], createRandom(4)), 2, 40_000);
    expect(seen[1]! / 40_000).toBeCloseTo(0.75, 1);
    expect(createDraw([5], createRandom(4))()).toBe(0);
  });
});

describe('createBalance', () => {
  const nodes = [{ weight: 1 }, { weight: 2 }, { weight: 1 }];
  const loads = new Uint32Array(3);

  it('goes round by weight, smoothly', () => {
    const next = createBalance('round_robin', nodes, createRandom(5));
    const order = Array.from({ length: 8 }, () => next(loads));
    expect(order).toEqual([1, 0, 2, 1, 1, 0, 2, 1]);
  });

  it('takes the node with the fewest requests for its weight', () => {
    const next = createBalance('least_connections', nodes, createRandom(5));
    expect(next(Uint32Array.of(3, 4, 5))).toBe(1);
    expect(next(Uint32Array.of(0, 4, 5))).toBe(0);
    const turns = Array.from({ length: 3 }, () => next(Uint32Array.of(0, 0, 0)));
    expect(new Set(turns).size).toBe(3);
  });

  it('spreads source addresses by weight', () => {
    const next = createBalance('ip_hash', nodes, createRandom(5));
    const seen = counts(() => next(loads), 3, 40_000);
    expect(seen[1]! / 40_000).toBeGreaterThan(0.4);
    expect(seen[1]! / 40_000).toBeLessThan(0.6);
    expect(Math.min(...seen)).toBeGreaterThan(5_000);
  });
});

describe('WaitingLine', () => {
  it('keeps the order while it grows and turns round', () => {
    const line = new WaitingLine();
    const expected: number[] = [];
    let next = 0;
    for (let round = 0; round < 50; round++) {
      for (let push = 0; push < 9; push++) {
        expected.push(next);
        line.push(next, next % 7, next * 2);
        next += 1;
      }
      for (let shift = 0; shift < 5; shift++) {
        const head = expected.shift() as number;
        expect([line.headIntendedMs, line.headClass, line.headKey]).toEqual([head, head % 7, head * 2]);
        line.shift();
      }
    }
    expect(line.length).toBe(expected.length);
  });
});

describe('fraction', () => {
  it('adds up to the whole for any number of threads', () => {
    for (const whole of [0, 1, 7, 50, 1_000]) {
      for (const of of [1, 2, 3, 8]) {
        const shares = Array.from({ length: of }, (_, index) => fraction(whole, { index, of }));
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(whole);
      }
    }
  });
});
