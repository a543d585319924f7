import type { Evidence, Limit } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import { beliefPolicy } from '../../src/learning/search/belief-policy.js';
import type { Axis, LearnedResult } from '../../src/learning/axis.js';
import type { Choice } from '../../src/learning/search/policy.js';
import { RATE_AXIS } from './axis.js';
import * as sessions from './belief-sessions.js';
import { service, sessionOf } from './belief-sessions.js';
import { simulateSession, type SimulatedService } from './simulated-session.js';

const seeds = sessions.seedsUpTo(2);
/** The same few each time: what any service must do is tried at length in the slow tests. */
const RUNS = { numRuns: 2, seed: 1 };

describe('a session', () => {
  it('finds the limit to ±5 %, and its 95 % interval holds the truth', () => sessions.expectLimitFound(seeds, 0));

  it('names the clause that tells why, where the bad requests are late', () =>
    sessions.expectBindingNamed([1], 'late', 'p(99)<250'));

  const namedFromTheFirst = (badFor: 'late' | 'refused', binding: string): void => {
    const errors = { expression: 'rate<0.01', allowedShare: 0.01, latencySeconds: null };
    const axis: Axis = { ...RATE_AXIS, clauses: [...RATE_AXIS.clauses, errors] };
    const { results } = simulateSession({ axis, service: { ...service, badFor }, seed: 1 });
    const limits = results.map((_, i) => beliefPolicy.limit(axis, results.slice(0, i + 1)));
    const bindings = limits.flatMap((limit) => (limit.binding === null ? [] : [limit.binding]));
    expect(bindings.length).toBeGreaterThan(2);
    expect(new Set(bindings)).toEqual(new Set([binding]));
  };
  it('names the clause that tells why from the first failed run on, where the bad requests are refused', () =>
    namedFromTheFirst('refused', 'rate<0.01'));
  itSlow('names the clause that tells why from the first failed run on, where the bad requests are late', () =>
    namedFromTheFirst('late', 'p(99)<250'),
  );

  it.each([1.5, 5, 20, 25, 40])('looks first at loads up to a cap of %f/s, and none above', (cap) => {
    const axis: Axis = { ...RATE_AXIS, cap };
    const situation = { axes: [axis], results: [], history: new Map(), budgetLeftMs: 240_000, precision: 0.05 };
    const choice = beliefPolicy.choose(situation) as Extract<Choice, { action: 'chirp' }>;
    expect(choice.action).toBe('chirp');
    expect(choice.stages.length).toBeGreaterThan(0);
    expect(Math.max(...choice.stages.map(({ to }) => to))).toBe(cap);
  });

  it('does not take what was counted before nodes were told apart for counts of the worst one', () => {
    const [all] = RATE_AXIS.clauses;
    if (all === undefined) throw new Error('the axis has no clause');
    const { limit, results } = sessionOf(1);
    const apart: Axis = {
      ...RATE_AXIS,
      clauses: [all, { ...all, expression: `${all.expression} on its worst node` }],
    };
    const widthOf = ({ low, high }: Limit): number => Math.log((high as number) / (low as number));
    const after = beliefPolicy.limit(apart, results);
    expect(after.low as number).toBeLessThan(0.9 * (limit.low as number));
    expect(widthOf(after)).toBeGreaterThan(2 * widthOf(limit));
    const { limit: found } = simulateSession({
      axis: apart,
      service: { ...service, limit: 200 },
      seed: 2,
      history: results,
      sessionId: 'second',
    });
    expect(found.low as number).toBeLessThanOrEqual(200);
    expect(found.high as number).toBeGreaterThanOrEqual(200);
  });

  it('learns nothing by a first look that counted other clauses', () => {
    const [all] = RATE_AXIS.clauses;
    if (all === undefined) throw new Error('the axis has no clause');
    const first = sessionOf(1).results.slice(0, 1);
    expect(first[0]?.result.evidence?.type).toBe('chirp');
    const named = (...expressions: string[]): Axis => ({
      ...RATE_AXIS,
      clauses: expressions.map((expression) => ({ ...all, expression })),
    });
    const widthFrom = (axis: Axis) =>
      beliefPolicy.choose({ axes: [axis], results: first, history: new Map(), precision: 0.05, budgetLeftMs: 1e6 });
    expect(widthFrom(named(all.expression, `${all.expression} on its worst node`))).not.toHaveProperty('stages');
    expect(widthFrom(named(all.expression, 'avg<80'))).toHaveProperty('stages');
    expect(widthFrom(named('a', 'b', 'c'))).toHaveProperty('stages');
  });

  it('needs fewer seconds for ±10 % than for ±5 %', () => sessions.expectCoarseIsQuicker(seeds));

  it('is repeated exactly by its seed', () => {
    expect(simulateSession({ axis: RATE_AXIS, service, seed: 1 })).toEqual(sessionOf(1));
  });

  it('sees the target hold below its limit and fail above before it ends', () => sessions.expectBothSidesSeen(RUNS));

  it('never leaves the cap, and says "at least" where everything up to it holds', () => sessions.expectCapKept(RUNS));

  it('says "below" where not even the floor holds', () => {
    const { limit } = simulateSession({ axis: { ...RATE_AXIS, floor: 900 }, service, seed: 3 });
    expect(limit).toMatchObject({ status: 'below', high: 900, estimate: null });
  });

  it('sends nothing that probably fails where overload is not allowed', () => sessions.expectGentle(RUNS));

  it('ends within its budget, whatever that is', () => sessions.expectBudgetKept(RUNS));

  it('says why the interval stays wide where few requests come, and what to do', () => {
    const slow: SimulatedService = { limit: 20, steepness: 15, scatter: 0.03 };
    const { limit } = simulateSession({ axis: RATE_AXIS, service: slow, seed: 4, budgetSeconds: 400 });
    expect(limit.status).toBe('known');
    expect(limit.reason).toMatch(
      /^few requests: runs of 30 s differ by chance.* only \d+(\.\d+)? bad requests in 30 s at this load\. .*p95/,
    );
  });

  it('shows nothing by runs of a second where a kind needs no minute at the low end', () => {
    const axis: Axis = { ...RATE_AXIS, kind: 'network_latency', chirp: false, longRunSeconds: null };
    const first = simulateSession({ axis, service, seed: 2 });
    const { results } = first;
    const { choices } = simulateSession({
      axis,
      service,
      seed: 3,
      history: results,
      sessionId: 'second',
      precision: 0.1,
    });
    const probes = [...first.choices, ...choices].flatMap((one) => (one.action === 'probe' ? [one] : []));
    expect(choices.length).toBeGreaterThan(0);
    expect(Math.min(...probes.map(({ durationMs }) => durationMs))).toBeGreaterThanOrEqual(2_000);
  });

  it('climbs where no rate can be raised within a run, in whole steps on an axis of connections', () => {
    const connections: Axis = {
      ...RATE_AXIS,
      kind: 'concurrent_requests',
      unit: 'connections',
      whole: true,
      chirp: false,
      cap: 1_000,
      prior: 32,
      offeredPerSecond: (count) => 20 * count,
    };
    const { choices, limit } = simulateSession({ axis: connections, service: { ...service, limit: 53 }, seed: 5 });
    for (const choice of choices) {
      expect(choice.action).toBe('probe');
      expect(Number.isInteger((choice as { intensity: number }).intensity)).toBe(true);
    }
    expect(limit.low as number).toBeLessThan(53);
    expect(limit.high as number).toBeGreaterThan(53);
  });

  it('learns nothing from an invalid run, and what was known stays known', () => {
    const { results } = sessionOf(1);
    const before = beliefPolicy.limit(RATE_AXIS, results);
    const thrice = [...results, ...[1, 2, 3].map(() => unsent(results.at(-1) as LearnedResult, 200, 'ceiling'))];
    const { status, estimate, scenarios } = beliefPolicy.limit(RATE_AXIS, thrice);
    expect({ status, estimate, scenarios }).toEqual({
      status: 'known',
      estimate: before.estimate,
      scenarios: before.scenarios,
    });
  });

  it('ends below what the generator could not send three times, where nothing has failed', () => {
    const passed = sessionOf(1).results.filter(({ result }) => result.verdict === 'passed');
    const last = passed.at(-1) as LearnedResult;
    const unsentAt = (intensity: number, cause?: 'ceiling' | 'disturbance'): LearnedResult[] =>
      [1, 2, 3].map(() => unsent(last, intensity, cause));
    const looked = { ...last, result: { ...last.result, evidence: CALM_LOOK } };
    const limit = beliefPolicy.limit(RATE_AXIS, [looked, ...passed, ...unsentAt(200, 'ceiling')]);
    expect(limit).toMatchObject({ status: 'at_least', low: 180 });
    expect(limit.reason).toContain('the load generator could not send 200 requests/s');
    for (const cause of ['disturbance', undefined] as const)
      expect(beliefPolicy.limit(RATE_AXIS, [looked, ...passed, ...unsentAt(200, cause)]).low).toBe(
        beliefPolicy.limit(RATE_AXIS, [looked, ...passed]).low,
      );
  });

  it('repeats a run that something else spoiled four times, and ends with what the others gave', () => {
    const { results } = sessionOf(1);
    const some = results.slice(0, 3);
    const spoiled = (times: number): LearnedResult[] =>
      Array.from({ length: times }, () => unsent(results[3] as LearnedResult, 300, 'disturbance'));
    const choose = (own: readonly LearnedResult[]): Choice =>
      beliefPolicy.choose({
        axes: [RATE_AXIS],
        results: own,
        history: new Map(),
        budgetLeftMs: 60_000,
        precision: 0.05,
      });
    const again = choose([...some, ...spoiled(4)]);
    expect(again).toMatchObject({ action: 'probe' });
    expect((again as { intensity: number }).intensity).toBe((choose(some) as { intensity: number }).intensity);
    expect(choose([...some, ...spoiled(5)])).toMatchObject({
      action: 'finish',
      reason: expect.stringContaining('5 runs could not be judged') as string,
    });
    expect(beliefPolicy.limit(RATE_AXIS, [...some, ...spoiled(5)])).toMatchObject({
      estimate: beliefPolicy.limit(RATE_AXIS, some).estimate,
    });
  });
});

/** A ramp to 1,000/s that broke nothing. */
const CALM_LOOK: Evidence = {
  type: 'chirp',
  onset: null,
  blocks: Array.from({ length: 12 }, (_, i) => ({
    seconds: 0.5,
    rate: 20 * 1.43 ** i,
    planned: Math.round(10 * 1.43 ** i),
    decided: Math.round(10 * 1.43 ** i),
    outstanding: 1,
    bad: [0],
  })),
};

/** A run that could not be judged. */
function unsent(like: LearnedResult, intensity: number, cause?: 'ceiling' | 'disturbance'): LearnedResult {
  const validity = { status: 'invalid' as const, reasons: ['late'], ...(cause ? { cause } : {}) };
  return {
    ...like,
    scenario: { ...like.scenario, intensity },
    result: { ...like.result, verdict: 'undecided', validity, evidence: null },
  };
}

describe('the next session', () => {
  it('begins where the last one ended, without a chirp, and ends sooner', () =>
    sessions.expectWarmStart(sessions.seedsUpTo(3)));

  it('notices that the target takes a fifth less, and says so', () => {
    sessions.expectChangeNoticed(seeds, { right: 0, saying: 0 });
  });
});
