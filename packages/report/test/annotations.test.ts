import { describe, expect, it } from 'vitest';
import {
  annotationsOf,
  annotationsOfComparison,
  compareReports,
  comparisonMarkdown,
  workflowCommand,
} from '../src/index.js';
import { HOSTILE, REPORTS } from './samples.js';

describe('annotations of a report', () => {
  it('of a session that found its limit are one notice', () => {
    expect(annotationsOf(REPORTS['usual']!())).toEqual([
      { level: 'notice', text: 'passed: Max rate: 412 requests/s (396–429)' },
    ]);
  });

  it('name the objectives that a load test broke', () => {
    const [verdict, ...others] = annotationsOf(REPORTS['of one failed load test']!());
    expect(verdict).toMatchObject({ level: 'error', text: expect.stringMatching(/^failed: /) });
    expect(others.map(({ level }) => level)).toEqual(['error', 'error']);
    expect(others.map(({ text }) => text)[1]).toBe('rate<0.01, failed: measured 0.02');
  });

  it('never hide that nothing was usable', () => {
    const levels = annotationsOf(REPORTS['not usable']!()).map(({ level }) => level);
    expect(levels.length).toBeGreaterThan(1);
    expect(levels.every((level) => level === 'error')).toBe(true);
  });

  it('name an expectation that was not shown, with what was measured', () => {
    const expectation = { kind: 'load_balancing', expression: 'load_balancing>=500', outcome: 'failed' } as const;
    const report = { ...REPORTS['usual']!(), expectations: [{ ...expectation, observed: { low: 396, high: null } }] };
    expect(annotationsOf(report)).toContainEqual({
      level: 'error',
      text: 'expected load_balancing>=500, failed: measured 396 to nothing',
    });
  });

  it('are eight at most, and say how many more there are', () => {
    const report = REPORTS['usual']!();
    const reasons = Array.from({ length: 20 }, (_, i) => `reason ${i}`);
    const all = annotationsOf({ ...report, verdict: { ...report.verdict, trust: 'suspect', reasons } });
    expect(all).toHaveLength(8);
    expect(all.at(-1)!.text).toBe('14 more are in the report');
  });

  it('are one command each, whatever a name holds', () => {
    const command = workflowCommand({ level: 'error', text: `${HOSTILE}\n::set-output name=a::b` });
    expect(command).toMatch(/^::error title=Hive::/);
    expect(command).not.toMatch(/[\r\n]/);
    expect(command).toContain('a%250Ab');
  });
});

describe('a comparison in a job', () => {
  const report = REPORTS['usual']!();
  const compared = (tolerance: number) =>
    compareReports(report, report, { tolerance, gates: ['p95', 'errors'], history: [] });

  it('is one annotation with the answer, and a table with a line an item', () => {
    const comparison = compared(0.1);
    const [only, ...others] = annotationsOfComparison(comparison);
    expect([only?.level, others]).toEqual([comparison.answer === 'same' ? 'notice' : 'warning', []]);
    const lines = comparisonMarkdown(comparison).trimEnd().split('\n');
    expect(lines[0]).toBe('# Compared with the base');
    expect(lines.filter((line) => line.startsWith('|'))).toHaveLength(2 + comparison.items.length);
    expect(annotationsOfComparison({ ...comparison, answer: 'worse' })[0]?.level).toBe('error');
  });

  it('means nothing to Markdown, whatever a reason holds', () => {
    const comparison = { ...compared(0.1), answer: 'not_comparable' as const, reasons: [HOSTILE, '| a | b |'] };
    expect(comparisonMarkdown(comparison)).not.toMatch(/<script|^\| a/m);
  });
});
