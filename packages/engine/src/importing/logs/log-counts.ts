import { HiveError } from '@hive/contract';
import { count, counted, tally } from '../imported.js';
import { FORMAT_NAMES, type LogLine } from './log-reader.js';

/** What the lines of a log came to. */
export interface LogCounts {
  lines: number;
  requests: number;
  malformed: number;
  firstMalformed: string | null;
  /** Lines that cannot be sent, by the reason. */
  unsendable: Map<string, number>;
  statuses: Map<number, number>;
  /** Lines by their format. */
  formats: Map<string, number>;
}

/** Nothing counted yet. */
export function newLogCounts(): LogCounts {
  return {
    lines: 0,
    requests: 0,
    malformed: 0,
    firstMalformed: null,
    unsendable: new Map(),
    statuses: new Map(),
    formats: new Map(),
  };
}

/** Counts a line. */
export function noteLine(counts: LogCounts, read: LogLine & { format: string | null }, line: string | null): void {
  if (read.type === 'directive') return;
  counts.lines += 1;
  if (read.format !== null) count(counts.formats, read.format);
  if (read.type === 'request') counts.requests += 1;
  else if (read.type === 'status') count(counts.statuses, read.status);
  else if (read.type === 'unsendable') count(counts.unsendable, read.why);
  else {
    counts.malformed += 1;
    counts.firstMalformed ??= line;
  }
}

/** What is not in the target, and why. */
export function leftOut({ malformed, unsendable, statuses }: LogCounts): string[] {
  const bad = sum(statuses);
  return [
    ...(bad > 0
      ? [`Left out: ${counted(bad, 'line')} with a status outside 200–399; 0 means no answer (${tally(statuses)})`]
      : []),
    ...(malformed > 0 ? [`Left out: ${counted(malformed, 'line')} in no format that Hive knows`] : []),
    ...[...unsendable].map(([why, lines]) => `Left out: ${counted(lines, 'line')} ${why}`),
  ];
}

/** The error of a log without anything to send. */
export function nothingToSend(counts: LogCounts): HiveError {
  const { lines, malformed, firstMalformed } = counts;
  if (lines === 0) return new HiveError('validation', 'the access log is empty', { hint: 'name a log with requests' });
  const hint = `Hive reads ${FORMAT_NAMES.join(', ')}; a line looks like: 127.0.0.1 - - [10/Oct/2025:13:55:36 +0000] "GET /path HTTP/1.1" 200 2326`;
  if (malformed === lines && firstMalformed !== null) {
    // What a log holds may be anything, so only a short and printable piece is shown.
    const piece = firstMalformed.slice(0, 80).replace(/[^\x20-\x7e]/g, '?');
    const message = `no line is in a format that Hive knows; the first is '${piece}'`;
    return new HiveError('validation', message, { hint });
  }
  const message = `none of ${counted(lines, 'line')} can be used: ${leftOut(counts).join('; ')}`;
  return new HiveError('validation', message, { hint });
}

/** All of them together. */
export const sum = (counts: ReadonlyMap<unknown, number>): number =>
  [...counts.values()].reduce((all, one) => all + one, 0);
