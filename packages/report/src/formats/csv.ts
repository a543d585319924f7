import { ERROR_KINDS, isRamp, type Counts, type ErrorKind, type Latency } from '@hive/contract';
import { stringify } from 'csv-stringify/sync';
import type { ReportData, ReportRun } from '../report-schema.js';
import type { Render } from './format.js';

/** Rows that are written at once. */
const BATCH = 500;
const COUNTS = [
  'planned',
  'sent',
  'droppedTarget',
  'droppedGenerator',
  'answered',
  'good',
  'failed',
  'timedOut',
  'cutOff',
] as const;
const TIMES = ['min', 'mean', 'p50', 'p90', 'p95', 'p99', 'p999', 'max'] as const;

/** What is measured of a run and of each of its windows alike. */
interface Measured {
  counts: Counts;
  errors: Partial<Record<ErrorKind, number>>;
  offeredPerSecond: number;
  throughputPerSecond: number;
  responseTimeMs: Latency;
  serviceTimeMs: Latency;
  bytesIn: number;
  bytesOut: number;
}

const HEAD = [
  'record',
  'session',
  'target',
  'run',
  'run_number',
  'started_at',
  'kind',
  'intensity',
  'unit',
  'is_ramp',
  'is_soak',
  'seed',
  'outcome',
  'validity',
  'reason',
  'at',
  'from_ms',
  'to_ms',
  'phase',
  ...COUNTS.map((name) => `${snake(name)}_requests`),
  'sent_requests_per_second',
  'good_answers_per_second',
  ...TIMES.map((name) => `response_time_${name}_ms`),
  ...TIMES.map((name) => `service_time_${name}_ms`),
  'bytes_in',
  'bytes_out',
  ...ERROR_KINDS.map((kind) => `error_${kind}_requests`),
];

/** Every run and every window of it as one row, units in the header. Nothing is held but a batch of rows. */
export const render: Render = function* (report) {
  let batch: unknown[][] = [HEAD];
  for (const row of rowsOf(report)) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield textOf(batch);
    batch = [];
  }
  yield textOf(batch);
};

function* rowsOf({ session, target, runs }: ReportData): Generator<unknown[]> {
  for (const [index, run] of runs.entries()) {
    const { measurement, verdict, validity, reason } = run.result;
    const ids = [session.id, target.id, run.id, index + 1, run.startedAt, ...runCells(run)];
    const said = [run.outcome, validity.status, reason];
    const judged = ['', '', '', verdict === 'aborted' ? '' : 'judged'];
    yield ['run', ...ids, ...said, ...judged, ...(measurement === null ? [] : measuredCells(measurement))];
    for (const window of run.windows) {
      const place = [window.at, window.fromMs, window.toMs, window.phase];
      yield ['window', ...ids, '', '', '', ...place, ...measuredCells(window)];
    }
  }
}

function runCells(run: ReportRun): unknown[] {
  const { kind, intensity, unit, plan, seed } = run;
  return [kind, intensity, unit, isRamp({ plan }), plan.hold === true, seed];
}

function measuredCells(of: Measured): unknown[] {
  return [
    ...COUNTS.map((name) => of.counts[name]),
    of.offeredPerSecond,
    of.throughputPerSecond,
    ...TIMES.map((name) => (of.responseTimeMs.count === 0 ? '' : of.responseTimeMs[name])),
    ...TIMES.map((name) => (of.serviceTimeMs.count === 0 ? '' : of.serviceTimeMs[name])),
    of.bytesIn,
    of.bytesOut,
    ...ERROR_KINDS.map((kind) => of.errors[kind] ?? 0),
  ];
}

function textOf(rows: unknown[][]): string {
  const whole = rows.map((row) => HEAD.map((_, at) => cell(row[at])));
  return stringify(whole, { record_delimiter: '\r\n', cast: { boolean: String } });
}

/** A spreadsheet runs what begins with one of these signs, in some also after a tab or a line break. Numbers are left as they are. */
function cell(value: unknown): unknown {
  return typeof value === 'string' && /^[\s\0]*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(value) ? `'${value}` : value;
}

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
