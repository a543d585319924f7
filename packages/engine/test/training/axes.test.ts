import { toTarget, type Kind } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { judgeCacheEfficiency } from '../../src/kinds/cache-efficiency/judge.js';
import type { Stretch } from '../../src/judging/facts.js';
import type { Axis, LearnedResult } from '../../src/learning/axis.js';
import type { Choice } from '../../src/learning/search/policy.js';
import { createRandom, type Random } from '../../src/random.js';
import { axesOf, POLICY } from '../../src/training/axes.js';
import { facts, stretch } from '../judging/measured.js';
import { simulateSession } from '../learning/simulated-session.js';

const target = toTarget(
  { url: 'http://127.0.0.1:1', requests: [{ path: '/items/{key}', keys: { count: 500, distribution: 'zipf' } }] },
  'shop',
);
const PLAN = { arrivals: { model: 'closed', connections: 8, thinkMs: 0 }, timeoutMs: 1_000, graceMs: 1_000 } as const;

describe('the working set of a cache', () => {
  /** Of keys by Zipf with exponent 1 the first 447 are kept: none is missed up to there, and what is missed beyond grows slowly. */
  const KEPT = 447;
  const READS = 4_750;
  const harmonic = (count: number): number => Math.log(count) + 0.5772;
  const missed = (keys: number): number => Math.max(0, 1 - harmonic(KEPT) / harmonic(keys));
  const truth = Math.exp(harmonic(KEPT) / 0.8 - 0.5772);

  /** Half seconds of reads, as their judge gets them. */
  function readsOf(keys: number, durationMs: number, random: Random): Stretch[] {
    const share = missed(keys * (1 + 0.02 * (random.next() - 0.5)));
    return Array.from({ length: durationMs / 500 }, (_, index) => {
      const noise = Math.sqrt(READS * share * (1 - share)) * 1.7 * (2 * random.next() - 1);
      const misses = Math.round(READS * share + noise);
      return stretch(READS, { seconds: 0.5, endMs: 500 * (index + 1), cache: { hits: READS - misses, misses } });
    });
  }

  it.each([1, 2, 3, 4, 5, 6])('is found to ±5 %% from what the judge says of some twenty runs, seed %d', (seed) => {
    const axes = axesOf(target, ['cache_efficiency']);
    const random = createRandom(seed);
    const results: LearnedResult[] = [];
    let choice: Choice;
    do {
      choice = POLICY.choose({ axes, results, history: new Map(), precision: 0.05, budgetLeftMs: 600_000 });
      if (choice.action !== 'probe') break;
      const { intensity, warmupMs, durationMs } = choice;
      const judged = judgeCacheEfficiency(facts({ stretches: readsOf(intensity, durationMs, random) }));
      results.push({
        sessionId: 'one',
        at: new Date(Date.UTC(2026, 0) + results.length * 10_000).toISOString(),
        scenario: {
          kind: 'cache_efficiency',
          intensity,
          objectives: target.objectives,
          base: { ratePerSecond: 20, connections: 20 },
          plan: { ...PLAN, warmupMs, durationMs },
        },
        result: {
          ...judged,
          validity: { status: 'valid', reasons: [] },
          executionSeconds: (warmupMs + durationMs) / 1_000,
        },
      });
    } while (results.length < 25);
    expect(results.reduce((sum, { result }) => sum + result.executionSeconds, 0)).toBeLessThan(200);
    expect(choice).toMatchObject({ action: 'finish', reason: 'measured the limit to ±5 %' });
    const { estimate } = POLICY.limit(axes[0] as Axis, results);
    expect(Math.abs(Math.log((estimate as number) / truth))).toBeLessThan(Math.log(1.05));
  });
});

