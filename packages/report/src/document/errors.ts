import { figure, percent } from '@hive/contract';
import type { ReportData } from '../report-schema.js';
import type { Section } from './document.js';
import { runText } from './words.js';

/** Errors of all usable runs by kind, most frequent first. */
export function errorsSection({ errors, runs }: ReportData): Section | null {
  const found = Object.entries(errors).toSorted(([, a], [, b]) => b - a);
  if (found.length === 0) return null;
  const usable = runs.filter(({ outcome }) => outcome !== 'not_usable');
  const sent = usable.reduce((sum, { result }) => sum + (result.measurement?.counts.sent ?? 0), 0);
  const columns = [
    { head: 'Error', wide: 3 },
    { head: 'Requests', right: true, wide: 1 },
    { head: 'Share of sent', right: true, wide: 1 },
  ];
  const rows = found.map(([kind, count]) => [
    { text: kind },
    { text: figure(count) },
    { text: sent === 0 ? '–' : percent(count / sent) },
  ]);
  const text = `Over ${figure(usable.length)} usable runs with ${figure(sent)} requests, runs above the limit included.`;
  return {
    title: 'Errors by kind',
    blocks: [
      { type: 'table', table: { columns, rows } },
      { type: 'text', text },
    ],
  };
}

/** What runs showed beside their verdicts. */
export function findingsSection({ runs }: ReportData): Section | null {
  const items = runs.flatMap((run) => (run.result.findings ?? []).map((finding) => `${runText(run)}: ${finding}`));
  return items.length === 0 ? null : { title: 'Findings', blocks: [{ type: 'list', items: [...new Set(items)] }] };
}
