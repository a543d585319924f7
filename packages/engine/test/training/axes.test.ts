import { toTarget } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { axesOf, POLICY } from '../../src/training/axes.js';

const target = toTarget(
  { url: 'http://127.0.0.1:1', requests: [{ path: '/items/{key}', keys: { count: 500, distribution: 'zipf' } }] },
  'shop',
);

describe('the first steps of a search', () => {
  it.each([
    ['concurrent_requests', 2_000],
    // Two windows of 2 s must agree, or its judge can say nothing.
    ['cache_efficiency', 6_000],
  ] as const)('of %s are judged for %d ms', (kind, durationMs) => {
    const axes = axesOf(target, [kind]);
    const situation = { axes, results: [], history: new Map(), precision: 0.05 };
    expect(POLICY.choose({ ...situation, budgetLeftMs: 60_000 })).toMatchObject({ action: 'probe', kind, durationMs });
  });

  it('are not begun when they are longer than what is left; a kind whose step is shorter is', () => {
    const situation = { results: [], history: new Map(), precision: 0.05, budgetLeftMs: 5_000 };
    expect(POLICY.choose({ ...situation, axes: axesOf(target, ['cache_efficiency']) })).toMatchObject({
      action: 'finish',
      reason: 'the budget is spent',
    });
    const axes = axesOf(target, ['cache_efficiency', 'concurrent_requests']);
    expect(POLICY.choose({ ...situation, axes })).toMatchObject({ action: 'probe', kind: 'concurrent_requests' });
  });
});
