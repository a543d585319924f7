import { createDepthWatch, HiveError } from '@hive/contract';
import { readHistogram } from '@hive/engine';
import { REPORT_VERSION, reportSchema, type ReportData, type ReportRun } from './report-schema.js';

/** The largest report file that is read, bytes. */
export const MOST_REPORT_BYTES = 64 * 1024 * 1024;
const MOST_DEPTH = 32;
/** The encoded form of the longest histogram is below that, base64 characters. */
const MOST_HISTOGRAM_CHARACTERS = 256 * 1024;
const MOST_PROBLEMS = 5;

/**
 * Reads a report file: at most 64 MiB, at most 32 levels deep, of a version that this Hive knows, every histogram readable and as full as
 * its run says. `name` is how the file is called in errors.
 * @throws HiveError `validation` saying what is wrong, where, and how to fix it.
 */
export function parseReport(bytes: Uint8Array, name: string): ReportData {
  const refuse = (problem: string, hint = 'write it again with hive report --format json'): HiveError =>
    new HiveError('validation', `${name}: ${problem}`, { hint });
  if (bytes.length > MOST_REPORT_BYTES) throw refuse('is larger than 64 MiB, the most that a report file may be');
  if (createDepthWatch(MOST_DEPTH)(bytes)) throw refuse(`is nested deeper than ${MOST_DEPTH} levels`);
  const value = parseJson(bytes, refuse);
  const { format, version } = (typeof value === 'object' ? (value ?? {}) : {}) as {
    format?: unknown;
    version?: unknown;
  };
  if (format !== 'hive-report') throw refuse('is not a report of Hive', 'give a file of hive report --format json');
  if (version !== REPORT_VERSION) {
    const hint = `this Hive reads version ${REPORT_VERSION}: update Hive, or write the report again with this one`;
    throw refuse(`has version ${shown(version)}, which is unknown`, hint);
  }
  const parsed = reportSchema.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'report'}: ${message}`);
    throw refuse(problems.slice(0, MOST_PROBLEMS).join('; '));
  }
  for (const [index, run] of parsed.data.runs.entries())
    checkHistograms(run, (field, problem) => refuse(`runs.${index}.${field}: ${problem}`));
  return parsed.data;
}

function parseJson(bytes: Uint8Array, refuse: (problem: string) => HiveError): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw refuse('is not valid JSON');
  }
}

/** A histogram decides comparisons: one that cannot be read, or that counts other requests than its run, is refused. */
function checkHistograms(run: ReportRun, refuse: (field: string, problem: string) => HiveError): void {
  const { measurement } = run.result;
  for (const name of ['responseTime', 'serviceTime'] as const) {
    const encoded = run[name];
    if (encoded === null) continue;
    if (encoded.length > MOST_HISTOGRAM_CHARACTERS) throw refuse(name, 'is longer than any histogram');
    const counted = totalOf(encoded);
    if (counted === null) throw refuse(name, 'is not an HdrHistogram (V2, three digits)');
    const said = measurement?.[`${name}Ms`].count ?? 0;
    if (counted !== said) throw refuse(name, `counts ${counted} requests, and its run says ${said}`);
  }
}

function totalOf(encoded: string): number | null {
  try {
    return readHistogram(Buffer.from(encoded, 'base64')).total;
  } catch {
    return null;
  }
}

/** A value of a hostile file is not repeated whole. */
function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'none').slice(0, 20);
}
