import { describe, expect, it } from 'vitest';
import type { FaultFacts, Facts, GroupFacts, Stretch } from '../../src/judging/facts.js';
import { judgeFaultTolerance, underFaultObjectives } from '../../src/kinds/fault-tolerance/judge.js';
import { facts, group, stretch } from '../judging/measured.js';

const FAULTS: FaultFacts = {
  link: 'client',
  fromMs: 3_000,
  toMs: 15_000,
  achievedShare: 0.4,
  backlog: 0,
  sparePerSecond: 100,
};
const SPARED = group('spared', stretch(720, { seconds: 12 }));

/** Half seconds after the faults at 100 requests/s: all bad until `badUntilS`, well from there to `endS`. */
function after(badUntilS: number, endS: number, each = 50): Stretch[] {
  return Array.from({ length: endS * 2 }, (_, index) => {
    const endMs = FAULTS.toMs + (index + 1) * 500;
    return stretch(each, { seconds: 0.5, endMs, slow: (index + 1) / 2 <= badUntilS ? each : 0 });
  });
}
/** What stood under faults, all of it bad: it must not count towards recovery. */
const under: Stretch[] = Array.from({ length: 24 }, (_, index) =>
  stretch(50, { seconds: 0.5, endMs: FAULTS.fromMs + (index + 1) * 500, failed: 40 }),
);
function judge(
  stretches: readonly Stretch[],
  {
    faults,
    groups = [SPARED],
    ...more
  }: Partial<Omit<Facts, 'faults'>> & { faults?: Partial<FaultFacts>; groups?: GroupFacts[] } = {},
) {
  return judgeFaultTolerance(
    facts({ stretches: [...under, ...stretches], groups, ...more, faults: { ...FAULTS, ...faults } }),
  );
}

