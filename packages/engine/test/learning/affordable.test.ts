import { expect, it, describe } from 'vitest';
import { affordable, affordableNow, type Priced } from '../../src/learning/search/affordable.js';

const priced = (budgetPlace: number, seconds: number, leastSeconds = 60): Priced => ({
  budgetPlace,
  seconds,
  leastSeconds,
});
const places = (kept: readonly Priced[]): number[] => kept.map(({ budgetPlace }) => budgetPlace);
const three = [priced(3, 100), priced(1, 150), priced(2, 300)];

describe('what a budget is enough for', () => {
  it.each([
    [600, [1, 2, 3]],
    [449, [1, 3]],
    [249, [1]],
  ])('of %i s: what usually takes no longer, by its place', (budget, kept) => {
    expect(places(affordable(three, budget))).toEqual(kept);
  });

  it('is one kind however short it is', () => {
    expect(places(affordable(three, 1))).toEqual([1]);
    expect(affordable([], 100)).toEqual([]);
  });
});

describe('time that was not needed', () => {
  it.each([
    [59, []],
    [60, [2]],
    [1_000, [2, 3]],
  ])('of %i s goes to what was left out, less than usual too', (left, kept) => {
    expect(places(affordableNow([priced(3, 100), priced(2, 300)], left))).toEqual(kept);
  });
});
