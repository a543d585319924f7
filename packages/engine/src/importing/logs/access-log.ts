import { HiveError } from '@hive/contract';
import { readLogLine } from './access-log-line.js';
import { count, counted, tally, type Imported } from '../imported.js';
import { linesOf } from './log-lines.js';
import { createPathGroups } from '../path-groups.js';
import { optionalSecrets, requestsOf, withoutCredentials } from '../traffic-target.js';

export interface AccessLogOptions {
  /** Where the load is to go: a log does not say where its server was. */
  serverUrl: string;
  /** Requests kept at most, the most frequent ones. Default 50. */
  most?: number;
  /** Ids stay in the paths, instead of becoming keys. */
  exactIds?: boolean;
}

interface Counts {
  lines: number;
  requests: number;
  malformed: number;
  unsendable: number;
  statuses: Map<number, number>;
  firstMalformed: string | null;
}

const MOST_REQUESTS = 50;

/**
 * Makes a target of an access log of nginx or Apache, in the common or the combined format: methods, paths, and how often each
 * was asked for. It is read as a stream, with bounded memory. Only what was answered well counts; `{key}` takes the place of ids.
 * @throws HiveError `validation` when no line can be used.
 */
export async function fromAccessLog(
  chunks: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  { serverUrl, most = MOST_REQUESTS, exactIds = false }: AccessLogOptions,
): Promise<Imported> {
  const groups = createPathGroups({ exactIds });
  const counts: Counts = {
    lines: 0,
    requests: 0,
    malformed: 0,
    unsendable: 0,
    statuses: new Map(),
    firstMalformed: null,
  };
  const secrets = new Set<string>();
  for await (const lines of linesOf(chunks)) {
    for (const line of lines) {
      const read = note(line, counts);
      if (read === null) continue;
      const { path, names } = withoutCredentials(read.path);
      for (const name of names) secrets.add(name);
      groups.add(read.method, path);
    }
  }
  const all = groups.classes();
  const kept = all.slice(0, most);
  if (kept.length === 0) throw nothing(counts);
  const { requests, comments, notes } = requestsOf(kept);
  const covered = kept.reduce((sum, one) => sum + one.requests, 0);
  return {
    target: { url: serverUrl, requests },
    summary: `${counted(requests.length, 'request')} from ${counted(counts.lines, 'line')}, weighted by how often each occurred`,
    notes: [
      ...(covered < counts.requests
        ? [
            `Left out: ${counted(all.length - kept.length, 'less frequent request')}; the rest covers ${share(covered / counts.requests)} of the traffic`,
          ]
        : []),
      ...leftOut(counts),
      ...notes,
      ...(requests.some(({ method }) => method === 'POST' || method === 'PUT' || method === 'PATCH')
        ? ['A log has no bodies: add a body and a content-type to the writing requests']
        : []),
    ],
    secrets: optionalSecrets(secrets),
    comments,
  };
}

function note(line: string | null, counts: Counts): { method: string; path: string } | null {
  if (line !== null && line.trim() === '') return null;
  counts.lines += 1;
  const read = line === null ? ({ type: 'malformed' } as const) : readLogLine(line);
  switch (read.type) {
    case 'request':
      counts.requests += 1;
      return read;
    case 'status':
      count(counts.statuses, read.status);
      return null;
    case 'unsendable':
      counts.unsendable += 1;
      return null;
    case 'malformed':
      counts.malformed += 1;
      counts.firstMalformed ??= line;
      return null;
  }
}

function leftOut({ malformed, unsendable, statuses }: Counts): string[] {
  const bad = [...statuses.values()].reduce((sum, times) => sum + times, 0);
  return [
    ...(bad > 0 ? [`Left out: ${counted(bad, 'line')} with a status outside 200–399 (${tally(statuses)})`] : []),
    ...(malformed > 0 ? [`Left out: ${counted(malformed, 'line')} not in the common or combined format`] : []),
    ...(unsendable > 0
      ? [
          `Left out: ${counted(unsendable, 'line')} without a path on this server, or with a method that Hive never sends`,
        ]
      : []),
  ];
}

function nothing(counts: Counts): HiveError {
  const { lines, malformed, firstMalformed } = counts;
  if (lines === 0) return new HiveError('validation', 'the access log is empty', { hint: 'name a log with requests' });
  const hint = 'log lines look like: 127.0.0.1 - - [10/Oct/2025:13:55:36 +0000] "GET /path HTTP/1.1" 200 2326';
  if (malformed === lines && firstMalformed !== null) {
    // What a log holds may be anything, so only a short and printable piece is shown.
    const piece = firstMalformed.slice(0, 80).replace(/[^\x20-\x7e]/g, '?');
    return new HiveError('validation', `no line is in the common or combined format; the first is '${piece}'`, {
      hint,
    });
  }
  return new HiveError('validation', `none of ${counted(lines, 'line')} can be used: ${leftOut(counts).join('; ')}`, {
    hint,
  });
}

const share = (part: number): string => `${(100 * part).toFixed(part > 0.99 ? 2 : 1)} %`;
