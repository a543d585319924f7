/**
 * A limit is only `known` with evidence on both sides. Checked against the raw runs, for any sequence of them, whatever their validity.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import type { LearnedResult } from '../../src/learning/axis.js';
import { beliefPolicy } from '../../src/learning/search/belief-policy.js';
import { RATE_AXIS } from './axis.js';

const isSlow = itSlow === it;

const OBJECTIVE = RATE_AXIS.clauses[0]!.expression;
const START = Date.parse('2026-01-01T00:00:00.000Z');

interface Run {
  rate: number;
  seconds: number;
  /** Of its requests, for each half of it. */
  badShares: [number, number];
  validity: 'valid' | 'suspect' | 'invalid';
  sessionId: string;
}

const run = (more: Partial<Run>): Run => ({
  rate: 400,
  seconds: 12,
  badShares: [0, 0],
  validity: 'valid',
  sessionId: 'first',
  ...more,
});
const held = (rate: number, seconds = 12): Run => run({ rate, seconds });
const broke = (rate: number, seconds = 12): Run => run({ rate, seconds, badShares: [0.2, 0.2] });

const badOf = ({ rate, seconds, badShares }: Run): number[] =>
  Array.from({ length: 2 * seconds }, (_, i) => Math.round((rate / 2) * badShares[i < seconds ? 0 : 1]));

/** The runs as a session leaves them, after a ramp that broke at `onset`. */
function resultsOf(runs: readonly Run[], onset = 500): LearnedResult[] {
  const common = { kind: RATE_AXIS.kind, objectives: [OBJECTIVE], base: { ratePerSecond: 10, source: 'default' } };
  let at = START;
  const stamp = (seconds: number): string => {
    const now = new Date(at).toISOString();
    at += (seconds + 4) * 1_000;
    return now;
  };
  const ramp = {
    sessionId: runs[0]?.sessionId ?? 'first',
    scenario: { ...common, intensity: 2_000, plan: { warmupMs: 0, durationMs: 10_000 } },
    result: {
      verdict: 'failed',
      validity: { status: 'valid', reasons: [] },
      evidence: {
        type: 'chirp',
        onset,
        restMs: [20],
        blocks: [100, 200, 400, onset, onset].map((rate, i) => ({
          seconds: 1,
          rate,
          planned: rate,
          decided: rate,
          outstanding: i < 3 ? 5 : 300,
          good: i < 3 ? rate : onset * 0.85,
          lost: 0,
          bad: [i < 4 ? 0 : rate / 2],
        })),
      },
      reason: '',
      executionSeconds: 5,
      objectives: [],
    },
    at: stamp(5),
  };
  const others = runs.map((one) => {
    const bad = badOf(one);
    const total = bad.reduce((sum, each) => sum + each, 0);
    const planned = one.rate * one.seconds;
    return {
      sessionId: one.sessionId,
      scenario: { ...common, intensity: one.rate, plan: { warmupMs: 2_000, durationMs: one.seconds * 1_000 } },
      result: {
        verdict: one.validity === 'invalid' ? 'undecided' : total > 0.01 * planned ? 'failed' : 'passed',
        validity: { status: one.validity, reasons: [] },
        evidence: {
          type: 'counts',
          clauses: [{ expression: OBJECTIVE, allowedShare: 0.01, bad: total, planned }],
          blocks: bad.map((each) => ({ seconds: 0.5, planned: one.rate / 2, bad: [each] })),
        },
        reason: '',
        executionSeconds: one.seconds + 2,
        objectives: [],
      },
      at: stamp(one.seconds + 2),
    };
  });
  return [ramp, ...others] as unknown as LearnedResult[];
}

const limitAfter = (runs: readonly Run[]) => beliefPolicy.limit({ ...RATE_AXIS }, resultsOf(runs));

/** Enough short runs to know the limit to a few per cent. */
const SEARCH = [held(380), broke(460), held(395), broke(440), held(400), broke(430)];

