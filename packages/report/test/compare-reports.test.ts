import type { Limit } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { compareReports, reportOf, type ReportData } from '../src/index.js';
import { MADE, REPORTS, sampleLimit, sampleRun, sampleSession, sampleSource, sampleTarget } from './samples.js';

const RULES = { tolerance: 0.1, gates: ['p95', 'errors'] as const };
const ceiling = (ratePerSecond: number): ReportData['ceiling'] => ({
  version: 1,
  measuredAt: MADE.at,
  machine: { cpu: 'one', cores: 2, node: '20' },
  threads: 1,
  shapes: [{ shape: 'plain', ratePerSecond, atLeast: false, cpuMicrosPerRequest: 10 }],
  timers: [],
});

/** The report of a session that found so much by itself. */
function found(estimate: number, more: Partial<Limit> = {}): ReportData {
  const usual = sampleLimit();
  const ends = { estimate, low: 0.95 * estimate, high: estimate / 0.95 };
  const limits = [sampleLimit({ own: { ...usual.own!, ...ends }, ...more })];
  return { ...REPORTS['usual']!(), limits };
}

/** The report of one load test. */
function run(intensity: number, more: Partial<Parameters<typeof sampleRun>[0]> = {}): ReportData {
  const session = sampleSession({ id: 'exe_1', limits: [] });
  const scenarios = [sampleRun({ index: 0, intensity, ...more })];
  return reportOf({ target: sampleTarget(), session, scenarios }, { made: MADE, ceiling: null });
}

describe('two reports', () => {
  it('are compared by what each session found by itself, not by what it knew before', () => {
    const { answer, items } = compareReports(found(400, { estimate: 400 }), found(300, { estimate: 400 }), RULES);
    expect(answer).toBe('worse');
    expect(items).toMatchObject([{ of: 'limit', name: 'load_balancing', base: 400, candidate: 300, decides: true }]);
  });

  it('of a session before that was kept are compared by how their trail ends', () => {
    const { own: _, ...limit } = sampleLimit();
    const steps = [350, 390].map((estimate, i) => {
      return { status: 'known' as const, estimate, low: 0.95 * estimate, high: estimate / 0.95, scenarios: 5 + i };
    });
    const trails = [{ kind: 'load_balancing' as const, unit: 'requests/s', steps }];
    const old = { ...REPORTS['usual']!(), limits: [limit], trails };
    const [item] = compareReports(old, found(390), RULES).items;
    expect(item).toMatchObject({ base: 390, ratio: expect.closeTo(1, 6) });
  });

  it('are not told apart by less than the scatter between sessions', () => {
    const past = (...limits: number[]) =>
      limits.map((one, i) => sampleSession({ id: `ses_${i}`, limits: found(one).limits }));
    const compared = (...limits: number[]): string =>
      compareReports(found(400), found(320), { ...RULES, history: past(...limits) }).answer;
    expect(compared(400, 402, 399, 401, 400)).toBe('worse');
    expect(compared(400, 600, 300, 500, 250)).toBe('no_evidence');
  });

  it('of one run each have figures and no evidence', () => {
    const { answer, items, reasons } = compareReports(run(300), run(300), RULES);
    expect(answer).toBe('no_evidence');
    expect(items.find(({ name }) => name === 'p95')).toMatchObject({ ratio: 1, low: null, high: null });
    expect(reasons).toEqual([expect.stringContaining('one run each')]);
  });

  it.each([
    [
      'one is not usable',
      found(400),
      REPORTS['not usable']!(),
      'the candidate is not usable: others use 1.7 of 2 cores',
    ],
    ['one has no run', REPORTS['without a run']!(), found(400), 'the base is not usable: no run was measured'],
    ['one looked for limits', found(400), run(300), 'one is a session that looked for limits'],
    ['their loads differ', run(300), run(320), 'their loads differ'],
    [
      'their requests differ',
      found(400),
      { ...found(400), target: { ...found(400).target, requestsDigest: 'other' } },
      'their requests differ',
    ],
    [
      'their objectives differ',
      found(400),
      { ...found(400), runs: found(400).runs.map((one) => ({ ...one, objectives: ['p(99)<100'] })) },
      'their objectives differ',
    ],
    [
      'their generators differ, and were near what they can send',
      { ...found(400), ceiling: ceiling(900) },
      { ...found(400), ceiling: ceiling(600) },
      'their load generators differ',
    ],
  ])('cannot be compared where %s', (_, base, candidate, reason) => {
    const { answer, reasons } = compareReports(base, candidate, RULES);
    expect([answer, reasons]).toEqual(['not_comparable', [expect.stringContaining(reason)]]);
  });

  it('of generators that differ and were hardly used can be compared', () => {
    const [a, b] = [ceiling(90_000), ceiling(60_000)];
    expect(compareReports({ ...found(400), ceiling: a }, { ...found(400), ceiling: b }, RULES).answer).toBe(
      'no_evidence',
    );
  });

  it('that share no measured kind cannot be compared', () => {
    const none = { ...reportOf(sampleSource(), { made: MADE, ceiling: null }), limits: [], trails: [] };
    expect(compareReports(found(400), none, RULES)).toMatchObject({
      answer: 'not_comparable',
      reasons: ['no kind was measured in both sessions'],
    });
  });
});
