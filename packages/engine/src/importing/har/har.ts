import { HiveError, type TargetInput } from '@hive/contract';
import { count, counted, createNames, MOST_REQUESTS, tally, type Imported } from '../imported.js';
import { readHarEntries, type HarEntry } from './entries.js';
import { createPathGroups } from '../path-groups.js';
import { escapeReferences } from '../../safety/secrets.js';
import { isRead, isSendable, optionalSecrets, requestsOf, toPath, withoutCredentials } from '../traffic-target.js';

export interface HarOptions {
  /** Takes the place of the recorded origin; an origin of the recording picks its requests. */
  serverUrl?: string;
  /** Requests kept at most, the most frequent ones. Default, and at most, 200. */
  most?: number;
  /** Ids stay in the paths, whatever their number. */
  exactIds?: boolean;
}

type RequestInput = NonNullable<TargetInput['requests']>[number];

/** One thing that was asked for, and how often. */
interface Asked {
  entry: HarEntry;
  path: string;
  times: number;
}

/** Headers that say what is asked for and in which form; all others are the browser's own, or may be secret. */
const KEPT_HEADERS: ReadonlySet<string> = new Set(['accept', 'content-type']);

/**
 * Makes a target of a browser's recording (HTTP Archive 1.2): methods, paths, weights, and the bodies of what writes. Cookies,
 * credentials and all headers but accept and content-type stay behind; so do other origins.
 * @throws HiveError `validation` when it is no HAR, or holds nothing that can be sent.
 */
export function fromHar(
  text: string,
  { serverUrl, most = MOST_REQUESTS, exactIds = false }: HarOptions = {},
): Imported {
  const { entries, malformed } = readHarEntries(text);
  const origin = mainOrigin(entries, serverUrl);
  const own = entries.filter((entry) => entry.url.origin === origin);
  const good = own.filter(({ status, method }) => status >= 200 && status < 400 && isSendable(method));
  const secrets = new Set<string>();
  const asked = distinct(good, secrets);
  if (asked.length === 0) throw nothing(entries, origin);
  const kept = Math.min(most, MOST_REQUESTS);
  const made = asked.length > MOST_REQUESTS && !exactIds ? grouped(asked, kept) : exact(asked, kept);
  return {
    target: { url: serverUrl ?? origin, requests: made.requests },
    summary: `${counted(made.requests.length, 'request')} from ${counted(entries.length, 'recorded request')}, weighted by how often each occurred`,
    notes: [...leftOut({ entries, own, origin, malformed }), ...made.notes, ...credentials(good)],
    secrets: optionalSecrets(secrets),
    comments: made.comments,
  };
}

