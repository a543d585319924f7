import { HiveError } from '@hive/contract';
import { count, counted, createNames, MOST_REQUESTS, tally, type Imported } from '../imported.js';
import { isRead, isSendable, optionalSecrets } from '../traffic-target.js';
import { hiddenNames, hiddenRequest } from '../written-request.js';
import { readCurls, type CurlRequest } from './curl.js';

/** Requests of commands; of different ones a target has at most 200. */
const MOST_READ = 1_000;

type Made = NonNullable<ReturnType<typeof hiddenRequest>>;

/**
 * Makes a target of command lines of curl: one request for each that they send, weighted by how often it is there. What is secret in them becomes
 * `${NAME:-}`.
 * @throws HiveError `validation` where none can be sent, or one takes its body from a file.
 */
export function fromCurl(text: string, { serverUrl }: { serverUrl?: string } = {}): Imported {
  const all = readCurls(text).map((request) => ({ ...request, address: addressOf(request.url) }));
  const left = new Map<string, number>();
  const made = new Map<string, Made>();
  const taken: typeof all = [];
  const origin = all[0]?.address.origin;
  for (const one of all) {
    if (taken.length === MOST_READ) {
      count(left, `beyond the first ${MOST_READ.toLocaleString('en-US')}`);
      continue;
    }
    const isOther = serverUrl === undefined && one.address.origin !== origin;
    const request = isOther ? `to ${one.address.host}` : madeOf(one);
    if (typeof request === 'string') {
      count(left, request);
      continue;
    }
    const key = JSON.stringify(request);
    const known = made.get(key);
    if (known === undefined && made.size === MOST_REQUESTS) {
      count(left, `beyond the first ${MOST_REQUESTS}`);
      continue;
    }
    made.set(key, { ...request, weight: (known?.weight ?? 0) + 1 });
    taken.push(one);
  }
  if (made.size === 0) throw new HiveError('validation', `curl: ${[...left.keys()].join('; ')}`);
  const requests = named([...made.values()]);
  const writing = requests.filter(({ method = 'GET' }) => !isRead(method)).length;
  return {
    target: { url: serverUrl ?? origin, requests, ...connectionOf(taken, serverUrl) },
    summary: `${counted(requests.length, 'request')} from ${all.length === 1 ? 'a curl command' : 'curl commands'}`,
    notes: [
      ...new Set(all.flatMap(({ notes }) => notes)),
      ...(left.size === 0 ? [] : [`Left out: ${tally(left)}`]),
      ...(writing === 0 ? [] : [`Not sent until safety.allowWrites is on: ${counted(writing, 'writing request')}`]),
    ],
    secrets: optionalSecrets(hiddenNames(requests)),
    comments: {},
  };
}

/** A request without what is secret in it, or why it cannot be sent. */
function madeOf({ method, headers, body, user, address }: CurlRequest & { address: URL }): Made | string {
  if (!isSendable(method)) return `${method} cannot be sent`;
  const given: [string, string][] =
    user === null ? headers : [...headers, ['authorization', `Basic ${Buffer.from(user).toString('base64')}`]];
  return (
    hiddenRequest({ method, url: address, headers: given, body }) ??
    'the body is bytes with a secret in it, which cannot be hidden'
  );
}

function named(requests: readonly Made[]): (Made & { name: string })[] {
  const nameOf = createNames();
  return requests.map((one) => {
    const name = nameOf(`${(one.method ?? 'GET').toLowerCase()}${(one.path ?? '').split('?')[0]}`);
    return { name, ...one };
  });
}

/** How all of them are connected: a target has one way. */
function connectionOf(
  all: readonly CurlRequest[],
  serverUrl: string | undefined,
): Pick<Imported['target'], 'insecure' | 'tls' | 'connectTo'> {
  const { cacert: ca, ...own } = all.find(({ tls }) => Object.keys(tls).length > 0)?.tls ?? {};
  const tls = { ...own, ...(ca !== undefined && { ca }) };
  const connectTo = [...new Set(all.flatMap((one) => one.connectTo))];
  return {
    ...(all.some(({ insecure }) => insecure) ? { insecure: true } : {}),
    ...(Object.keys(tls).length === 0 ? {} : { tls }),
    ...(connectTo.length === 0 || serverUrl !== undefined ? {} : { connectTo }),
  };
}

function addressOf(address: string): URL {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new HiveError('validation', `curl: '${address.slice(0, 100)}' is not an http:// or https:// address`);
}
