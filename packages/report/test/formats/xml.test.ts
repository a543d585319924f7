import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describeWith, xmllint } from '../../../../test/services.js';
import { expect, it } from 'vitest';
import { renderReport, reportOf, type ReportData } from '../../src/index.js';
import { MADE, REPORTS, sampleLimit, sampleRun, sampleSession, sampleTarget, textOf } from '../samples.js';

const SCHEMA = join(import.meta.dirname, 'junit.xsd');

describeWith(xmllint, 'reports in XML, as xmllint reads them', (path) => {
  /** Throws what xmllint says against it. */
  const lint = (text: string, ...args: string[]): string =>
    execFileSync(path, ['--nonet', ...args, '-'], {
      input: text,
      encoding: 'utf8',
      timeout: 30_000,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  const junit = (report: ReportData): Promise<string> => textOf(renderReport(report, 'junit'));
  const xpath = (text: string, query: string): string => lint(text, '--xpath', query).trim();

  it.each(Object.entries(REPORTS))('JUnit of a session %s meets the schema', async (_, report) => {
    expect(lint(await junit(report()), '--noout', '--schema', SCHEMA)).toBe('');
  });

  it.each(Object.entries(REPORTS))('the badge of a session %s is well-formed', async (_, report) => {
    const text = await textOf(renderReport(report(), 'badge'));
    expect(lint(text, '--noout')).toBe('');
    expect(text).not.toMatch(/<(script|image|foreignObject)|NaN|Infinity/);
  });

  it('the badge names the limit with half the width of its interval', async () => {
    const text = await textOf(renderReport(REPORTS['usual']!(), 'badge'));
    expect(xpath(text, 'string(//*[local-name()="title"])')).toBe('Max rate: 412 requests/s ±4 %');
  });

  it('a measured limit is green: runs above it fail by design', async () => {
    const text = await junit(REPORTS['usual']!());
    expect(xpath(text, 'count(//testcase)')).toBe('2');
    expect(xpath(text, 'count(//failure) + count(//error) + count(//skipped)')).toBe('0');
  });

  it('a failed objective of a load test is a failure with what was observed', async () => {
    const text = await junit(REPORTS['of one failed load test']!());
    expect(xpath(text, 'string(/testsuites/@failures)')).toBe('2');
    expect(xpath(text, 'string(//testcase[2]/failure/@message)')).toBe('failed: observed 2 %; failed: shop');
  });

  it.each(['not usable', 'without a run'])('a session %s is an error, never green', async (name) => {
    const text = await junit(REPORTS[name]!());
    expect(xpath(text, 'string(/testsuites/@errors)')).toBe('1');
    expect(xpath(text, 'count(//testcase)')).toBe('1');
  });

  const withRuns = (more: object, ...runs: ReturnType<typeof sampleRun>[]): ReportData =>
    reportOf({ target: sampleTarget(), session: sampleSession(more), scenarios: runs }, { made: MADE, ceiling: null });

  it('what a load test left undecided had to be shown: a failure', async () => {
    const report = withRuns({ id: 'exe_2' }, sampleRun({ index: 0, intensity: 100, verdict: 'undecided' }));
    expect(xpath(await junit(report), 'string(/testsuites/@failures)')).toBe('2');
  });

  it('what a load test could not measure is an error', async () => {
    const unusable = withRuns({ id: 'exe_2' }, sampleRun({ index: 0, intensity: 100, unusable: true }));
    expect(xpath(await junit(unusable), 'string(/testsuites/@errors)')).toBe('2');
    const stopped = withRuns({ id: 'exe_2' }, sampleRun({ index: 0, intensity: 100, verdict: 'aborted' }));
    expect(xpath(await junit(stopped), 'string(/testsuites/@errors)')).toBe('2');
  });

  it('a kind that does not apply is skipped with the reason', async () => {
    const limit = sampleLimit({ status: 'not_applicable', reason: 'one request class only' });
    const text = await junit(withRuns({ limits: [limit] }));
    expect(xpath(text, 'string(//skipped/@message)')).toBe('one request class only');
  });

  it('expectations are cases: failed ones failures, unmeasured ones errors', async () => {
    const of = { kind: 'load_balancing', observed: { low: 396, high: 429 } } as const;
    const unknown = { ...of, observed: { low: null, high: null } };
    const expectations = [
      { ...of, expression: 'a', outcome: 'passed' },
      { ...of, expression: 'b', outcome: 'failed' },
      { ...of, expression: 'c', outcome: 'undecided' },
      { ...unknown, expression: 'd', outcome: 'failed' },
    ] as const;
    const text = await junit({ ...REPORTS['usual']!(), expectations: [...expectations] });
    const problem = (name: string): string => xpath(text, `name(//testcase[@name="expected ${name}"]/*)`);
    expect(['a', 'b', 'c', 'd'].map(problem)).toEqual(['', 'failure', 'failure', 'error']);
  });
});