describe('results from before', () => {
  const [hits] = axesOf(target, ['cache_efficiency']);
  if (hits === undefined) throw new Error('no axis');
  const { results } = simulateSession({
    axis: { ...hits, offeredPerSecond: () => 5_000 },
    service: { limit: 800, steepness: 2, scatter: 0.01 },
    seed: 1,
    budgetSeconds: 70,
  });

  it('teach nothing where they were judged by a clause that is none any more', () => {
    const [stricter] = axesOf({ ...target, budgets: { ...target.budgets, hitShare: 0.95 } }, ['cache_efficiency']);
    expect(POLICY.limit(hits, results).status).toBe('known');
    expect(POLICY.limit(stricter as Axis, results)).toMatchObject({ status: 'unknown', low: null });
  });

  it('do not hide that a kind cannot be judged', () => {
    const [axis] = axesOf({ ...target, objectives: ['throughput>=100'] }, ['load_balancing']);
    const chirps = ['first', 'second'].map((sessionId): LearnedResult => {
      const like = results[0] as LearnedResult;
      const evidence = { type: 'chirp' as const, onset: 400, restMs: [], blocks: [] };
      return {
        ...like,
        sessionId,
        scenario: { ...like.scenario, kind: 'load_balancing' },
        result: { ...like.result, verdict: 'failed', evidence },
      };
    });
    expect(POLICY.limit(axis as Axis, chirps)).toMatchObject({ status: 'not_applicable', low: null });
  });

  it('are not judged by blocks that a run was too short for', () => {
    const [axis] = axesOf({ ...target, objectives: ['p(99)<250 for 30s', 'rate<0.01'] }, ['load_balancing']);
    expect(axis?.leastMs).toBe(30_000);
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
  const climbing = results.slice(0, 3);
  const known = POLICY.limit(axis, results);
  const undecided = (intensity: number, more: Partial<LearnedResult> = {}): LearnedResult => {
    const last = results.at(-1) as LearnedResult;
    return {
      ...last,
      scenario: { ...last.scenario, intensity },
      result: { ...last.result, verdict: 'undecided', evidence: null, reason: 'it had not settled' },
      ...more,
    };
  };
  const times = (count: number, intensity: number): LearnedResult[] =>
    Array.from({ length: count }, () => undecided(intensity));
  const choose = (session: readonly LearnedResult[], history: readonly LearnedResult[] = []) =>
    POLICY.choose({
      axes: [axis],
      results: session,
      history: new Map([[axis.kind, history]]),
      precision: 0.01,
      budgetLeftMs: 600_000,
    });

  it('is no end, and takes nothing from what is known', () => {
    expect(known.status).toBe('known');
    const after = POLICY.limit(axis, [...results, undecided(790)]);
    expect([after.low, after.high, after.reason]).toEqual([known.low, known.high, known.reason]);
    expect(choose([...results, ...times(2, 790)])).toMatchObject({ action: 'probe' });
  });

  it('is no end of a climb, wherever it comes', () => {
    expect(climbing.every(({ result }) => result.verdict === 'passed')).toBe(true);
    expect(choose([...climbing, undecided(1e6)])).toMatchObject({ action: 'probe' });
  });

  it('as the first of a later session leaves what earlier ones knew', () => {
    const later = undecided(790, { sessionId: 'later' });
    expect(POLICY.limit(axis, [...results, later])).toMatchObject({
      status: 'known',
      estimate: expect.closeTo(known.estimate as number, -1) as number,
    });
    expect(choose([later], results)).toMatchObject({ action: 'probe' });
  });

  it('is the end when it comes for the third time in a row, and the limit says so', () => {
    expect(choose([...results, ...times(3, 790)])).toMatchObject({ action: 'finish', reason: 'it had not settled' });
    const after = POLICY.limit(axis, [...results, ...times(3, 790)]);
    expect(after).toMatchObject({ status: 'known', low: known.low, reason: 'it had not settled' });
    const apart = [...results, ...times(2, 790), results.at(-1) as LearnedResult, undecided(790)];
    expect(choose(apart)).toMatchObject({ action: 'probe' });
  });

  it('takes back no failure: what was below stays below, and what was not monotone too', () => {
    const failing = (intensity: number): LearnedResult => {
      const like = results.find(({ result }) => result.verdict === 'failed') as LearnedResult;
      return { ...like, scenario: { ...like.scenario, intensity } };
    };
    const below = [40, 20, 10].map(failing);
    expect(POLICY.limit(axis, below)).toMatchObject({ status: 'below', high: 10 });
    expect(POLICY.limit(axis, [...below, ...times(3, 5)])).toMatchObject({ status: 'below', high: 10 });
  });

  it('leaves "at least" as it was, though a later session holds nothing', () => {
    const held = climbing.map((one) => ({ ...one, sessionId: 'earlier' }));
    const low = POLICY.limit(axis, held).low;
    expect(POLICY.limit(axis, held).status).toBe('at_least');
    const later = Array.from({ length: 3 }, () => undecided(790, { sessionId: 'later' }));
    expect(POLICY.limit(axis, [...held, ...later])).toMatchObject({ status: 'at_least', low });
  });

  it('is the end at once where runs cannot be shortened', () => {
    const long: Axis = { ...axis, fixedMs: () => 90_000 };
    const situation = { history: new Map(), precision: 0.01, budgetLeftMs: 600_000 };
    expect(POLICY.choose({ ...situation, axes: [long], results: [...climbing, undecided(800)] })).toMatchObject({
      action: 'finish',
      reason: 'it had not settled',
    });
  });

  it('is the end where it never came to its load: at least what held', () => {
    const one = undecided(1e6);
    const never = { ...one, result: { ...one.result, measurement: null } };
    expect(choose([...climbing, never])).toMatchObject({ action: 'finish', reason: 'it had not settled' });
    const held = climbing.at(-1)?.scenario.intensity;
    expect(POLICY.limit(axis, [...climbing, never])).toMatchObject({ status: 'at_least', low: held });
  });
});

describe('a clause about every block of so long', () => {
  it('makes no run longer that is not judged by it', () => {
    const patient = { ...target, objectives: ['p(99)<250 for 60s'] };
    const leastOf = (kind: Kind): number | undefined => axesOf(patient, [kind])[0]?.leastMs;
    expect(leastOf('load_balancing')).toBe(60_000);
    expect([leastOf('cache_efficiency'), leastOf('data_processing')]).toEqual([6_000, 0]);
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
      reason: expect.stringMatching(/^the budget is used up: another run takes \d+ s$/) as string,
    });
    const axes = axesOf(target, ['cache_efficiency', 'concurrent_requests']);
    expect(POLICY.choose({ ...situation, axes })).toMatchObject({ action: 'probe', kind: 'concurrent_requests' });
  });
});
