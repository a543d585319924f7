import { HiveError } from '@hive/contract';
import { count, counted, tally, type Imported } from '../imported.js';
import { openInput, type Chunks } from '../open-input.js';
import { createPathGroups } from '../path-groups.js';
import { optionalSecrets, requestsOf } from '../traffic-target.js';
import { withoutSecrets } from '../hiding/hidden-path.js';
import { referencesIn } from '../../safety/secrets.js';
import { leftOut, newLogCounts, noteLine, nothingToSend, sum } from './log-counts.js';
import { linesOf } from './log-lines.js';
import { createLogReader } from './log-reader.js';

export interface AccessLogOptions {
  /** Where the load is to go: a log does not say where its server was. */
  serverUrl: string;
  /** Whose requests are taken where a log has several hosts. Default: the one with the most. */
  host?: string;
  /** Requests kept at most, the most frequent ones. Default 50. */
  most?: number;
  /** Ids stay in the paths, instead of becoming keys. */
  exactIds?: boolean;
}

const MOST_REQUESTS = 50;
const MOST_HOSTS = 1_000;

/**
 * Makes a target of an access log: methods, paths, and how often each was asked for. Its format is found by itself, line by line.
 * It is read as a stream, packed or not, with bounded memory. Only what was answered well counts; `{key}` takes the place of ids.
 * @throws HiveError `validation` when no line can be used.
 */
export async function fromAccessLog(
  chunks: Chunks,
  { serverUrl, host: wanted, most = MOST_REQUESTS, exactIds = false }: AccessLogOptions,
): Promise<Imported> {
  const groups = createPathGroups({ exactIds });
  const counts = newLogCounts();
  const hosts = new Map<string, number>();
  const readLine = createLogReader();
  const input = openInput(chunks);
  for await (const lines of linesOf(input.chunks)) {
    for (const line of lines) {
      if (line !== null && line.trim() === '') continue;
      const read = line === null ? ({ type: 'malformed', format: null } as const) : readLine(line);
      noteLine(counts, read, line);
      if (read.type !== 'request') continue;
      const host = hosts.size < MOST_HOSTS || hosts.has(read.host ?? '') ? (read.host ?? '') : 'other hosts';
      count(hosts, host);
      groups.add(read.method, withoutSecrets(read.path).path, host);
    }
  }
  if (counts.requests === 0) throw nothingToSend(counts);
  const main = mainHost(hosts, wanted);
  const all = groups.classes().filter(({ host }) => host === main);
  const kept = all.slice(0, most);
  const { requests, comments, notes } = requestsOf(kept);
  const covered = kept.reduce((total, one) => total + one.requests, 0);
  const ofMain = hosts.get(main) ?? 0;
  return {
    target: { url: serverUrl, requests },
    summary: `${counted(requests.length, 'request')} from ${counted(counts.lines, 'line')} (${[...counts.formats.keys()].join(', ')}), weighted by how often each occurred`,
    notes: [
      ...(covered < ofMain
        ? [
            `Left out: ${counted(all.length - kept.length, 'less frequent request')}; the rest covers ${share(covered / ofMain)} of the traffic`,
          ]
        : []),
      ...otherHosts(hosts, main),
      ...leftOut(counts),
      ...input.warnings,
      ...notes,
      ...(requests.some(({ method }) => method === 'POST' || method === 'PUT' || method === 'PATCH')
        ? ['A log has no bodies: add a body and a content-type to the writing requests']
        : []),
    ],
    secrets: optionalSecrets(requests.flatMap(({ path = '' }) => referencesIn(path).map(({ name }) => name))),
    comments,
  };
}

/** @throws HiveError `validation` when the wanted host is not among them. */
function mainHost(hosts: ReadonlyMap<string, number>, wanted: string | undefined): string {
  const ranked = [...hosts].sort((a, b) => b[1] - a[1]);
  if (wanted === undefined) return ranked[0]?.[0] ?? '';
  const host = wanted.toLowerCase().replace(/:(?:80|443)$/, '');
  if (hosts.has(host)) return host;
  const known = new Map(ranked.filter(([name]) => name !== ''));
  const message = `--host: no request in the log is for ${wanted.slice(0, 100)}`;
  const hint = known.size === 0 ? 'the log does not say hosts: leave --host out' : `the log has ${tally(known)}`;
  throw new HiveError('validation', message, { hint });
}

function otherHosts(hosts: ReadonlyMap<string, number>, main: string): string[] {
  const others = new Map([...hosts].filter(([host]) => host !== main));
  if (others.size === 0) return [];
  const named = new Map([...others].map(([host, times]) => [host === '' ? 'no host' : host, times]));
  return [
    `Taken: the requests to ${main === '' ? 'no host' : main}. Left out: ${counted(sum(others), 'request')} to others (${tally(named)}); --host NAME chooses`,
  ];
}

const share = (part: number): string => `${(100 * part).toFixed(part > 0.99 ? 2 : 1)} %`;
