import { describe, expect, it } from 'vitest';
import { beliefPolicy } from '../../src/learning/search/belief-policy.js';
import type { Axis, LearnedResult } from '../../src/learning/axis.js';
import { createRandom } from '../../src/random.js';
import { RATE_AXIS } from './axis.js';

const axis: Axis = {
  ...RATE_AXIS,
  kind: 'memory_optimization',
  evidence: 'margin',
  chirp: false,
  fixedMs: () => 128_000,
};

/** A session against a target whose margin grows by `slope` per ln intensity and is zero at `limit`. */
function session(limit: number, slope: number, seed: number, on = axis): { results: LearnedResult[]; reason: string } {
  const random = createRandom(seed);
  const results: LearnedResult[] = [];
  for (;;) {
    const choice = beliefPolicy.choose({
      axes: [on],
      results,
      history: new Map(),
      budgetLeftMs: 3e6,
      precision: 0.05,
    });
    if (choice.action !== 'probe') return { results, reason: choice.reason };
    const noise = 0.05 * (random.next() + random.next() + random.next() - 1.5) * 2;
    const margin = slope * Math.log(choice.intensity / limit) + noise;
    results.push({
      sessionId: 's',
      at: new Date(results.length * 130_000).toISOString(),
      scenario: {
        kind: axis.kind,
        intensity: choice.intensity,
        objectives: [],
        base: { ratePerSecond: 20, connections: 20 },
        plan: {
          arrivals: { model: 'closed', connections: 1, thinkMs: 0 },
          warmupMs: 0,
          durationMs: choice.durationMs,
          timeoutMs: 1_000,
          graceMs: 1_000,
        },
      },
      result: {
        verdict: margin > 0 ? 'failed' : 'passed',
        validity: { status: 'valid', reasons: [] },
        evidence: { type: 'margin', expression: 'memory', margin, standardError: 0.06 },
        reason: 'it was so',
        executionSeconds: 128,
        objectives: [],
      },
    });
  }
}

describe('margins', () => {
  it.each([
    [120, 1],
    [500, 1],
    [700, 2],
    [400, 4],
  ])('tell a limit of %d to ±15 % where it grows by %d, in four runs at most', (truth, slope) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { results } = session(truth, slope, seed);
      const limit = beliefPolicy.limit(axis, results);
      expect(results.length).toBeLessThanOrEqual(4);
      expect(limit.status).toBe('known');
      expect(Math.abs(Math.log((limit.estimate as number) / truth))).toBeLessThan(Math.log(1.15));
    }
  });

  it('are given up after four runs that the generator could not keep up with', () => {
    const [valid] = session(400, 1, 1).results as [LearnedResult];
    const results: LearnedResult[] = [];
    for (;;) {
      const choice = beliefPolicy.choose({
        axes: [axis],
        results,
        history: new Map(),
        budgetLeftMs: 3e6,
        precision: 0.05,
      });
      if (choice.action !== 'probe') {
        expect(choice.reason).toBe('the load generator could not keep up');
        break;
      }
      results.push({
        ...valid,
        scenario: { ...valid.scenario, intensity: choice.intensity },
        result: {
          ...valid.result,
          validity: { status: 'invalid', reasons: ['late'], cause: 'ceiling' },
          evidence: null,
        },
      });
    }
    expect(results).toHaveLength(4);
    expect(beliefPolicy.limit(axis, results)).toMatchObject({ status: 'unknown', reason: 'no run was decisive yet' });
  });

  it.each([
    [true, 2],
    [false, 1.15],
  ])('never try more than a step above what was tried (overload allowed: %s)', (allowOverload, factor) => {
    const { results } = session(1e7, 0.5, 1, { ...axis, allowOverload });
    const tried = results.map(({ scenario }) => scenario.intensity);
    expect(tried[0]).toBe(axis.prior / 2);
    expect(tried).toHaveLength(4);
    for (const [i, intensity] of tried.slice(1).entries())
      expect(intensity / Math.max(...tried.slice(0, i + 1))).toBeLessThanOrEqual(factor + 1e-3);
  });

  it('claim nothing beyond what was tried: at least what held, below what broke', () => {
    const held = beliefPolicy.limit(axis, session(1e7, 0.5, 1).results);
    expect(held).toMatchObject({ status: 'at_least', estimate: null, reason: 'no run has failed yet' });
    expect(held.low).toBeLessThanOrEqual(axis.cap);
    const broke = beliefPolicy.limit(axis, session(0.01, 0.5, 1).results);
    expect(broke.status).toBe('below');
  });
});
