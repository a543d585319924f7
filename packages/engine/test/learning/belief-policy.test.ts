import type { Limit } from '@hive/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beliefPolicy } from '../../src/learning/search/belief-policy.js';
import type { Axis, LearnedResult } from '../../src/learning/axis.js';
import { RATE_AXIS } from './axis.js';
import { simulateSession, type SimulatedService } from './simulated-session.js';

/** A dozen sessions, each of up to sixty decisions of some 25 ms. */
const MANY_SESSIONS_MS = 60_000;

const service: SimulatedService = { limit: 420, steepness: 40, scatter: 0.01 };
const seeds = Array.from({ length: 12 }, (_, i) => i + 1);
const anyService = fc.record({
  limit: fc.double({ min: Math.log(20), max: Math.log(5_000), noNaN: true }).map(Math.exp),
  steepness: fc.constantFrom(8, 20, 60, 150),
  scatter: fc.constantFrom(0, 0.01, 0.04),
});

/** Intensities that were tried: of probes, and the highest of chirps. */
const tried = (results: readonly LearnedResult[]): number[] => results.map(({ scenario }) => scenario.intensity);

describe('a session', () => {
  it('finds the limit to ±5 %, and its 95 % interval holds the truth in nearly all of twelve', () => {
    const ends = seeds.map((seed) => simulateSession({ axis: RATE_AXIS, service, seed }));
    for (const { limit, reason } of ends) {
      expect(limit).toMatchObject({ status: 'known', method: 'belief', level: 0.95, binding: 'p(99)<250' });
      expect(reason).toBe('the limit is known to ±5 %');
      expect((limit.high as number) / (limit.low as number)).toBeLessThan(1.106);
    }
    const covering = ends.filter(({ limit }) => (limit.low as number) <= 420 && (limit.high as number) >= 420);
    expect(covering.length).toBeGreaterThanOrEqual(11);
  });

  it.each([
    ['refused', 'rate<0.01'],
    ['late', 'p(99)<250'],
  ] as const)('names the clause that tells why, where the bad requests are %s', (badFor, binding) => {
    const errors = { expression: 'rate<0.01', allowedShare: 0.01, latencySeconds: null };
    const axis: Axis = { ...RATE_AXIS, clauses: [...RATE_AXIS.clauses, errors] };
    for (const steepness of [20, 150]) {
      for (const seed of seeds.slice(0, 4)) {
        const { limit } = simulateSession({ axis, service: { ...service, steepness, badFor }, seed });
        expect(limit.binding).toBe(binding);
      }
    }
  });

  it.each([
    ['late', 'p(99)<250'],
    ['refused', 'rate<0.01'],
  ] as const)(
    'names the clause that tells why from the first failed run on, where the bad requests are %s',
    (badFor, binding) => {
      const errors = { expression: 'rate<0.01', allowedShare: 0.01, latencySeconds: null };
      const axis: Axis = { ...RATE_AXIS, clauses: [...RATE_AXIS.clauses, errors] };
      const { results } = simulateSession({ axis, service: { ...service, badFor }, seed: 1 });
      const limits = results.map((_, i) => beliefPolicy.limit(axis, results.slice(0, i + 1)));
      const bindings = limits.flatMap((limit) => (limit.binding === null ? [] : [limit.binding]));
      expect(bindings.length).toBeGreaterThan(2);
      expect(new Set(bindings)).toEqual(new Set([binding]));
    },
  );

  it('does not take what was counted before nodes were told apart for counts of the worst one', () => {
    const [all] = RATE_AXIS.clauses;
    if (all === undefined) throw new Error('the axis has no clause');
    const { limit, results } = simulateSession({ axis: RATE_AXIS, service, seed: 1 });
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
    const first = simulateSession({ axis: RATE_AXIS, service, seed: 1 }).results.slice(0, 1);
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

  it('needs fewer seconds for ±10 % than for ±5 %', () => {
    const total = (precision: number): number =>
      seeds.reduce((sum, seed) => sum + simulateSession({ axis: RATE_AXIS, service, seed, precision }).seconds, 0);
    expect(total(0.1)).toBeLessThan(0.8 * total(0.05));
  });

  it('is repeated exactly by its seed', () => {
    const [a, b] = [1, 1].map((seed) => simulateSession({ axis: RATE_AXIS, service, seed }));
    expect(a).toEqual(b);
  });

  it(
    'sees the target hold below its limit and fail above before it ends',
    () => {
      fc.assert(
        fc.property(anyService, fc.integer({ min: 1, max: 1e6 }), (any, seed) => {
          const { limit, results, reason } = simulateSession({ axis: RATE_AXIS, service: any, seed });
          if (!reason.startsWith('the limit is known')) return;
          const probes = results.filter(({ result }) => result.evidence?.type === 'counts');
          const held = probes.filter(({ result }) => result.verdict === 'passed').map((one) => one.scenario.intensity);
          const broke = probes.filter(({ result }) => result.verdict === 'failed').map((one) => one.scenario.intensity);
          expect(Math.min(...held)).toBeLessThan(limit.high as number);
          expect(Math.max(...broke)).toBeGreaterThan(limit.low as number);
        }),
        { numRuns: 12 },
      );
    },
    MANY_SESSIONS_MS,
  );

  it('never leaves the cap, and says "at least" where everything up to it holds', () => {
    fc.assert(
      fc.property(fc.double({ min: 30, max: 3_000, noNaN: true }), fc.integer({ min: 1, max: 1e6 }), (cap, seed) => {
        const capped: Axis = { ...RATE_AXIS, cap };
        const { results, limit } = simulateSession({ axis: capped, service, seed });
        expect(Math.max(...tried(results))).toBeLessThanOrEqual(cap);
        if (cap < 300) {
          expect(limit).toMatchObject({ status: 'at_least', low: cap, estimate: null });
          expect(limit.reason).toContain(capped.capReason);
        }
        if (cap > 600) expect(limit.status).toBe('known');
      }),
      { numRuns: 12 },
    );
  });

  it('says "below" where not even the floor holds', () => {
    const { limit } = simulateSession({ axis: { ...RATE_AXIS, floor: 900 }, service, seed: 3 });
    expect(limit).toMatchObject({ status: 'below', high: 900, estimate: null });
  });

  it(
    'sends nothing that probably fails where overload is not allowed',
    () => {
      const gentle: Axis = { ...RATE_AXIS, allowOverload: false };
      fc.assert(
        fc.property(anyService, fc.integer({ min: 1, max: 1e6 }), (any, seed) => {
          const { choices } = simulateSession({ axis: gentle, service: any, seed, budgetSeconds: 300 });
          for (const choice of choices)
            if (choice.action === 'probe') expect(choice.predictedFailure ?? 0).toBeLessThanOrEqual(0.5);
            else for (const { from, to } of choice.stages) expect(to / from).toBeLessThanOrEqual(1.16);
        }),
        { numRuns: 12 },
      );
    },
    MANY_SESSIONS_MS,
  );

  it('ends within its budget, whatever that is, and then says how wide the interval still is', () => {
    fc.assert(
      fc.property(anyService, fc.integer({ min: 5, max: 60 }), (any, budgetSeconds) => {
        const { seconds, limit } = simulateSession({ axis: RATE_AXIS, service: any, seed: 1, budgetSeconds });
        // A chirp is stopped by the target, not by the clock: the engine ends it at the budget.
        expect(seconds).toBeLessThan(budgetSeconds + 15);
        if (limit.status === 'known') expect(limit.high as number).toBeGreaterThan(limit.low as number);
      }),
      { numRuns: 12 },
    );
  });

  it('says why the interval stays wide where few requests come, and what to do', () => {
    const slow: SimulatedService = { limit: 20, steepness: 15, scatter: 0.03 };
    const { limit } = simulateSession({ axis: RATE_AXIS, service: slow, seed: 4, budgetSeconds: 120 });
    expect(limit.status).toBe('known');
    expect(limit.reason).toMatch(/^of 30 s of requests at this load only \d+(\.\d+)? may be bad.*a p95, say/);
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

  it('learns nothing from an invalid run, and ends below what the generator could not send three times', () => {
    const { results } = simulateSession({ axis: RATE_AXIS, service, seed: 1 });
    const before = beliefPolicy.limit(RATE_AXIS, results);
    const last = results.at(-1) as LearnedResult;
    const invalid = (intensity: number): LearnedResult => ({
      ...last,
      scenario: { ...last.scenario, intensity },
      result: { ...last.result, validity: { status: 'invalid', reasons: ['late'] }, evidence: null },
    });
    expect(beliefPolicy.limit(RATE_AXIS, [...results, invalid(300)])).toMatchObject({
      estimate: before.estimate,
      scenarios: before.scenarios,
    });
    const thrice = [...results, ...[1, 2, 3].map(() => invalid(200))];
    const limit = beliefPolicy.limit(RATE_AXIS, thrice);
    expect(limit.status).toBe('at_least');
    expect(limit.reason).toContain('the load generator could not send 200 requests/s');
  });
});

describe('the next session', () => {
  const first = simulateSession({ axis: RATE_AXIS, service, seed: 11 });
  const next = (limit: number, seed: number): ReturnType<typeof simulateSession> =>
    simulateSession({
      axis: { ...RATE_AXIS },
      service: { ...service, limit },
      seed,
      history: first.results,
      sessionId: 'second',
    });

  it('begins where the last one ended, without a chirp, and ends sooner', () => {
    const ends = seeds.map((seed) => next(420, seed));
    for (const { choices, limit } of ends) {
      expect(choices.every(({ action }) => action === 'probe')).toBe(true);
      expect(choices[0]?.reason).toContain('in the last session: see whether that still holds');
      expect(limit.reason).toBeUndefined();
    }
    const median = ends.map(({ seconds }) => seconds).toSorted((a, b) => a - b)[6] as number;
    expect(median).toBeLessThan(45);
  });

  it('notices that the target takes a fifth less, and says so', () => {
    const ends = seeds.map((seed) => next(336, seed));
    const right = ends.filter(({ limit }) => (limit.low as number) <= 336 && (limit.high as number) >= 336);
    expect(right.length).toBeGreaterThanOrEqual(10);
    const saying = ends.filter(({ limit }) => limit.reason?.startsWith('the target changed: it was'));
    expect(saying.length).toBeGreaterThanOrEqual(11);
  });
});
