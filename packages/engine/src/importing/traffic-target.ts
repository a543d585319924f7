import type { TargetInput } from '@hive/contract';
import { counted, createNames, type Imported } from './imported.js';
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
    lines.push(`${distinct}, most often ${ids.example}`);
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

const CREDENTIAL =
  /^(?:.*[-_.])?(?:token|secret|password|passwd|pwd|api[-_]?key|apikey|signature|sig|auth|session|sessionid|sid|jwt)$/i;

/** True for the name of a header, a query parameter or a field that usually holds a secret. */
function isCredentialName(name: string): boolean {
  return CREDENTIAL.test(name);
}

/** Query values that are probably secret give way to `${NAME:-}`: nothing secret is kept, and the path can be sent as it is. */
export function withoutCredentials(path: string): { path: string; names: string[] } {
  const at = path.indexOf('?');
  if (at < 0) return { path, names: [] };
  const names: string[] = [];
  const pairs = path
    .slice(at + 1)
    .split('&')
    .map((pair) => {
      const [name, value] = splitOnce(pair);
      if (value === undefined || value === '' || !isCredentialName(name)) return pair;
      const variable = variableName(name);
      names.push(variable);
      return `${name}=\${${variable}:-}`;
    });
  return { path: `${path.slice(0, at)}?${pairs.join('&')}`, names };
}

function splitOnce(pair: string): [string, string | undefined] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, undefined] : [pair.slice(0, at), pair.slice(at + 1)];
}

/** Secrets that were found in queries: the text sent is empty until the environment says otherwise. */
export function optionalSecrets(names: Iterable<string>): Imported['secrets'] {
  return [...names]
    .sort()
    .map((name) => ({ name, purpose: 'was in a query and is not stored; empty until you set it' }));
}

/** `access-token` → `ACCESS_TOKEN`. */
export function variableName(text: string): string {
  const name = text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase();
  return /^[A-Z]/.test(name) ? name : `API_${name}`;
}
