import { describe, expect, it } from 'vitest';
import { compareParsers } from './fuzz.js';

describe('the parser against Node’s own, at length', () => {
  it.each([11, 12, 13, 14, 15])('agrees on 40,000 answers, seed %d', (seed) => {
    expect(compareParsers(40_000, seed).disagreements).toEqual([]);
  });
});
