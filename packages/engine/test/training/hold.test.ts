import { HiveError, KINDS, toTarget, type Kind, type Limit, type Verdict } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import type { LearnedResult } from '../../src/learning/axis.js';
import { checkHold, toldOfHold } from '../../src/training/planning/asked-hold.js';

const NAMES = { hold: 'holdSeconds', budget: 'budgetSeconds', kinds: 'kinds' };
const asked = { holdMs: 300_000 as number | undefined, budgetMs: 420_000, kinds: [...KINDS] as Kind[] };
const target = (maxSeconds: number, objective = 'p(99)<250') =>
  toTarget({ url: 'http://127.0.0.1:1', safety: { maxSeconds }, objectives: [objective] }, 'shop');

const limit: Limit = {
  kind: 'load_balancing',
  unit: 'requests/s',
  status: 'known',
  method: 'belief',
  estimate: 400,
  low: 390,
  high: 410,
  level: 0.95,
  safe: 370,
  band: null,
  horizonSeconds: 30,
  binding: null,
  scenarios: 9,
  updatedAt: null,
};
const run = (verdict: Verdict, hold: boolean): LearnedResult => ({
  sessionId: 's',
  at: '2026-01-01T00:00:00.000Z',
  scenario: {
    kind: 'load_balancing',
    intensity: 370,
    objectives: [],
    base: { ratePerSecond: 20, connections: 20 },
    plan: {
      arrivals: { model: 'closed', connections: 1, thinkMs: 0 },
      warmupMs: 2_000,
      durationMs: 58_000,
      timeoutMs: 1_000,
      graceMs: 1_000,
      ...(hold ? { hold } : {}),
    },
  },
  result: {
    verdict,
    validity: { status: 'valid', reasons: [] },
    evidence: null,
    reason: 'the generator was late',
    executionSeconds: 60,
    objectives: [],
  },
});

describe('what is said of a hold that did not hold', () => {
  it.each<[string, LearnedResult[], Limit | undefined, string | null]>([
    ['it held', [run('passed', true)], { ...limit, heldSeconds: 58 }, null],
    [
      'it broke',
      [run('passed', false), run('failed', true)],
      limit,
      'the soak of 60 s failed, and no time was left for another',
    ],
    ['unjudged', [run('undecided', true)], limit, 'the soak of 60 s could not be judged: the generator was late'],
    ['cut short', [run('aborted', true)], limit, 'the soak of 60 s did not start: too little time was left'],
    [
      'no limit',
      [run('failed', false)],
      { ...limit, safe: null },
      'the soak of 60 s did not start: no safe rate is measured yet',
    ],
    ['no such kind', [], undefined, 'the soak of 60 s did not start: no safe rate is measured yet'],
  ])('%s', (_, results, left, told) => expect(toldOfHold(60, results, left)).toBe(told));
});

describe('checkHold', () => {
  it.each([
    ['no hold at all', { holdMs: undefined, budgetMs: 5_000, kinds: ['memory_optimization'] }],
    ['five minutes in a budget of seven', {}],
    ['a minute in two', { holdMs: 60_000, budgetMs: 120_000 }],
  ] as [string, Partial<typeof asked>][])('takes %s', (_, more) => {
    expect(() => checkHold({ ...asked, ...more, target: target(300) }, NAMES)).not.toThrow();
  });

  it.each([
    [{ holdMs: 10_000 }, 300, 'holdSeconds: a soak of 10 s shows too little', 'give 60 s or more'],
    [
      {},
      120,
      "holdSeconds: a soak of 300 s is longer than the target's safety.maxSeconds allows (120 s)",
      'raise safety.maxSeconds',
    ],
    [
      { budgetMs: 120_000 },
      300,
      'budgetSeconds: 120 s is too short to search for the limit and soak for 300 s',
      'give 360 s or more',
    ],
    [{ kinds: ['concurrent_requests'] }, 300, 'kinds: only load_balancing has a rate to soak at', 'add load_balancing'],
  ] as [Partial<typeof asked>, number, string, string][])(
    'refuses %j with how to fix it',
    (more, maxSeconds, message, hint) => {
      try {
        checkHold({ ...asked, ...more, target: target(maxSeconds) }, NAMES);
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(HiveError);
        expect(error).toMatchObject({ code: 'validation', message: expect.stringContaining(message) as string });
        expect((error as HiveError).hint).toContain(hint);
      }
    },
  );

  it('refuses one that would be warm-up for the most part', () => {
    const slow = { ...asked, holdMs: 60_000, target: target(300, 'p(99)<15000') };
    expect(() => checkHold(slow, NAMES)).toThrow(
      'holdSeconds: a soak of 60 s is too short: its warm-up alone takes 30 s',
    );
    expect(() => checkHold({ ...slow, holdMs: 90_000 }, NAMES)).not.toThrow();
  });
});
