import type { OwnLimit } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { compareLimits } from '../../src/comparing/own-limits.js';

/** A limit of ±5 %. */
function own(estimate: number, more: Partial<OwnLimit> = {}): OwnLimit {
  const ends = { low: estimate * 0.95, high: estimate / 0.95 };
  return { status: 'known', estimate, ...ends, band: null, safe: null, seconds: 140, scenarios: 9, ...more };
}

const atLeast = (low: number): OwnLimit => own(low, { status: 'at_least', estimate: null, low, high: null });
const below = (high: number): OwnLimit => own(high, { status: 'below', estimate: null, low: null, high });
const varies = (low: number): OwnLimit =>
  own(1.5 * low, {
    status: 'unsteady',
    band: [low, 2 * low],
    bandEnds: [
      [0.95 * low, low / 0.95],
      [1.9 * low, 2.1 * low],
    ],
  });

function answer(base: OwnLimit, candidate: OwnLimit, scatter?: number) {
  const rules = { tolerance: 0.1, ...(scatter === undefined ? {} : { scatter }) };
  return compareLimits({ kind: 'load_balancing', unit: 'requests/s', base, candidate }, rules);
}

describe('limits compared by what each session found by itself', () => {
  it.each([
    ['a fifth lower', own(400), own(320), 'worse'],
    ['a fifth higher', own(400), own(480), 'better'],
    ['hardly lower: two intervals of ±5 % do not exclude a tenth', own(400), own(390), 'no_evidence'],
    ['at least more than the other can be', own(400), atLeast(600), 'better'],
    ['at least what the other has', own(400), atLeast(390), 'no_evidence'],
    ['below all that held before', atLeast(500), below(300), 'worse'],
    ['a varying one, by the low end of its band', varies(300), varies(200), 'worse'],
    ['a varying one beside a steady one', own(400), varies(300), 'worse'],
    ['none', own(400), own(400, { status: 'unknown', estimate: null, low: null, high: null }), 'not_comparable'],
  ])('%s', (_, base, candidate, expected) => {
    expect(answer(base, candidate).answer).toBe(expected);
  });

  it('are the same where the scatter between sessions is small and both are sharp', () => {
    const sharp = (estimate: number): OwnLimit => own(estimate, { low: estimate * 0.99, high: estimate / 0.99 });
    expect(answer(sharp(400), sharp(402), 0).answer).toBe('same');
    expect(answer(sharp(400), sharp(402), 0.1).answer).toBe('no_evidence');
  });

  it('say how far they lie apart, with the scatter between sessions in the interval', () => {
    const { ratio, low, high } = answer(own(400), own(320));
    expect(ratio).toBeCloseTo(0.8, 9);
    // ±5 % is a standard error of 2.6 % on each side, and 3 % of scatter on each: 5.7 % in all.
    expect([low, high].map((end) => Number(end!.toFixed(2)))).toEqual([0.72, 0.89]);
  });
});
