import { HiveError, REPORT_FORMAT_NAMES, REPORT_FORMATS, type ReportFormat, type ScenarioRow } from '@hive/contract';
import type { Render } from './formats/format.js';
import type { ReportData } from './report-schema.js';

/** Each format is one file, loaded when it is asked for. */
const LOADERS: Readonly<Record<ReportFormat, () => Promise<{ render: Render }>>> = {
  text: () => import('./formats/text.js'),
  json: () => import('./formats/json.js'),
  md: () => import('./formats/markdown.js'),
  html: () => import('./formats/html.js'),
  pdf: () => import('./formats/pdf.js'),
  csv: () => import('./formats/csv.js'),
  junit: () => import('./formats/junit.js'),
  openmetrics: () => import('./formats/openmetrics.js'),
  badge: () => import('./formats/badge.js'),
};

/** The parts of a report in one format, in order. Text is UTF-8. */
export async function* renderReport(report: ReportData, format: ReportFormat): AsyncGenerator<string | Uint8Array> {
  const { render } = await LOADERS[format]();
  yield* render(report);
}

/** Runs as CSV, one line each after a head. */
export async function* runsAsCsv(pages: AsyncIterable<readonly ScenarioRow[]>): AsyncGenerator<string> {
  const { runsCsv } = await import('./formats/runs-csv.js');
  yield* runsCsv(pages);
}

/** The format that a file name asks for. @throws HiveError `validation`. */
export function formatOfFile(path: string): ReportFormat {
  const ends = (name: ReportFormat): boolean =>
    REPORT_FORMATS[name].extensions.some((one) => path.toLowerCase().endsWith(one));
  const found = REPORT_FORMAT_NAMES.find(ends);
  if (found !== undefined) return found;
  const known = REPORT_FORMAT_NAMES.map((name) => REPORT_FORMATS[name].extensions[0]).join(', ');
  throw new HiveError('validation', `'${path}' does not end like any report format`, {
    hint: `end it with one of ${known}`,
  });
}
