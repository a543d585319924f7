import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bracketPolicy } from '../../src/learning/bracket.js';
import { difficultyOf, difficultyScale, intensityOf } from '../../src/learning/difficulty.js';
import type { Axis, LearnedResult } from '../../src/learning/policy.js';

const axis: Axis = {
  kind: 'load_balancing',
  unit: 'requests/s',
  whole: false,
  scale: 'ln',
  evidence: 'counts',
  fixedMs: null,
  clauses: [{ expression: 'p(99)<250', allowedShare: 0.01 }],
  latencySeconds: 0.25,
  allowOverload: true,
  chirp: false,
  floor: 1,
  cap: 10_000,
  capReason: "raise the target's safety cap to look further",
  prior: 200,
  offeredPerSecond: (rate) => rate,
  notApplicable: null,
};

function result(
  intensity: number,
  verdict: 'passed' | 'failed' | 'undecided',
  validity: 'valid' | 'invalid' = 'valid',
): LearnedResult {
  return {
    sessionId: 's',
    at: '2026-01-01T00:00:00.000Z',
    scenario: {
      kind: 'load_balancing',
      intensity,
      objectives: ['p(99)<250'],
      base: { ratePerSecond: 20, connections: 20 },
      plan: {
        arrivals: { model: 'closed', connections: 1, thinkMs: 0 },
        warmupMs: 0,
        durationMs: 3_000,
        timeoutMs: 1_000,
        graceMs: 1_000,
      },
    },
    result: {
      verdict,
      validity: { status: validity, reasons: [] },
      evidence: { type: 'counts', clauses: [] },
      reason: 'it was so',
      executionSeconds: 3,
      objectives: [{ expression: 'p(99)<250', observed: 1, outcome: verdict }],
    },
  };
}

/** Runs the policy against a service that fails above `truth`, and returns every result and the reason to finish. */
function search(truth: number, onAxis: Axis = axis, precision = 0.05): { results: LearnedResult[]; reason: string } {
  const results: LearnedResult[] = [];
  for (let step = 0; step < 60; step += 1) {
    const choice = bracketPolicy.choose({ axes: [onAxis], results, known: new Map(), budgetLeftMs: 1e9, precision });
    if (choice.action !== 'probe') return { results, reason: choice.reason };
    results.push(result(choice.intensity, choice.intensity <= truth ? 'passed' : 'failed'));
  }
  throw new Error('the search did not end');
}

describe('bracket policy', () => {
  it('finds any limit within its precision, and its bracket holds the truth', () => {
    fc.assert(
      fc.property(fc.double({ min: 1.2, max: 9_900, noNaN: true }), (truth) => {
        const limit = bracketPolicy.limit(axis, search(truth).results);
        expect(limit).toMatchObject({ status: 'known', method: 'bracket', level: null });
        expect(limit.low).toBeLessThanOrEqual(truth);
        expect(limit.high).toBeGreaterThan(truth);
        expect((limit.high as number) / (limit.low as number)).toBeLessThanOrEqual(1.1 + 1e-9);
      }),
    );
  });

  it('never leaves the cap and says "at least" there', () => {
    const { results } = search(1e9);
    expect(Math.max(...results.map(({ scenario }) => scenario.intensity))).toBe(axis.cap);
    expect(bracketPolicy.limit(axis, results)).toMatchObject({ status: 'at_least', low: axis.cap, estimate: null });
  });

  it('says "below" where not even the floor holds', () => {
    const { results } = search(0.1);
    expect(bracketPolicy.limit(axis, results)).toMatchObject({ status: 'below', high: 1, estimate: null });
  });

  it('takes whole steps on an axis of connections and stops when none is left', () => {
    const whole: Axis = {
      ...axis,
      kind: 'concurrent_requests',
      whole: true,
      cap: 100,
      prior: 8,
      offeredPerSecond: () => null,
    };
    const results: LearnedResult[] = [];
    for (;;) {
      const choice = bracketPolicy.choose({
        axes: [whole],
        results,
        known: new Map(),
        budgetLeftMs: 1e9,
        precision: 0.01,
      });
      if (choice.action !== 'probe') break;
      expect(Number.isInteger(choice.intensity)).toBe(true);
      const one = result(choice.intensity, choice.intensity <= 13 ? 'passed' : 'failed');
      results.push({ ...one, scenario: { ...one.scenario, kind: 'concurrent_requests' } });
    }
    expect(bracketPolicy.limit(whole, results)).toMatchObject({ low: 13, high: 14 });
  });

  it('learns nothing from invalid or undecided runs', () => {
    expect(bracketPolicy.limit(axis, [result(100, 'passed', 'invalid'), result(200, 'undecided')])).toMatchObject({
      status: 'unknown',
      low: null,
      high: null,
    });
  });

  it('widens the bracket over contradicting runs, and calls a clear contradiction not monotone', () => {
    const near = [200, 380].map((x) => result(x, 'passed')).concat([result(370, 'failed'), result(420, 'failed')]);
    expect(bracketPolicy.limit(axis, near)).toMatchObject({ status: 'known', low: 200, high: 420 });
    const far = [result(100, 'failed'), result(400, 'passed'), result(800, 'failed')];
    expect(bracketPolicy.limit(axis, far)).toMatchObject({ status: 'not_monotone', estimate: null });
  });

  it('does not start a probe that no longer fits into the budget', () => {
    const choice = bracketPolicy.choose({
      axes: [axis],
      results: [],
      known: new Map(),
      budgetLeftMs: 2_000,
      precision: 0.05,
    });
    expect(choice).toEqual({ action: 'finish', reason: 'the budget is spent' });
  });

  it('begins at half of what an earlier session learned', () => {
    const known = new Map([['load_balancing' as const, bracketPolicy.limit(axis, search(400).results)]]);
    const choice = bracketPolicy.choose({ axes: [axis], results: [], known, budgetLeftMs: 1e6, precision: 0.05 });
    expect(choice).toMatchObject({ action: 'probe' });
    expect((choice as { intensity: number }).intensity).toBeGreaterThan(180);
    expect((choice as { intensity: number }).intensity).toBeLessThan(220);
  });

  it('names the clause that binds: the one that failed at the lowest intensity', () => {
    expect(bracketPolicy.limit(axis, search(300).results).binding).toBe('p(99)<250');
  });
});

describe('difficulty', () => {
  it('puts each drawn intensity back under its own label', () => {
    const limit = bracketPolicy.limit(axis, search(400).results);
    const scale = difficultyScale(axis, limit);
    fc.assert(
      fc.property(
        fc.constantFrom('easy' as const, 'medium' as const, 'hard' as const, 'extreme' as const),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (difficulty, draw) => {
          expect(difficultyOf(intensityOf(difficulty, scale, draw), scale)).toBe(difficulty);
        },
      ),
    );
    expect(scale.calibrated).toBe(true);
  });

  it('stands on the prior, and says so, while nothing is known', () => {
    expect(difficultyScale(axis, undefined)).toMatchObject({ calibrated: false, l50: axis.prior });
    const climbing = bracketPolicy.limit(axis, [result(100, 'passed')]);
    expect(difficultyScale(axis, climbing)).toMatchObject({ calibrated: false, l50: axis.prior });
    expect(difficultyOf(200, difficultyScale(axis, climbing))).toBe('hard');
  });

  it('refers to the cap once everything up to it held', () => {
    const held = bracketPolicy.limit(axis, search(1e9).results);
    expect(difficultyScale(axis, held)).toMatchObject({ calibrated: true, l50: axis.cap });
  });
});
