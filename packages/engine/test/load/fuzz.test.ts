import { describe, expect, it } from 'vitest';
import { compareParsers } from './fuzz.js';

describe('the parser against Node’s own', () => {
  it('reads alike what it accepts, and accepts nothing that Node refuses', () => {
    const { disagreements, accepted, stricter } = compareParsers(10_000, 1);
    expect(disagreements).toEqual([]);
    expect(accepted).toBeGreaterThan(2_000);
    expect(stricter).toBeLessThan(1_500);
  });
});
