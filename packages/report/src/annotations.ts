import { comparisonInWords, figure, itemInWords, type Comparison } from '@hive/contract';
import type { ReportData } from './report-schema.js';
import { escapeMarkdown, plain } from './plain-text.js';

/** A remark that a CI system shows beside the build. */
export interface Annotation {
  level: 'error' | 'warning' | 'notice';
  text: string;
}

/** GitHub shows ten of a step, and drops the rest. */
const MOST = 8;

/** What a CI system should say of a report: the verdict first, then what failed or is in doubt. */
export function annotationsOf({ verdict, expectations, session, runs }: ReportData): Annotation[] {
  const level = { passed: 'notice', failed: 'error', undecided: 'error', aborted: 'warning' } as const;
  const all: Annotation[] = [{ level: level[verdict.outcome], text: `${verdict.outcome}: ${verdict.headline}` }];
  for (const { expression, observed, outcome } of expectations)
    if (outcome !== 'passed')
      all.push({ level: 'error', text: `expected ${expression}, ${outcome}: measured ${rangeText(observed)}` });
  if (session.mode === 'run')
    for (const { result } of runs)
      for (const { expression, observed, outcome } of result.objectives)
        if (outcome !== 'passed')
          all.push({ level: 'error', text: `${expression}, ${outcome}: measured ${shown(observed)}` });
  const doubt = verdict.trust === 'invalid' ? 'error' : 'warning';
  if (verdict.trust !== 'valid') for (const text of verdict.reasons) all.push({ level: doubt, text });
  if (all.length <= MOST) return all;
  return [...all.slice(0, MOST - 1), { level: 'warning', text: `${all.length - MOST + 1} more are in the report` }];
}

/** What a CI system should say of a comparison: the answer. */
export function annotationsOfComparison(comparison: Comparison): Annotation[] {
  const levels = { worse: 'error', not_comparable: 'error', no_evidence: 'warning', same: 'notice', better: 'notice' };
  return [{ level: levels[comparison.answer] as Annotation['level'], text: comparisonInWords(comparison) }];
}

/** A comparison in GitHub's Markdown, for pull requests and job summaries: the answer, and a line an item. */
export function comparisonMarkdown(comparison: Comparison): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = comparison.items.map((item) => {
    const { what, base, candidate, change, answer } = itemInWords(item);
    return line([what, base, candidate, change, answer].map(escapeMarkdown));
  });
  const table = [line(['compared', 'base', 'candidate', 'change', 'answer']), line(Array(5).fill('---')), ...rows];
  const parts = ['# Compared with the base', `**${escapeMarkdown(comparisonInWords(comparison))}**`];
  return `${[...parts, ...(rows.length === 0 ? [] : [table.join('\n')])].join('\n\n')}\n`;
}

/** An annotation as a workflow command of GitHub Actions: one line, whatever the text holds. */
export function workflowCommand({ level, text }: Annotation): string {
  return `::${level} title=Hive::${plain(text).replaceAll('%', '%25')}`;
}

function rangeText({ low, high }: { low: number | null; high: number | null }): string {
  return low === null && high === null ? 'nothing' : `${shown(low)} to ${shown(high)}`;
}

function shown(value: number | null): string {
  return value === null ? 'nothing' : figure(value);
}
