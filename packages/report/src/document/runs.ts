import { duration, figure, kindLabel, percent, rounded, VALIDITY_WORDS } from '@hive/contract';
import type { ReportData, ReportRun } from '../report-schema.js';
import type { Cell, Section } from './document.js';
import { errorShare, loadText, outcomeCell } from './words.js';

const COLUMNS = [
  { head: '#', right: true, wide: 0.9 },
  { head: 'Test', wide: 2 },
  { head: 'Load', wide: 2.3 },
  { head: 'Length', right: true, wide: 1.2 },
  { head: 'Sent', right: true, wide: 1.1 },
  { head: 'Good/s', right: true, wide: 1.25 },
  { head: 'p50', right: true, wide: 1.2 },
  { head: 'p99', right: true, wide: 1.2 },
  { head: 'Errors', right: true, wide: 1.1 },
  { head: 'Result', wide: 1.7 },
  { head: 'Reason', wide: 5 },
] as const;

/** Every run in its order. */
export function runsSection({ runs }: ReportData): Section | null {
  if (runs.length === 0) return null;
  const rows = runs.map((run, index) => [{ text: String(index + 1) }, ...cellsOf(run)]);
  return { title: 'Runs', blocks: [{ type: 'table', table: { columns: COLUMNS, rows } }] };
}

function cellsOf(run: ReportRun): Cell[] {
  const { measurement, validity, reason } = run.result;
  const errors = errorShare(run);
  const doubt = validity.status === 'suspect' ? ` (${VALIDITY_WORDS.suspect}: ${validity.reasons.join('; ')})` : '';
  const figures =
    measurement === null
      ? ['–', '–', '–', '–', '–']
      : [
          `${rounded(measurement.durationMs / 1_000)} s`,
          figure(measurement.counts.sent),
          rounded(measurement.throughputPerSecond),
          duration(measurement.responseTimeMs.p50),
          duration(measurement.responseTimeMs.p99),
        ];
  return [
    { text: kindLabel(run.kind) },
    { text: loadText(run) },
    ...figures.map((text) => ({ text })),
    { text: errors === null ? '–' : percent(errors) },
    outcomeCell(run.outcome),
    { text: `${reason}${doubt}` },
  ];
}
