import fc from 'fast-check';
import { expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import { beliefPolicy } from '../../src/learning/search/belief-policy.js';
import type { LearnedResult } from '../../src/learning/axis.js';
import { RATE_AXIS } from './axis.js';
import { simulateSession } from './simulated-session.js';

/** Sessions whose results are mixed with what could not be judged. */
const SESSIONS = [90, 380, 2_000].map(
  (limit, seed) =>
    simulateSession({ axis: { ...RATE_AXIS }, service: { limit, steepness: 40, scatter: 0.01 }, seed: seed + 1 })
      .results,
);

interface Unjudged {
  intensity: number;
  cause: 'ceiling' | 'disturbance' | undefined;
  status: 'valid' | 'suspect' | 'invalid';
  hold: boolean;
  isMeasured: boolean;
}

const unjudged: fc.Arbitrary<Unjudged> = fc.record({
  intensity: fc.constantFrom(20, 80, 200, 370, 400, 1_500, 5_000),
  cause: fc.constantFrom('ceiling' as const, 'disturbance' as const, undefined),
  status: fc.constantFrom(
    'invalid' as const,
    'invalid' as const,
    'invalid' as const,
    'suspect' as const,
    'valid' as const,
  ),
  hold: fc.boolean(),
  isMeasured: fc.boolean(),
});
/** How many results of the session come, and what could not be judged after them. */
const steps = fc.array(fc.tuple(fc.nat(6), fc.array(unjudged, { maxLength: 5 })), { minLength: 1, maxLength: 3 });

function resultOf(like: LearnedResult, { intensity, cause, status, hold, isMeasured }: Unjudged): LearnedResult {
  const { plan } = like.scenario;
  return {
    ...like,
    scenario: { ...like.scenario, intensity, plan: hold ? { ...plan, hold } : plan },
    result: {
      ...like.result,
      verdict: 'undecided',
      validity: { status, reasons: ['not judged'], ...(cause !== undefined && status === 'invalid' ? { cause } : {}) },
      evidence: null,
      ...(isMeasured ? {} : { measurement: null }),
    },
  };
}

const MEASURED: readonly string[] = ['known', 'rough', 'unsteady'];

const brokeIn = (results: readonly LearnedResult[]): boolean =>
  results.some(
    ({ result: { verdict, evidence } }) =>
      verdict === 'failed' || (evidence?.type === 'chirp' && evidence.onset !== null),
  );

it('what was known, because runs failed, never becomes at_least by runs that could not be judged', () => {
  let kept = 0;
  fc.assert(
    fc.property(fc.nat(SESSIONS.length - 1), steps, (which, taken) => {
      const session = SESSIONS[which] as LearnedResult[];
      // One axis for each sequence: what was folded for it is remembered.
      const axis = { ...RATE_AXIS };
      const results: LearnedResult[] = [];
      let used = 0;
      for (const [count, spoiled] of taken) {
        const judged = session.slice(used, used + count);
        used += judged.length;
        results.push(...judged);
        const before = beliefPolicy.limit(axis, results);
        for (const one of spoiled) results.push(resultOf(session[0] as LearnedResult, one));
        if (!MEASURED.includes(before.status) || !brokeIn(results)) continue;
        const after = beliefPolicy.limit(axis, results);
        kept += spoiled.length;
        expect(after).toMatchObject({
          status: before.status,
          estimate: before.estimate,
          low: before.low,
          high: before.high,
        });
      }
    }),
    { seed: 1, numRuns: itSlow === it ? 25 : 10 },
  );
  expect(kept).toBeGreaterThan(10);
});
