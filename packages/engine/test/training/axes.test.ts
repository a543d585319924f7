import { toTarget } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import type { LearnedResult } from '../../src/learning/policy.js';
import { axesOf, POLICY } from '../../src/training/axes.js';
import { simulateSession } from '../learning/simulated-session.js';

const target = toTarget(
  { url: 'http://127.0.0.1:1', requests: [{ path: '/items/{key}', keys: { count: 500, distribution: 'zipf' } }] },
  'shop',
);

describe('the working set of a cache', () => {
  /** Of keys by Zipf with exponent 1 the first 447 are kept: none is missed up to there, and what is missed beyond grows slowly. */
  const KEPT = 447;
  const harmonic = (count: number): number => Math.log(count) + 0.5772;
  const missed = (keys: number): number => Math.max(0, 1 - harmonic(KEPT) / harmonic(keys));
  const truth = Math.exp(harmonic(KEPT) / 0.8 - 0.5772);

  it.each([1, 2, 3, 4, 5, 6])('is found to ±5 %% in two minutes of many reads, seed %d', (seed) => {
    const [axis] = axesOf(target, ['cache_efficiency']);
    if (axis === undefined) throw new Error('no axis');
    const service = { limit: truth, steepness: 1, scatter: 0.01, shape: missed };
    const fast = { ...axis, offeredPerSecond: () => 9_500 };
    const { limit, reason, seconds } = simulateSession({ axis: fast, service, seed });
    expect(reason).toBe('the limit is known to ±5 %');
    expect(seconds).toBeLessThan(200);
    expect(Math.abs(Math.log((limit.estimate as number) / truth))).toBeLessThan(0.06);
  });
});

describe('a run that cannot be judged', () => {
  const [axis] = axesOf(target, ['cache_efficiency']);
  if (axis === undefined) throw new Error('no axis');
  const service = { limit: 800, steepness: 2, scatter: 0.01 };
  const { results } = simulateSession({
    axis: { ...axis, offeredPerSecond: () => 5_000 },
    service,
    seed: 1,
    budgetSeconds: 70,
  });
  const last = results.at(-1);
  if (last === undefined) throw new Error('no result');
  const undecided = (intensity: number): LearnedResult => ({
    ...last,
    scenario: { ...last.scenario, intensity },
    result: { ...last.result, verdict: 'undecided', evidence: null, reason: 'it had not settled' },
  });
  const choose = (more: readonly LearnedResult[]) =>
    POLICY.choose({
      axes: [axis],
      results: [...results, ...more],
      history: new Map(),
      precision: 0.01,
      budgetLeftMs: 600_000,
    });

  it('among others that could be is no end, and takes nothing from what is known', () => {
    const before = POLICY.limit(axis, results);
    const after = POLICY.limit(axis, [...results, undecided(790)]);
    expect(before.status).toBe('known');
    expect([after.status, after.low, after.high]).toEqual([before.status, before.low, before.high]);
    expect(choose([undecided(790), undecided(790)])).toMatchObject({ action: 'probe' });
  });

  it('is the end when it comes for the third time', () => {
    const thrice = [1, 2, 3].map(() => undecided(790));
    expect(choose(thrice)).toMatchObject({ action: 'finish', reason: 'it had not settled' });
    expect(POLICY.limit(axis, [...results, ...thrice]).status).toBe('known');
  });

  it('is the end where nothing as hard could be', () => {
    expect(choose([undecided(1e6)])).toMatchObject({ action: 'finish', reason: 'it had not settled' });
    const climbing = results.slice(0, 3);
    const held = climbing.at(-1)?.scenario.intensity;
    expect(climbing.every(({ result }) => result.verdict === 'passed')).toBe(true);
    expect(POLICY.limit(axis, [...climbing, undecided(1e6)])).toMatchObject({ status: 'at_least', low: held });
  });
});

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
