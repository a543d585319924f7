import { KINDS, toTarget, type HiveError, type TargetInput } from '@hive/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LearnedResult } from '../../src/learning/axis.js';
import { checkBudget } from '../../src/training/planning/check-budget.js';
import { planSession } from '../../src/training/planning/plan.js';
import { session, target } from './virtual-session.js';

const AT = Date.parse('2026-01-01T00:00:00Z');
const plan = (from: Partial<Parameters<typeof planSession>[0]> = {}) =>
  planSession({ target, kinds: ['load_balancing'], budgetSeconds: 240, history: [], atMs: AT, ...from });
const withSafety = (safety: TargetInput['safety'], more: Partial<TargetInput> = {}) =>
  toTarget({ url: 'http://127.0.0.1:1', safety, ...more }, 'shop');

describe('the plan of a target that was never measured', () => {
  it('has the request rate in two to three minutes, and says what it takes at most', () => {
    const { fits, leftOut, allSeconds } = plan();
    expect(fits).toHaveLength(1);
    const [rate] = fits;
    expect(rate).toMatchObject({ kind: 'load_balancing', unit: 'requests/s', highest: 10_000, atMost: true });
    expect(rate!.seconds).toBeGreaterThan(120);
    expect(rate!.seconds).toBeLessThan(180);
    expect(rate!.requests).toBeLessThan(rate!.seconds * 10_000);
    expect(rate!.expectedFailures).toBeLessThan(rate!.requests / 10);
    expect(rate!.secondsAboveLimit).toBeLessThan(rate!.seconds / 2);
    expect(leftOut).toEqual([]);
    expect(allSeconds).toBeGreaterThan(2 * rate!.seconds);
  });

  it('leaves out what does not fit, with what would do, and what does not apply', () => {
    const { fits, leftOut } = plan({ kinds: ['load_balancing', 'concurrent_requests', 'cache_efficiency'] });
    expect(fits.map(({ kind }) => kind)).toEqual(['load_balancing']);
    expect(leftOut).toEqual([
      {
        kind: 'concurrent_requests',
        seconds: expect.any(Number) as number,
        reason: expect.stringMatching(/too short for it beside request rate: --budget 5m is enough for both/) as string,
      },
      { kind: 'cache_efficiency', seconds: null, reason: expect.stringContaining('no request has keys') as string },
    ]);
    const seconds = 60 * 5;
    expect(plan({ kinds: ['load_balancing', 'concurrent_requests'], budgetSeconds: seconds }).leftOut).toEqual([]);
  });

  it('leaves a soak its time', () => {
    const both = { kinds: ['load_balancing', 'concurrent_requests'] as const, budgetSeconds: 400 };
    expect(plan(both).fits).toHaveLength(2);
    expect(plan({ ...both, holdSeconds: 120 }).fits).toHaveLength(1);
    expect(plan({ ...both, holdSeconds: 120 }).leftOut[0]?.reason).toContain('--budget 7m');
  });

  it('goes no higher than the caps of the target', () => {
    const capped = withSafety({ maxRatePerSecond: 300, maxConnections: 30 });
    const { fits } = plan({ target: capped, kinds: ['load_balancing', 'concurrent_requests'], budgetSeconds: 600 });
    expect(fits.map(({ highest }) => highest)).toEqual([300, 30]);
    for (const { requests, seconds } of fits) expect(requests).toBeLessThanOrEqual(300 * seconds);
  });

  it('prices every kind that applies', () => {
    const whole = withSafety(
      { maxRatePerSecond: 1_000 },
      {
        watch: { pid: 1 },
        tenants: true,
        requests: [
          { name: 'body', path: '/{bytes}', payload: 'download' },
          { name: 'keyed', path: '/{key}', keys: { count: 10 } },
        ],
      },
    );
    const { fits, leftOut, allSeconds } = plan({ target: whole, kinds: KINDS, budgetSeconds: 3_600 });
    expect(leftOut).toEqual([]);
    expect(fits).toHaveLength(KINDS.length);
    expect(Math.abs(fits.reduce((sum, { seconds }) => sum + seconds, 0) - allSeconds)).toBeLessThan(KINDS.length);
    for (const { seconds, requests } of fits) expect(requests / seconds).toBeLessThanOrEqual(1_100);
  });
});

