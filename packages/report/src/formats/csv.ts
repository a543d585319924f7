import { ERROR_KINDS, isRamp, type Counts, type ErrorKind, type Latency } from '@hive/contract';
import type { ReportData, ReportRun } from '../report-schema.js';
import { csvText } from './csv-text.js';
import type { Render } from './format.js';

/** Rows that are written at once; with 500 a million grow the process by 46 MiB, with 100 by 4. */
const BATCH = 100;
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
    yield csvText(batch, HEAD.length);
    batch = [];
  }
  yield csvText(batch, HEAD.length);
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

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