describe('a limit that short runs found', () => {
  it.each<[what: string, runs: Run[], status: string, missing: RegExp | null]>([
    ['lacks the minute at the low end', SEARCH, 'rough', /no run of 60 s has passed at the low end/],
    ['is measured after it', [...SEARCH, held(385, 60)], 'known', null],
    ['is not by a minute far below', [...SEARCH, held(250, 60)], 'rough', /no run of 60 s/],
    ['is not by two halves of a minute', [...SEARCH, held(385, 30), held(385, 30)], 'rough', /no run of 60 s/],
    [
      'is not by a minute whose second half broke',
      [...SEARCH, run({ rate: 385, seconds: 60, badShares: [0, 0.015] })],
      'rough',
      /no run of 60 s/,
    ],
  ])('%s', (_, runs, status, missing) => {
    const limit = limitAfter(runs);
    expect(limit.status).toBe(status);
    if (missing === null) expect(limit.reason).toBeUndefined();
    else expect(limit.reason).toMatch(missing);
  });

  it('is not measured by doubtful runs alone', () => {
    const doubtful = [...SEARCH, held(385, 60)].map((one) => ({ ...one, validity: 'suspect' as const }));
    expect(limitAfter(doubtful)).toMatchObject({ status: 'rough', reason: expect.stringContaining('doubtful') });
  });

  it('varies where clear runs contradict one another by far', () => {
    const odd = [...SEARCH, held(480), broke(400), held(500), broke(390)];
    const limit = limitAfter(odd);
    expect(limit).toMatchObject({ status: 'unsteady', reason: expect.stringMatching(/^varies: 9 of 10 runs of 30 s/) });
    const [[lowest], [, highest]] = limit.bandEnds!;
    expect([limit.low, limit.high]).toEqual([lowest, highest]);
  });

  it('takes the minute from a session of the same week, and from no older one', () => {
    const earlier = [...SEARCH, held(385, 60)];
    const later = [held(390), broke(430), held(400)].map((one) => ({ ...one, sessionId: 'second' }));
    const since = (days: number): LearnedResult[] => {
      const first = resultsOf(earlier);
      const second = resultsOf(later).slice(1);
      const shifted = second.map((one) => ({
        ...one,
        at: new Date(Date.parse(one.at) + days * 86_400_000).toISOString(),
      }));
      return [...first, ...shifted];
    };
    expect(beliefPolicy.limit({ ...RATE_AXIS }, since(2)).status).toBe('known');
    expect(beliefPolicy.limit({ ...RATE_AXIS }, since(9)).reason).toMatch(/no run of 60 s/);
  });

  it('takes no minute from a session in which the target was another one', () => {
    const slower = [broke(380), held(280), broke(310), held(290), broke(305), held(295), broke(303)];
    const later = [...slower, ...slower].map((one) => ({ ...one, sessionId: 'second' }));
    const results = [...resultsOf([...SEARCH, held(385, 60)]), ...resultsOf(later).slice(1)];
    const limit = beliefPolicy.limit({ ...RATE_AXIS }, results);
    expect(limit.high).toBeLessThan(350);
    expect(limit.status).toBe('rough');
    expect(limit.reason).toMatch(/no run of 60 s.*the target changed/);
  });
});

const anyRun = fc.record({
  rate: fc.integer({ min: 200, max: 800 }),
  seconds: fc.constantFrom(3, 6, 12, 18, 30, 60),
  badShares: fc.tuple(fc.constantFrom(0, 0.002, 0.008, 0.02, 0.3), fc.constantFrom(0, 0.002, 0.008, 0.02, 0.3)),
  validity: fc.constantFrom<Run['validity']>('valid', 'valid', 'valid', 'suspect', 'invalid'),
});

/** Nothing, a search alone, and one that lacks nothing or little: what is drawn after it may complete it, or take it away. */
const BEFORE: Run[][] = [
  [],
  SEARCH,
  [...SEARCH, held(385, 60)],
  [...SEARCH, run({ rate: 385, seconds: 60, validity: 'suspect' })],
];

describe('any sequence of runs', () => {
  it('makes a limit known only with usable runs on both sides, a minute at the low end and a failure at the high one', () => {
    let known = 0;
    fc.assert(
      fc.property(fc.array(anyRun, { maxLength: 5 }), fc.constantFrom(...BEFORE), (drawn, before) => {
        const runs = [...before, ...drawn.map((one) => ({ ...one, sessionId: 'first' }))];
        const { status, low, high } = limitAfter(runs);
        if (status !== 'known') return;
        known += 1;
        const judged = runs.filter(({ validity }) => validity !== 'invalid');
        const bad = (one: Run): number => badOf(one).reduce((sum, each) => sum + each, 0);
        const isHeld = (one: Run): boolean => bad(one) <= 0.01 * one.rate * one.seconds;
        const long = judged.filter((one) => one.seconds >= 60 && isHeld(one) && one.rate >= 0.9299 * low!);
        const failures = judged.filter(
          (one) => !isHeld(one) && one.rate <= 1.1001 * high! && (one.seconds >= 30 || bad(one) > 0.01 * one.rate * 30),
        );
        expect(judged.some(({ validity }) => validity === 'valid')).toBe(true);
        expect(long.length).toBeGreaterThan(0);
        expect(failures.length).toBeGreaterThan(0);
        expect(high! / low!).toBeLessThanOrEqual(1.25 ** 2 + 1e-9);
      }),
      { numRuns: isSlow ? 60 : 20, seed: 1 },
    );
    // The property says something: some of the sequences do make a limit known.
    expect(known).toBeGreaterThan(3);
  });

  it('that could not be judged leaves a known limit as it is, and never makes it "at least"', () => {
    const known = limitAfter([...SEARCH, held(385, 60)]);
    fc.assert(
      fc.property(fc.array(anyRun, { minLength: 1, maxLength: 6 }), (drawn) => {
        const after = limitAfter([
          ...SEARCH,
          held(385, 60),
          ...drawn.map((one) => ({ ...one, validity: 'invalid' as const, sessionId: 'first' })),
        ]);
        expect(after).toMatchObject({ status: 'known', low: known.low, high: known.high, estimate: known.estimate });
      }),
      { numRuns: isSlow ? 30 : 10 },
    );
  });
});
