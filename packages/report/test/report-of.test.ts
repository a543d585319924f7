import { toTarget } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { reportOf, reportSchema } from '../src/index.js';
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
      return reportOf(sampleSource(), { ...making, expectations }).verdict.outcome;
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
