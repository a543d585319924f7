import { describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import { learnerOf } from '../../src/learning/limit/fold.js';
import { holdFor } from '../../src/learning/search/hold.js';
import { safeOf } from '../../src/learning/limit/safe.js';
import type { Tried } from '../../src/learning/limit/learner.js';
import { limitOf } from '../../src/learning/limit/limit-of.js';
import type { LearnedResult } from '../../src/learning/axis.js';
import { RATE_AXIS } from './axis.js';
import { expectHoldsAreTrue, HOLD, holdsOf, JUDGED, service, session } from './hold-sessions.js';
import { simulateSession } from './simulated-session.js';

describe('a hold', () => {
  it('is no part of a session that is not asked for one: what is safe is only predicted', () => {
    const { limit, results } = simulateSession({ axis: RATE_AXIS, service, seed: 1 });
    expect(holdsOf(results)).toEqual([]);
    expect(limit.safe as number).toBeLessThan(420);
    expect(limit.heldSeconds).toBeUndefined();
  });

  it('comes when the limit is known, at what counts as safe, which it confirms', () => {
    const { limit, results, choices, reason } = session();
    expect(holdsOf(results)).toEqual([results.at(-1)]);
    expect(results.at(-1)?.scenario.plan).toMatchObject({ warmupMs: 2_000, durationMs: 298_000 });
    expect(results.at(-1)?.result.verdict).toBe('passed');
    expect(choices.at(-1)?.reason).toMatch(/^\d+ requests\/s should be safe: soak there for 300 s to confirm it$/);
    expect(choices.at(-1)).toMatchObject({ predictedFailure: expect.closeTo(0.025, 1) as number });
    expect(limit.heldSeconds).toBe(JUDGED);
    expect(limit.safe as number).toBeLessThanOrEqual(results.at(-1)?.scenario.intensity as number);
    expect(limit.safe as number).toBeGreaterThan(0.85 * 420);
    expect(reason).toMatch(/^soaked at the safe rate: met the objectives at \d+ requests\/s for 298 s$/);
  });

  const timeKept = (drainSeconds: number): void => {
    const { limit, results, seconds } = session({ precision: 0.01, budgetSeconds: HOLD + 90, drainSeconds });
    expect(holdsOf(results)).toEqual([results.at(-1)]);
    expect(seconds).toBeLessThanOrEqual(HOLD + 90 + drainSeconds);
    expect(limit.heldSeconds).toBe(JUDGED);
  };
  it('has its time kept for it, where each run takes 3 s beyond its plan', () => timeKept(3));
  itSlow.each([0.1, 9])('has its time kept for it, where each run takes %d s beyond its plan', timeKept);

  it('that breaks lowers what counts as safe, which is held again as long as there is time', () => {
    const tired = { ...service, tiresTo: 330 };
    const { limit, results } = session({ service: tired, budgetSeconds: 3_000 });
    const holds = holdsOf(results);
    expect(holds.slice(0, -1).map(({ result }) => result.verdict)).not.toContain('passed');
    expect(holds[0]?.result.verdict).toBe('failed');
    expect(holds.at(-1)?.result.verdict).toBe('passed');
    expect((limit.safe as number) / (holds.at(-1)?.scenario.intensity as number)).toBeCloseTo(1, 3);
    expect(limit.safe as number).toBeGreaterThan(0.8 * 330);
    expect(limit.safe as number).toBeLessThan(330);
    // What a run of half a minute keeps is another matter.
    expect(limit.low as number).toBeLessThan(420);
    expect(limit.high as number).toBeGreaterThan(420);
    expect(limit.reason).toMatch(/^the soak at \d+ requests\/s failed/);
  });

  it('that broke with no time for another leaves what is safe predicted', () => {
    const { limit, results, seconds } = session({ service: { ...service, tiresTo: 250 }, budgetSeconds: HOLD + 90 });
    expect(holdsOf(results)).toHaveLength(1);
    expect(seconds).toBeLessThanOrEqual(HOLD + 90);
    expect(limit.heldSeconds).toBeUndefined();
    expect(limit.safe as number).toBeLessThan(0.95 * (holdsOf(results)[0]?.scenario.intensity as number));
  });

  it('confirms what is safe of a target that varies, too, and no more than its low end', () => {
    const { limit, results, reason } = session({
      service: { ...service, scatter: 0.15 },
      seed: 1,
      budgetSeconds: 1_500,
    });
    expect(limit.status).toBe('unsteady');
    const [soak] = holdsOf(results).filter(({ result }) => result.verdict === 'passed');
    expect(soak).toBeDefined();
    expect(limit.heldSeconds).toBe(JUDGED);
    expect(limit.safe as number).toBeLessThanOrEqual(limit.low as number);
    expect(limit.safe as number).toBeLessThanOrEqual(soak!.scenario.intensity);
    expect(reason).toMatch(/^soaked at the safe rate/);
  });

  it('that broke is reported where more is not always worse, too', () => {
    const { results } = session({ service: { ...service, tiresTo: 250 }, budgetSeconds: HOLD + 90 });
    const learner = learnerOf(RATE_AXIS, results);
    const [one] = learner.tried as [Tried, ...Tried[]];
    const at = (intensity: number, worst: number, endedAtSeconds: number): Tried => ({
      ...one,
      intensity,
      offered: intensity,
      worst,
      failed: worst > 0,
      endedAtSeconds,
    });
    const odd = [at(200, 2, 1_001), at(380, -2, 1_002), at(205, 2, 1_003)];
    const { status, reason } = limitOf({ ...learner, tried: [...learner.tried, ...odd] });
    expect(status).toBe('not_monotone');
    expect(reason).toMatch(/^failed at 200 requests\/s but passed at .*; the soak at \d+ requests\/s failed/);
  });

  it('that broke counts in the next session too, until the target is another', () => {
    const first = session({ service: { ...service, tiresTo: 330 }, budgetSeconds: 500 });
    const broke = Math.min(
      ...holdsOf(first.results)
        .filter(({ result }) => result.verdict === 'failed')
        .map(({ scenario }) => scenario.intensity),
    );
    const more = { axis: RATE_AXIS, seed: 2, history: first.results, sessionId: 'second' };
    const same = simulateSession({ ...more, service });
    expect(same.limit.safe as number).toBeLessThanOrEqual(0.9 * broke);
    expect(same.limit.reason).toContain('the soak at');
    const faster = simulateSession({ ...more, service: { ...service, limit: 800 } });
    expect(faster.limit.safe as number).toBeGreaterThan(600);
    expect(faster.limit.reason).not.toContain('the soak at');
  });

  it('that cannot be judged is not made again, and claims nothing', () => {
    const axis = { ...RATE_AXIS };
    const { results } = session();
    const unjudged = results.map((one): LearnedResult =>
      one.scenario.plan.hold === true
        ? {
            ...one,
            result: {
              ...one.result,
              verdict: 'undecided',
              validity: { status: 'invalid', reasons: [], cause: 'ceiling' },
              evidence: null,
            },
          }
        : one,
    );
    const learner = learnerOf(axis, unjudged);
    expect(learner.holds.map(({ outcome }) => outcome)).toEqual(['undecided']);
    expect(safeOf(learner)).toEqual({ safe: expect.any(Number) as number });
    expect(holdFor(learner, HOLD)).toBeNull();
    expect(holdFor(learnerOf(axis, unjudged.slice(0, -1)), HOLD)).not.toBeNull();
  });

  it('asks for no more than the generator can send', () => {
    const learner = learnerOf({ ...RATE_AXIS }, session().results.slice(0, -1));
    const weaker = { ...learner, ceiling: 300 };
    expect(holdFor(weaker, HOLD)?.intensity).toBe(270);
  });

  it('is seen again in the next session before it counts', () => {
    const first = session();
    const second = simulateSession({
      axis: RATE_AXIS,
      service,
      seed: 2,
      history: first.results,
      sessionId: 'second',
    });
    expect(first.limit.heldSeconds).toBeDefined();
    expect(second.limit.heldSeconds).toBeUndefined();
  });

  it.each([
    ['a target that keeps its objectives nowhere', { service: { ...service, limit: 0.2 } }],
    ['an axis whose intensity is no rate', { axis: { ...RATE_AXIS, chirp: false } }],
  ])('is not made on %s', (_, more) => {
    expect(holdsOf(session(more).results)).toEqual([]);
  });

  it('is never claimed where none was: what is said to have held did', () => {
    expectHoldsAreTrue({ numRuns: 2, seed: 1 }, 1);
  });
});
