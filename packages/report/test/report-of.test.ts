import { toTarget } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { documentOf } from '../src/document/document-of.js';
import { reportOf, withExpectations } from '../src/index.js';
import { reportSchema } from '../src/report-schema.js';
import { MADE, REPORTS, sampleLimit, sampleRun, sampleSession, sampleSource } from './samples.js';

const making = { made: MADE, ceiling: null };

describe('the report of a session', () => {
  it.each(Object.entries(REPORTS))('%s is one that its own schema takes', (_, report) => {
    expect(reportSchema.safeParse(report()).error?.issues).toBeUndefined();
  });

  it('names the limit, and says that it can be trusted', () => {
    const { verdict, trails, errors } = REPORTS['usual']!();
    expect(verdict).toEqual({
      outcome: 'passed',
      headline: 'Max rate: 412 requests/s (396–429)',
      trust: 'valid',
      reasons: [],
    });
    expect(trails.map(({ kind, steps }) => [kind, steps.length])).toEqual([['load_balancing', 6]]);
    expect(errors).toEqual({ http_5xx: 80 });
  });

  it('of nothing that was usable is undecided and not to be trusted, and so is one without runs', () => {
    expect(REPORTS['not usable']!().verdict).toMatchObject({ outcome: 'undecided', trust: 'invalid' });
    expect(REPORTS['not usable']!().errors).toEqual({});
    const empty = REPORTS['without a run']!().verdict;
    expect(empty).toEqual({
      outcome: 'undecided',
      headline: 'No run was measured',
      trust: 'invalid',
      reasons: ['no run was measured'],
    });
  });

  it('says of a limit that varies between which loads', () => {
    const source = sampleSource();
    const limits = [sampleLimit({ status: 'unsteady', low: 300, estimate: 350, high: 420 })];
    const { headline } = reportOf({ ...source, session: { ...source.session, limits } }, making).verdict;
    expect(headline).toBe('Max rate: varies, 300–420 requests/s');
  });

  it('says what each region showed, and from where its trail came', () => {
    const far = { status: 'known', estimate: 300, low: 280, high: 320, binding: 'p(99)<250' } as const;
    const near = { status: 'at_least', estimate: null, low: 500, high: null, binding: null } as const;
    const source = sampleSource();
    const regionsOf = ({ verdict, reason, objectives, evidence }: (typeof source)['scenarios'][number]['result']) => ({
      far: { verdict, reason, objectives, evidence },
    });
    const scenarios = source.scenarios.map((run) => ({
      ...run,
      result: { ...run.result, regions: regionsOf(run.result) },
    }));
    const limits = [sampleLimit({ regions: { far, near } })];
    const report = reportOf({ ...source, scenarios, session: { ...source.session, limits } }, making);
    const { blocks = [] } = documentOf(report).sections.find(({ title }) => title === 'Limits') ?? {};
    const tables = blocks.flatMap((block) => (block.type === 'table' ? [block.table] : []));
    expect(tables[1]?.rows.map((row) => row.map(({ text }) => text))).toEqual([
      ['Request rate', 'far', '300 requests/s (280–320)', 'p(99)<250'],
      ['Request rate', 'near', 'at least 500 requests/s', '–'],
    ]);
    expect(report.trails).toEqual(REPORTS['usual']!().trails);
  });

  it('of a load test says what its run came to', () => {
    expect(REPORTS['of one failed load test']!()).toMatchObject({
      session: { mode: 'run' },
      verdict: { outcome: 'failed' },
      trails: [],
    });
  });

  it('fails by a failed expectation, and is undecided by one that is not shown', () => {
    const expectation = {
      kind: 'load_balancing',
      expression: 'load_balancing>=500',
      observed: { low: 396, high: 429 },
    } as const;
    const outcomeWith = (...outcomes: ('passed' | 'failed' | 'undecided')[]): string => {
      const expectations = outcomes.map((outcome) => ({ ...expectation, outcome }));
      const report = reportOf(sampleSource(), { ...making, expectations });
      expect(withExpectations(reportOf(sampleSource(), making), expectations)).toEqual(report);
      return report.verdict.outcome;
    };
    expect(outcomeWith('passed')).toBe('passed');
    expect(outcomeWith('passed', 'undecided', 'failed')).toBe('failed');
    expect(outcomeWith('passed', 'undecided')).toBe('undecided');
  });

  it('says which limit is open, and how many runs were lost', () => {
    const session = sampleSession({
      limits: [sampleLimit({ status: 'rough', reason: 'no run of a minute passed yet' })],
    });
    const scenarios = [
      sampleRun({ index: 0, intensity: 100 }),
      sampleRun({ index: 1, intensity: 200, unusable: true }),
    ];
    expect(reportOf({ ...sampleSource(), session, scenarios }, making).verdict).toMatchObject({
      trust: 'suspect',
      reasons: ['Request rate: no run of a minute passed yet', '1 of 2 runs were not usable and taught nothing'],
    });
  });

  it('holds no header, no body, no password, no query and no host name', () => {
    const secret = 'hunter2';
    const input = {
      url: `http://user:${secret}@127.0.0.1:9391`,
      requests: [
        { name: 'a', method: 'POST', path: `/a?key=${secret}`, headers: { authorization: secret }, body: secret },
      ],
    };
    const source = sampleSource();
    const [first] = source.scenarios;
    const target = { ...toTarget({ url: 'http://127.0.0.1:1' }, 'shop'), nodes: [{ url: input.url, weight: 1 }] };
    const requests = [{ ...target.requests[0]!, ...input.requests[0]! }] as typeof target.requests;
    const scenario = { ...first!.scenario, plan: { ...first!.scenario.plan, requests } };
    const machine = { host: secret, cpu: 'some', cores: 2, node: 'v20' };
    const ceiling = { version: 1 as const, measuredAt: MADE.at, machine, threads: 1, shapes: [], timers: [] };
    const report = reportOf(
      { ...source, target: { ...target, requests }, scenarios: [{ ...first!, scenario }] },
      { ...making, ceiling },
    );
    expect(JSON.stringify(report)).not.toContain(secret);
    expect(report.target).toMatchObject({
      nodes: ['http://127.0.0.1:9391/'],
      requests: [{ method: 'POST', path: '/a' }],
    });
    expect(report.ceiling?.machine).toEqual({ cpu: 'some', cores: 2, node: 'v20' });
  });
});
