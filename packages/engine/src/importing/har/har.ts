import { HiveError, type TargetInput } from '@hive/contract';
import { count, counted, createNames, MOST_REQUESTS, tally, type Imported } from '../imported.js';
import { readHarEntries, type HarEntries, type HarEntry } from './entries.js';
import { createPathGroups } from '../path-groups.js';
import { escapeReferences, referencesIn } from '../../safety/secrets.js';
import { isRead, isSendable, optionalSecrets, requestsOf, toPath } from '../traffic-target.js';
import { withoutBodySecrets } from '../hiding/hidden-body.js';
import { withoutSecrets } from '../hiding/hidden-path.js';

export interface HarOptions {
  /** Takes the place of the recorded origin; an origin of the recording picks its requests. */
  serverUrl?: string;
  /** Picks the requests of this host. Default: the origin with the most. */
  host?: string;
  /** Requests kept at most, the most frequent ones. Default, and at most, 200. */
  most?: number;
  /** Ids stay in the paths, whatever their number. */
  exactIds?: boolean;
}

type RequestInput = NonNullable<TargetInput['requests']>[number];

/** One thing that was asked for, and how often; nothing secret is in it. */
interface Asked {
  entry: HarEntry;
  path: string;
  /** As it stands in a file, with references; null without one. */
  body: string | null;
  /** Variables of what was secret in the body. */
  hidden: string[];
  times: number;
}

/** Bytes of a body that is kept as such. */
const MOST_BYTES = 2 ** 20;

/** Headers that say what is asked for and in which form; all others are the browser's own, or may be secret. */
const KEPT_HEADERS: ReadonlySet<string> = new Set(['accept', 'content-type']);

/**
 * Makes a target of a recording (HTTP Archive): methods, paths, weights, and the bodies of what writes. Cookies, credentials and all
 * headers but accept and content-type stay behind, and so does what is secret in paths and bodies; so do other origins, and what never
 * reached the service.
 * @throws HiveError `validation` when it is no HAR, or holds nothing that can be sent.
 */
export function fromHar(
  text: string,
  { serverUrl, host, most = MOST_REQUESTS, exactIds = false }: HarOptions = {},
): Imported {
  const read = readHarEntries(text);
  const { entries } = read;
  const real = entries.filter(({ unreal }) => unreal === null);
  const origin = mainOrigin(real, { serverUrl, host });
  const own = real.filter((entry) => entry.url.origin === origin);
  const { good, reasons } = sortOut(own);
  const asked = distinct(good);
  if (asked.length === 0) throw nothing(entries, [...leftOut({ ...read, origin }), ...reasonNotes(reasons)]);
  const kept = Math.min(most, MOST_REQUESTS);
  const made = asked.length > MOST_REQUESTS && !exactIds ? grouped(asked, kept) : exact(asked, kept);
  return {
    target: { url: serverUrl ?? origin, requests: made.requests },
    summary: `${counted(made.requests.length, 'request')} from ${counted(entries.length, 'recorded request')}, weighted by how often each occurred`,
    notes: [
      ...leftOut({ ...read, origin }),
      ...reasonNotes(reasons),
      ...taken(good),
      ...made.notes,
      ...credentials(good),
    ],
    secrets: optionalSecrets(made.requests.flatMap(referenceNames)),
    comments: made.comments,
  };
}

const referenceNames = ({ path = '', body = '' }: RequestInput): string[] =>
  [path, body].flatMap(referencesIn).map(({ name }) => name);

/** What can be sent; what cannot is counted by its reason. Where no status is known, nothing bad is. */
function sortOut(own: readonly HarEntry[]): { good: HarEntry[]; reasons: Map<string, number> } {
  const reasons = new Map<string, number>();
  const good = own.filter((entry) => {
    const { status, method, bytes, type, url } = entry;
    const isBad = status !== null && (status < 200 || status >= 400);
    const why = isBad
      ? null
      : !isSendable(method)
        ? 'with a method that Hive never sends'
        : toPath(url.pathname + url.search) === null
          ? 'with a path that cannot be sent'
          : bytes !== null
            ? unkept(bytes, type ?? '')
            : undefined;
    if (typeof why === 'string') count(reasons, why);
    return why === undefined;
  });
  return { good, reasons };
}

/** Why bytes cannot stand in the file. In a form with files the fields beside them are read: a secret in the bytes cannot be taken out. */
function unkept(bytes: Buffer, type: string): string | undefined {
  if (bytes.length > MOST_BYTES) return `whose body has more than ${MOST_BYTES >> 20} MiB`;
  const { names } = withoutBodySecrets(bytes.toString('latin1'), type);
  return names.length > 0 ? 'whose body is bytes with a secret among them' : undefined;
}

const reasonNotes = (reasons: ReadonlyMap<string, number>): string[] =>
  [...reasons].map(([why, times]) => `Left out: ${counted(times, 'request')} ${why}`);

function taken(good: readonly HarEntry[]): string[] {
  const unknown = good.filter(({ status }) => status === null).length;
  const bare = good.filter(({ lacksBody }) => lacksBody);
  const files = [...new Set(good.flatMap(({ emptyFiles }) => emptyFiles))];
  return [
    ...(unknown > 0
      ? [`Taken without a known status: ${counted(unknown, 'request')}; the recording has no answer`]
      : []),
    ...(bare.length > 0
      ? [
          `The recording lacks the body of ${counted(bare.length, 'request')}, the first to ${toPath(bare[0]!.url.pathname)}: sent without one`,
        ]
      : []),
    ...(files.length > 0
      ? [`The recording lacks the content of ${files.slice(0, 5).join(', ')}: an empty file is sent`]
      : []),
  ];
}

