import { observedText, rounded } from '@hive/contract';
import type { ReportData, ReportExpectation } from '../report-schema.js';
import type { Cell, Section } from './document.js';
import { tellingRuns } from './telling-runs.js';
import { outcomeCell, runText } from './words.js';

/** Each objective with what was observed, and each expectation with what was measured. */
export function objectivesSection(report: ReportData): Section | null {
  const rows: Cell[][] = tellingRuns(report).flatMap((run) =>
    run.result.objectives.map(({ expression, observed, outcome }) => [
      { text: expression },
      { text: observedText(expression, observed) },
      run.outcome === 'not_usable' ? outcomeCell('not_usable') : outcomeCell(outcome),
      { text: runText(run) },
    ]),
  );
  const expected = report.expectations.map(expectationRow);
  if (rows.length + expected.length === 0) return null;
  const columns = [
    { head: 'Objective', wide: 2 },
    { head: 'Observed', wide: 2 },
    { head: 'Result', wide: 1.4 },
    { head: 'At', wide: 3 },
  ];
  const table = { columns, rows: [...expected, ...rows] };
  const note =
    report.session.mode === 'train'
      ? 'At the highest load that passed, or in the soak where there was one. Runs above the limit fail by design.'
      : 'Observed over the judged part of the run.';
  return {
    title: 'Objectives',
    blocks: [
      { type: 'table', table },
      { type: 'text', text: note },
    ],
  };
}

function expectationRow({ expression, observed, outcome }: ReportExpectation): Cell[] {
  return [
    { text: `expected ${expression}` },
    { text: measuredText(observed) },
    outcomeCell(outcome),
    { text: 'limit' },
  ];
}

function measuredText({ low, high }: ReportExpectation['observed']): string {
  if (low === null) return high === null ? 'not measured' : `at most ${rounded(high)}`;
  return high === null ? `at least ${rounded(low)}` : `${rounded(low)}–${rounded(high)}`;
}