/** The origin that most requests went to; the first of equals, which is the page's own. */
function mainOrigin(entries: readonly HarEntry[], serverUrl: string | undefined): string {
  const wanted = serverUrl !== undefined && URL.canParse(serverUrl) ? new URL(serverUrl).origin : null;
  const origins = new Map<string, number>();
  for (const { url } of entries) count(origins, url.origin);
  if (wanted !== null && origins.has(wanted)) return wanted;
  return [...origins].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

/** The same method, path and body is one request. Most frequent first. */
function distinct(entries: readonly HarEntry[], secrets: Set<string>): Asked[] {
  const asked = new Map<string, Asked>();
  for (const entry of entries) {
    const plain = toPath(entry.url.pathname + entry.url.search);
    if (plain === null) continue;
    const { path, names } = withoutCredentials(plain);
    for (const name of names) secrets.add(name);
    const key = JSON.stringify([entry.method, path, entry.body]);
    const before = asked.get(key);
    if (before) before.times += 1;
    else asked.set(key, { entry, path, times: 1 });
  }
  return [...asked.values()].sort((a, b) => b.times - a.times);
}

type Named = RequestInput & { name: string; method: string };
type Made = Pick<Imported, 'notes' | 'comments'> & { requests: RequestInput[] };

function exact(asked: readonly Asked[], most: number, nameFor = createNames()): Made {
  const comments: Record<string, string> = {};
  const requests = asked.slice(0, most).map((one) => {
    const request = toRequest(one, nameFor);
    const fields = secretFields(one.entry.body);
    if (fields.length > 0)
      comments[request.name] = `the body contains the recorded ${fields.join(', ')}: remove them, or write \${NAME}`;
    return request;
  });
  const writes = requests.filter(({ method }) => !isRead(method)).length;
  return { requests, comments, notes: [...rare(asked.length - requests.length), ...writeNotes(writes, comments)] };
}

/** More paths than a target may have: those that read are grouped by their ids, those that write keep their bodies and paths. */
function grouped(asked: readonly Asked[], most: number): Made {
  const groups = createPathGroups({ exactIds: false });
  for (const { entry, path, times } of asked) {
    if (isRead(entry.method)) for (let time = 0; time < times; time++) groups.add(entry.method, path);
  }
  const writes = asked.filter(({ entry }) => !isRead(entry.method));
  const all = groups.classes();
  const reads = all.slice(0, Math.max(1, most - Math.min(writes.length, most >> 1)));
  const nameFor = createNames();
  const made = requestsOf(reads, nameFor);
  const written = exact(writes, most - reads.length, nameFor);
  const dropped = all.length - reads.length;
  return {
    requests: [...made.requests, ...written.requests],
    comments: { ...written.comments, ...made.comments },
    notes: [
      `${counted(asked.length, 'different request')} are more than a target may have: paths that differ only in their ids were grouped`,
      ...rare(dropped),
      ...made.notes,
      ...written.notes,
    ],
  };
}

function toRequest({ entry, path, times }: Asked, nameFor: (wish: string) => string): Named {
  const { method, body } = entry;
  const name = nameFor(`${method.toLowerCase()}${entry.url.pathname}`);
  const headers = Object.fromEntries(
    entry.headers
      .filter(([header]) => KEPT_HEADERS.has(header) && (body !== null || header !== 'content-type'))
      .map(([header, value]) => [header, escapeReferences(value)]),
  );
  return {
    name,
    method,
    path,
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(body === null ? {} : { body: escapeReferences(body) }),
    weight: times,
  };
}

function leftOut(from: {
  entries: readonly HarEntry[];
  own: readonly HarEntry[];
  origin: string;
  malformed: number;
}): string[] {
  const { entries, own, origin, malformed } = from;
  const others = new Map<string, number>();
  for (const { url } of entries) if (url.origin !== origin) count(others, url.origin);
  const statuses = new Map<number, number>();
  for (const { status } of own) if (status < 200 || status >= 400) count(statuses, status);
  const sum = (counts: ReadonlyMap<unknown, number>): number => [...counts.values()].reduce((all, one) => all + one, 0);
  return [
    ...(others.size > 0 ? [`Left out: ${counted(sum(others), 'request')} to other origins (${tally(others)})`] : []),
    ...(statuses.size > 0
      ? [
          `Left out: ${counted(sum(statuses), 'request')} with a status outside 200–399; 0 means no answer (${tally(statuses)})`,
        ]
      : []),
    ...(malformed > 0 ? [`Left out: ${counted(malformed, 'entry', 'entries')} without an HTTP request`] : []),
  ];
}

const rare = (dropped: number): string[] =>
  dropped > 0 ? [`Left out: ${counted(dropped, 'less frequent request')}`] : [];

function writeNotes(writes: number, comments: Record<string, string>): string[] {
  return [
    ...(writes > 0
      ? [`Not sent until safety.allowWrites is on: ${counted(writes, 'writing request')}, with bodies as recorded`]
      : []),
    ...(Object.keys(comments).length > 0
      ? [`The bodies of ${Object.keys(comments).join(', ')} may contain secrets: review them`]
      : []),
  ];
}

/** Names of headers that were not copied and that the service may ask for. */
function credentials(entries: readonly HarEntry[]): string[] {
  const names = new Set(entries.flatMap(({ headers }) => headers.map(([name]) => name)));
  const seen = [...names].filter((name) =>
    /^(?:cookie|authorization|proxy-authorization)$|token|api-?key|secret/.test(name),
  );
  if (seen.length === 0) return ['Only the headers accept and content-type were copied'];
  return [
    `Only the headers accept and content-type were copied, not ${seen.sort().join(', ')}. If the service needs one, add it under headers with \${NAME}`,
  ];
}

/** Names of fields in a JSON or form body that usually hold secrets. */
function secretFields(body: string | null): string[] {
  if (body === null) return [];
  const names = body.matchAll(/(?:"|^|&)((?:[A-Za-z_-]*)(?:password|passwd|secret|token|api_?key))(?:"\s*:|=)/gi);
  return [...new Set([...names].map((match) => match[1] ?? ''))].slice(0, 5);
}

function nothing(entries: readonly HarEntry[], origin: string): HiveError {
  if (entries.length === 0) {
    return new HiveError('validation', 'the HAR file contains no HTTP requests', {
      hint: 'record again, with the network panel open',
    });
  }
  const message = `none of the ${counted(entries.length, 'request')} in the HAR file can be used: ${origin} answered none of them with 200–399`;
  return new HiveError('validation', message, { hint: 'record again while the service works' });
}
