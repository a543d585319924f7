import { closeSync, openSync, writeSync } from 'node:fs';
import { HiveError, type Window } from '@hive/contract';

const COLUMNS: readonly [string, (window: Window) => number | string][] = [
  ['at', (w) => w.at],
  ['from_ms', (w) => w.fromMs],
  ['to_ms', (w) => w.toMs],
  ['phase', (w) => w.phase],
  ['planned', (w) => w.counts.planned],
  ['sent', (w) => w.counts.sent],
  ['dropped_target', (w) => w.counts.droppedTarget],
  ['dropped_generator', (w) => w.counts.droppedGenerator],
  ['answered', (w) => w.counts.answered],
  ['good', (w) => w.counts.good],
  ['failed', (w) => w.counts.failed],
  ['timed_out', (w) => w.counts.timedOut],
  ['cut_off', (w) => w.counts.cutOff],
  ['offered_per_second', (w) => w.offeredPerSecond],
  ['throughput_per_second', (w) => w.throughputPerSecond],
  ['response_time_p50_ms', (w) => w.responseTimeMs.p50],
  ['response_time_p95_ms', (w) => w.responseTimeMs.p95],
  ['response_time_p99_ms', (w) => w.responseTimeMs.p99],
  ['response_time_max_ms', (w) => w.responseTimeMs.max],
  ['service_time_p99_ms', (w) => w.serviceTimeMs.p99],
  ['connections', (w) => w.connections],
  ['outstanding', (w) => w.outstanding],
  ['waiting', (w) => w.waiting],
  ['bytes_in', (w) => w.bytesIn],
  ['bytes_out', (w) => w.bytesOut],
];

/** One row of a run's file for each second. Rows are whole on disk as soon as they are written. */
export interface CsvFile {
  add(window: Window): void;
  close(): void;
}

/** Opens the file and writes its head. Throws HiveError `validation` when it cannot be written. */
export function openCsv(path: string): CsvFile {
  let file: number;
  try {
    file = openSync(path, 'w');
  } catch (cause) {
    throw new HiveError('validation', `--out: ${path} cannot be written (${(cause as NodeJS.ErrnoException).code})`, {
      hint: 'name a file in an existing directory with write permission',
      cause,
    });
  }
  writeSync(file, `${COLUMNS.map(([name]) => name).join(',')}\n`);
  return {
    add: (window) => void writeSync(file, `${COLUMNS.map(([, value]) => value(window)).join(',')}\n`),
    close: () => closeSync(file),
  };
}