/** The origin that most requests went to; the first of equals, which is the page's own. @throws HiveError `validation`. */
function mainOrigin(
  entries: readonly HarEntry[],
  { serverUrl, host }: { serverUrl: string | undefined; host: string | undefined },
): string {
  const wanted = serverUrl !== undefined && URL.canParse(serverUrl) ? new URL(serverUrl).origin : null;
  const origins = new Map<string, number>();
  for (const { url } of entries) count(origins, url.origin);
  const ranked = [...origins].sort((a, b) => b[1] - a[1]).map(([origin]) => origin);
  if (host !== undefined) {
    const isIt = (origin: string): boolean =>
      [new URL(origin).host, new URL(origin).hostname].includes(host.toLowerCase());
    const found = ranked.find(isIt);
    if (found !== undefined) return found;
    const hint = `the recording has ${tally(origins)}`;
    throw new HiveError('validation', `--host: no request is for ${host.slice(0, 100)}`, { hint });
  }
  if (wanted !== null && origins.has(wanted)) return wanted;
  return ranked[0] ?? '';
}

/** The same method, path and body is one request. Most frequent first. */
function distinct(entries: readonly HarEntry[]): Asked[] {
  const asked = new Map<string, Asked>();
  for (const entry of entries) {
    const { path } = withoutSecrets(toPath(entry.url.pathname + entry.url.search) ?? '/');
    const { body, names } =
      entry.body === null ? { body: null, names: [] } : withoutBodySecrets(entry.body, entry.type ?? '');
    const key = JSON.stringify([entry.method, path, body ?? entry.bytes?.toString('base64') ?? null]);
    const before = asked.get(key);
    if (before) before.times += 1;
    else asked.set(key, { entry, path, body, hidden: [...new Set(names)], times: 1 });
  }
  return [...asked.values()].sort((a, b) => b.times - a.times);
}

type Named = RequestInput & { name: string; method: string };
type Made = Pick<Imported, 'notes' | 'comments'> & { requests: RequestInput[] };

function exact(asked: readonly Asked[], most: number, nameFor = createNames()): Made {
  const comments: Record<string, string> = {};
  const requests = asked.slice(0, most).map((one) => {
    const request = toRequest(one, nameFor);
    if (one.hidden.length > 0) comments[request.name] = `not as recorded, set: ${one.hidden.join(', ')}`;
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

function toRequest({ entry, path, body, times }: Asked, nameFor: (wish: string) => string): Named {
  const { method } = entry;
  const name = nameFor(`${method.toLowerCase()}${path.split('?')[0] ?? ''}`);
  const hasBody = body !== null || entry.bytes !== null;
  const headers = Object.fromEntries(
    entry.headers
      .filter(([header]) => KEPT_HEADERS.has(header) && (hasBody || header !== 'content-type'))
      .map(([header, value]) => [header, escapeReferences(value)]),
  );
  return {
    name,
    method,
    path,
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(body === null ? {} : { body }),
    ...(entry.bytes === null ? {} : { bodyBase64: entry.bytes.toString('base64') }),
    weight: times,
  };
}

function leftOut({ entries, origin, malformed, brokenOff }: HarEntries & { origin: string }): string[] {
  const others = new Map<string, number>();
  const unreal = new Map<string, number>();
  const statuses = new Map<number, number>();
  for (const { url, status, unreal: why } of entries) {
    if (why !== null) count(unreal, why);
    else if (url.origin !== origin) count(others, url.origin);
    else if (status !== null && (status < 200 || status >= 400)) count(statuses, status);
  }
  const sum = (counts: ReadonlyMap<unknown, number>): number => [...counts.values()].reduce((all, one) => all + one, 0);
  return [
    ...(brokenOff ? ['The file breaks off: the requests before its end were read'] : []),
    ...(others.size > 0 ? [`Left out: ${counted(sum(others), 'request')} to other origins (${tally(others)})`] : []),
    ...(statuses.size > 0
      ? [
          `Left out: ${counted(sum(statuses), 'request')} with a status outside 200–399; 0 means no answer (${tally(statuses)})`,
        ]
      : []),
    ...reasonNotes(unreal),
    ...(malformed > 0 ? [`Left out: ${counted(malformed, 'entry', 'entries')} without an HTTP request`] : []),
  ];
}

const rare = (dropped: number): string[] =>
  dropped > 0 ? [`Left out: ${counted(dropped, 'less frequent request')}`] : [];

function writeNotes(writes: number, comments: Record<string, string>): string[] {
  return [
    ...(writes > 0
      ? [
          `Not sent until safety.allowWrites is on: ${counted(writes, 'writing request')}, with bodies as recorded, without their secrets`,
        ]
      : []),
    ...(Object.keys(comments).length > 0
      ? [`Secrets were left out of the bodies of ${Object.keys(comments).join(', ')}`]
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

function nothing(entries: readonly HarEntry[], reasons: readonly string[]): HiveError {
  if (entries.length === 0) {
    return new HiveError('validation', 'the HAR file contains no HTTP requests', {
      hint: 'record again, with the network panel open',
    });
  }
  const message = `none of the ${counted(entries.length, 'request')} in the HAR file can be used: ${reasons.join('; ')}`;
  return new HiveError('validation', message, { hint: 'record again while the service works' });
}
