import { describe, expect, it } from 'vitest';
import { errorBudget, failedShare } from '../../src/checks/error-budget.js';

const counts = (
  pass: number,
  fail: number,
  more: { degraded?: number; under_load?: number; invalid?: number } = {},
) => ({
  pass,
  fail,
  degraded: 0,
  under_load: 0,
  invalid: 0,
  ...more,
});
const objectives = ['p(99)<250', 'rate<0.01'];

describe('the error budget of a target', () => {
  it('is what its objective allows, less what failed', () => {
    const budget = errorBudget({ objectives, counts: counts(995, 5), recent: ['pass', 'pass'] });
    expect(budget).toMatchObject({ objective: 'rate<0.01', allowedShare: 0.01, burnRate: 0 });
    expect(budget?.leftShare).toBeCloseTo(0.5);
  });

  it('is overspent where more failed than is allowed', () => {
    expect(errorBudget({ objectives, counts: counts(97, 3), recent: [] })?.leftShare).toBeCloseTo(-2);
  });

  it('is spent as fast as checks fail now: 1 spends just all of it', () => {
    const burnOf = (recent: Parameters<typeof errorBudget>[0]['recent']) =>
      errorBudget({ objectives, counts: counts(1_000, 0), recent })?.burnRate;
    expect(burnOf([...Array.from({ length: 99 }, () => 'pass' as const), 'fail'])).toBeCloseTo(1);
    expect(burnOf(['fail', 'degraded', 'under_load', 'invalid'])).toBeCloseTo(50);
    expect(burnOf([])).toBeNull();
    expect(burnOf(['under_load'])).toBeNull();
  });

  it('follows the strictest objective about all requests', () => {
    const of = (...written: string[]) =>
      errorBudget({ objectives: written, counts: counts(10, 0), recent: [] })?.objective ?? null;
    expect(of('rate<0.05', 'rate<0.001', 'login:rate<0.0001')).toBe('rate<0.001');
    // What allows nothing, or says nothing about errors, has no budget; without objectives, the default ones hold.
    expect(of('rate==0')).toBeNull();
    expect(of('p(99)<250')).toBeNull();
    expect(of()).toBe('rate<0.01');
  });

  it('is not known where nothing usable was checked', () => {
    expect(errorBudget({ objectives, counts: counts(0, 0, { under_load: 9, invalid: 3 }), recent: [] })).toBeNull();
  });
});

it('what ran under load, and what could not be asked, counts for nothing', () => {
  expect(failedShare(counts(2, 1, { degraded: 1, under_load: 50, invalid: 50 }))).toBe(0.25);
});