/** Several tests look at it. */
let usual: Awaited<ReturnType<typeof session>>;
beforeAll(async () => {
  usual = await session({ limit: 400 });
});

describe('the plan of a target that was measured', () => {
  let history: LearnedResult[];
  beforeAll(() => {
    const { events } = usual;
    history = events.flatMap((event) =>
      event.type === 'scenario_completed'
        ? [{ sessionId: 's', scenario: event.scenario, result: event.result, at: new Date(AT).toISOString() }]
        : [],
    );
  });

  it('only checks the limit, a little above it', () => {
    const [rate] = plan({ history }).fits;
    expect(rate).toMatchObject({ atMost: false });
    expect(rate!.seconds).toBeLessThan(60);
    expect(rate!.highest).toBeGreaterThan(400);
    expect(rate!.highest).toBeLessThan(500);
    expect(rate!.requests).toBeLessThan(500 * rate!.seconds);
  });

  it('shows both ends again after a week', () => {
    const [rate] = plan({ history, atMs: AT + 8 * 86_400_000 }).fits;
    expect(rate!.seconds).toBeGreaterThan(120);
    expect(rate!.highest).toBeLessThan(500);
  });
});

describe('the plan of a session', () => {
  it('is the plan that was shown before it, then what is left', () => {
    const { events } = usual;
    const plans = events.flatMap((event) => (event.type === 'planned' ? [event.plan] : []));
    expect(plans[0]).toEqual({ ...plan({ budgetSeconds: plans[0]!.budgetSeconds }) });
    // The ramp has shown the rate.
    expect(plans[1]!.fits[0]).toMatchObject({ kind: 'load_balancing', atMost: false });
    expect(plans[1]!.fits[0]!.highest).toBeLessThan(1_000);
  });

  it('gives time that a kind did not need to one that was left out', async () => {
    const capped = withSafety({ maxRatePerSecond: 100 });
    const { events, ended } = await session(
      { limit: 400 },
      { target: capped, kinds: ['load_balancing', 'concurrent_requests'], budgetMs: 240_000 },
    );
    const plans = events.flatMap((event) => (event.type === 'planned' ? [event.plan] : []));
    expect(plans[0]!.leftOut.map(({ kind }) => kind)).toEqual(['concurrent_requests']);
    const last = plans.at(-1)!;
    expect(last.leftOut).toEqual([]);
    expect(last.done).toContain('load_balancing');
    expect(ended.limits.map(({ kind, scenarios }) => [kind, scenarios > 0])).toEqual([
      ['load_balancing', true],
      ['concurrent_requests', true],
    ]);
  });

  it('says of a kind that it did not reach why', async () => {
    const { ended } = await session(
      { limit: 400 },
      { kinds: ['load_balancing', 'concurrent_requests'], budgetMs: 60_000 },
    );
    const missed = ended.limits.find(({ kind }) => kind === 'concurrent_requests');
    expect(missed).toMatchObject({ status: 'unknown', reason: expect.stringContaining('--budget 5m') as string });
  });
});

describe('a budget', () => {
  const check = (budgetSeconds: number, more: Partial<Parameters<typeof checkBudget>[0]> = {}) =>
    checkBudget({ budgetSeconds, kinds: ['load_balancing'], target, ...more }, '--budget');

  it('is refused where no run fits in it, with what would do', () => {
    expect(() => check(3)).not.toThrow();
    expect(() => check(2)).toThrow(/^--budget: 2 s is too short: a run of request rate takes 3 s$/);
    expect(hintOf(() => check(2))).toBe('give 3m for a measured limit, 3 s at least');
    const leaky = { target: withSafety({}, { watch: { pid: 1 } }), kinds: ['memory_optimization'] as const };
    expect(() => check(139, leaky)).toThrow(/memory leak takes 140 s/);
    expect(hintOf(() => check(139, leaky))).toContain('or measure load_balancing first');
    expect(() => check(140, leaky)).not.toThrow();
  });

  it('is long enough if one of its kinds can be tried, and nothing applies', () => {
    expect(() => check(10, { kinds: ['memory_optimization', 'load_balancing'] })).not.toThrow();
    expect(() => check(1, { kinds: ['cache_efficiency'] })).not.toThrow();
  });
});

function hintOf(act: () => void): string | undefined {
  try {
    act();
  } catch (error) {
    return (error as HiveError).hint;
  }
  return undefined;
}