describe('judgeFaultTolerance', () => {
  it.each([
    [
      'it is well as soon as the faults are gone',
      judge(after(0, 9)),
      'passed',
      /^requests on connections without faults: met /,
    ],
    ['it is well after 4 s', judge(after(4, 9)), 'passed', /^requests on connections without faults: met /],
    ['it is well after 6 s', judge(after(6, 12)), 'failed', /^recovery took 6 s \(5 s allowed\)$/],
    [
      'it is never well again',
      judge(after(20, 20)),
      'failed',
      /^had not recovered 20 s after the faults \(5 s allowed\)$/,
    ],
    ['nothing was sent after the faults', judge([]), 'undecided', /^too few requests were sent after the faults/],
    [
      'fewer than 200 were sent after them',
      judge(after(0, 9, 10)),
      'undecided',
      /^too few requests were sent after the faults/,
    ],
    [
      'the run ended while it might yet recover',
      judge(after(4, 4)),
      'undecided',
      /^too few requests were sent after the faults/,
    ],
    [
      'spared requests suffered too',
      judge(after(0, 9), { groups: [group('spared', stretch(720, { slow: 30 }))] }),
      'failed',
      /^requests on connections without faults: p\(99\)<250 failed: 30 of 720/,
    ],
    [
      'no request was spared',
      judge(after(0, 9), { groups: [group('spared', stretch(0))] }),
      'undecided',
      /^every connection had faults: no request to judge$/,
    ],
    [
      'few were spared',
      judge(after(0, 9), { groups: [group('spared', stretch(100))] }),
      'undecided',
      /undecided: 0 of 100/,
    ],
  ])('%s', (_, { verdict, reason }, expected, why) => {
    expect(reason).toMatch(why);
    expect(verdict).toBe(expected);
  });

  it('gives a target at half load as long as it stood still: what waits must be worked off first', () => {
    // 8 s of 100/s stood in line, and 100/s are free beside the load.
    const faults = { backlog: 800, sparePerSecond: 100 };
    const judged = judge(after(12, 20), { faults });
    expect(judged).toMatchObject({
      verdict: 'passed',
      objectives: expect.arrayContaining([
        { expression: 'recovered after the faults', observed: 12_000, outcome: 'passed' },
      ]),
    });
    expect(judge(after(12, 20))).toMatchObject({ verdict: 'failed', reason: 'recovery took 12 s (5 s allowed)' });
    expect(judge(after(14, 20), { faults })).toMatchObject({
      verdict: 'failed',
      reason: 'recovery took 14 s (13 s allowed)',
    });
  });

  it('does not call recovered what answers nothing, by whatever it is judged', () => {
    const silent = after(0, 10).map((one) => ({
      ...one,
      meanMs: null,
      counts: { ...one.counts, answered: 0, good: 0 },
    }));
    expect(judge(silent, { objectives: ['avg<80'], latenciesMs: [80] }).verdict).toBe('failed');
    expect(judge(after(0, 10), { objectives: ['avg<80'], latenciesMs: [80] }).verdict).toBe('passed');
  });

  it('calls recovered what has up to twice the allowed share of bad requests', () => {
    const some = (bad: number): Stretch[] => after(0, 9).map((one) => ({ ...one, bad: [bad] }));
    expect(judge(some(1)).verdict).toBe('passed');
    expect(judge(some(2)).verdict).toBe('failed');
  });

  it('waits for 200 requests where they are slow to come, and still counts from where these began', () => {
    // 20/s: 10 s for 200 requests.
    const { verdict, findings } = judge(after(2, 20, 10));
    expect(verdict).toBe('passed');
    expect(findings).toContain('recovered 2 s after the faults');
  });

  it('tells the two parts of its rule apart, for whoever learns from them', () => {
    const well = judge(after(0, 9));
    expect(well.evidence).toMatchObject({ type: 'counts', clauses: [{ planned: 720 }, { planned: 720 }] });
    expect(well.furtherEvidence).toEqual([{ type: 'verdict', expression: 'recovered after the faults', passed: true }]);
    expect(judge(after(6, 12)).furtherEvidence).toMatchObject([{ passed: false }]);
    expect(judge([]).furtherEvidence).toEqual([]);
  });

  it('says which share was really hit, and names the dependency', () => {
    expect(judge(after(0, 9)).findings).toContain('40 % of the requests met a fault');
    const dependency = judge(after(0, 9), {
      objectives: ['rate<0.05', 'p(95)<500'],
      faults: { link: 'database', achievedShare: null },
      groups: [group('during the faults', stretch(1_200, { failed: 50 }))],
    });
    expect(dependency.verdict).toBe('passed');
    expect(dependency.reason).toMatch(/^with faults on database: met rate<0\.05/);
    expect(dependency.findings).toContain('the faults were between the target and database');
  });

  it('fails when too many requests failed while a dependency was under faults', () => {
    const { verdict, reason } = judge(after(0, 9), {
      objectives: ['rate<0.05', 'p(95)<500'],
      faults: { link: 'database', achievedShare: null },
      groups: [group('during the faults', stretch(1_200, { failed: 61 }))],
    });
    expect(verdict).toBe('failed');
    expect(reason).toMatch(/^with faults on database: rate<0\.05 failed: 61 of 1,200/);
  });

  it('keeps the word of the first part when both fail', () => {
    const judged = judge(after(20, 20), { groups: [group('spared', stretch(720, { slow: 30 }))] });
    expect(judged).toMatchObject({ verdict: 'failed', furtherEvidence: [{ passed: false }] });
    expect(judged.reason).toMatch(/^requests on connections without faults/);
  });
});

describe('underFaultObjectives', () => {
  it.each([
    [['p(99)<250', 'rate<0.01'], undefined, ['rate<0.05', 'p(95)<500']],
    [['rate<0.01'], undefined, ['rate<0.05']],
    [['p(99)<250', 'p(50)<20'], undefined, ['rate<0.05', 'p(95)<40']],
    [['p(99)<250'], ['rate<0.2'], ['rate<0.2']],
  ])('%j with %j: %j', (objectives, given, expected) => {
    expect(underFaultObjectives(objectives, given)).toEqual(expected);
  });
});
