import type { TargetInput } from '@hive/contract';
import { counted, createNames, MOST_REQUESTS, type Imported } from './imported.js';
import type { PathClass } from './path-groups.js';

type RequestInput = NonNullable<TargetInput['requests']>[number];

/** Makes the requests of a target from groups of paths, and says what a person should know about them. */
export function requestsOf(
  classes: readonly PathClass[],
  nameFor = createNames(),
): Pick<Imported, 'comments' | 'notes'> & { requests: RequestInput[] } {
  const comments: Record<string, string> = {};
  const requests = classes.map((one): RequestInput => {
    const name = nameFor(`${one.method.toLowerCase()}${one.path.split('?')[0] ?? ''}`);
    const comment = commentOf(one);
    if (comment !== null) comments[name] = comment;
    return { name, method: one.method, path: one.path, weight: one.requests, ...keysOf(one) };
  });
  return { requests, comments, notes: notesOn(classes) };
}

function keysOf({ ids }: PathClass): Pick<RequestInput, 'keys'> {
  return ids === null ? {} : { keys: { count: ids.distinct, ...ids.skew } };
}

function commentOf({ ids, variants }: PathClass): string | null {
  const lines: string[] = [];
  if (ids !== null) {
    const distinct = `${ids.more ? 'at least ' : ''}${counted(ids.distinct, 'different id')}`;
    // A number or a UUID tells nothing; what is long and hexadecimal may.
    lines.push(ids.kind === 'hex' ? distinct : `${distinct}, most often ${ids.example}`);
    if (!ids.fromOne) lines.push(`{key} is drawn from 1 to ${ids.distinct}, unlike these ids`);
  }
  if (variants > 1)
    lines.push(`the most frequent of ${variants >= 100 ? 'at least ' : ''}${variants} paths and queries`);
  return lines.length === 0 ? null : lines.join('; ');
}

function notesOn(classes: readonly PathClass[]): string[] {
  const keyed = classes.filter(({ ids }) => ids !== null);
  const odd = keyed.filter(({ ids }) => ids?.fromOne === false);
  const writes = classes.filter(({ method }) => !isRead(method));
  return [
    ...(keyed.length === 0
      ? []
      : [
          `Ids became keys in ${counted(keyed.length, 'request')}: keys.count is the number of different ids, and the exponent repeats them as often as the traffic did (Simpson's index)`,
        ]),
    ...(odd.length === 0
      ? []
      : [
          `Hive draws keys as whole numbers from 1 to keys.count; the ids of ${counted(odd.length, 'request')} are different (${odd
            .slice(0, 3)
            .map(({ path }) => path)
            .join(', ')}): add test data with those numbers to the service, or import with --exact-ids`,
        ]),
    ...(writes.length === 0
      ? []
      : [`Not sent until safety.allowWrites is on: ${counted(writes.length, 'writing request')}`]),
  ];
}

/** GET, HEAD and OPTIONS change nothing (RFC 9110, 9.2.1). */
export function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

/** Those that read come first when there are more than a target may have; the order stays. */
export function readsFirst<Request extends RequestInput>(requests: Request[]): Request[] {
  if (requests.length <= MOST_REQUESTS) return requests;
  const writes = (request: RequestInput): number => Number(!isRead(request.method ?? 'GET'));
  const kept = new Set(requests.toSorted((a, b) => writes(a) - writes(b)).slice(0, MOST_REQUESTS));
  return requests.filter((request) => kept.has(request));
}

/** Methods that a recording may hold and a load may send: the others open tunnels or echo credentials. */
export function isSendable(method: string): boolean {
  return /^[A-Z]{3,20}$/.test(method) && method !== 'CONNECT' && method !== 'TRACE';
}

/**
 * A path as it can be sent: what is not ASCII or has a meaning for Hive is percent-encoded. Null when it is no path.
 * Each character stands for a byte.
 */
export function toPath(text: string): string | null {
  if (!text.startsWith('/') || /[\0-\x20\x7f\\]/.test(text)) return null;
  const hash = text.indexOf('#');
  const path = hash < 0 ? text : text.slice(0, hash);
  if (!/[^\x21-\x7e]|[{}"<>^`|]/.test(path)) return path;
  return path.replace(/[^\x21-\x7e]|[{}"<>^`|]/g, (character) => {
    const byte = character.charCodeAt(0) & 0xff;
    return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
}

/** What was hidden: the text sent is empty until the environment says otherwise. */
export function optionalSecrets(names: Iterable<string>): Imported['secrets'] {
  return [...new Set(names)]
    .sort()
    .map((name) => ({ name, purpose: 'was in the source and is not stored; left out until you set it' }));
}
