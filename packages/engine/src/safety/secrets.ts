import {
  authTexts,
  HiveError,
  mapHeaders,
  mayWrite,
  SECRET_PREFIX,
  type Auth,
  type RequestClass,
  type Safety,
} from '@hive/contract';
import { isRead } from './reads.js';

/** Where values come from: names and what they stand for. Never the whole process environment unless the caller is its owner. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A place in a text that stands for a value of the environment: `${NAME}` or `${NAME:-default}`. */
export interface Reference {
  name: string;
  /** As it is written. */
  text: string;
  /** Stands in where the name is unset or empty, as in a shell. */
  fallback: string | null;
}

type Texts = Pick<RequestClass, 'headers' | 'path' | 'body'>;
/** With `safety`, requests that write and may not be sent need no values. */
interface WithRequests {
  requests: readonly (Texts & { method?: string })[];
  safety?: Pick<Safety, 'allowWrites' | 'environment'>;
  auth?: Pick<Auth, 'request'> | undefined;
}

// `$${` first: it stands for the characters `${` themselves.
const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** Every reference in a text, in its order. */
export function referencesIn(text: string): Reference[] {
  if (!text.includes('${')) return [];
  return [...text.matchAll(REFERENCE)].flatMap(([whole, name, fallback]) =>
    name === undefined ? [] : [{ name, text: whole, fallback: fallback ?? null }],
  );
}

/** A `${` that is neither a reference nor escaped, with what follows it on its line; null when there is none. */
export function brokenReference(text: string): string | null {
  return /\$\{[^}\s]{0,20}\}?/.exec(text.replace(REFERENCE, ''))?.[0] ?? null;
}

/** The value of a reference; null when it is missing. */
export function valueOf({ name, fallback }: Reference, environment: Environment): string | null {
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
  if (fallback === null) return value ?? null;
  return value === undefined || value === '' ? fallback : value;
}

/** Fills references in; what is missing stays as it is written. `$${` becomes `${`. */
export function fillIn(text: string, environment: Environment, encode = (value: string): string => value): string {
  if (!text.includes('${')) return text;
  return text.replace(REFERENCE, (whole, name: string | undefined, fallback: string | undefined) => {
    if (name === undefined) return '${';
    const value = valueOf({ name, text: whole, fallback: fallback ?? null }, environment);
    return value === null ? whole : encode(value);
  });
}

/** The text that {@link fillIn} turns back into this one. */
export const escapeReferences = (text: string): string => text.replaceAll('${', () => '$${');

/** The names that a target takes from the environment, each once, in alphabetical order. */
export function secretNames({ requests, auth }: Pick<WithRequests, 'requests' | 'auth'>): string[] {
  const references = [...requests.flatMap(referencesOf), ...loginReferences({ auth })];
  return [...new Set(references.map(({ name }) => name))].sort();
}

/** Those without which its requests cannot be sent: what has a default, or stands only in writes that are off, is not among them. */
export function neededNames(target: WithRequests): string[] {
  const references = [...sentOf(target).flatMap(referencesOf), ...loginReferences(target)];
  const needed = references.filter(({ fallback }) => fallback === null);
  return [...new Set(needed.map(({ name }) => name))].sort();
}

/** How a name that is missing is given, or what else to do, in words. */
export function waysToSet(name: string, ...others: string[]): string {
  const stored = name.startsWith(SECRET_PREFIX) ? [`store it with: hive secret set ${name}`] : [];
  const ways = [`export ${name}=…`, ...stored, `give a default with \${${name}:-default}`, ...others];
  return `${ways.slice(0, -1).join(', ')}, or ${ways.at(-1)}`;
}

/**
 * Says at once which names are missing that requests to be sent need, before anything is dialled.
 * @throws HiveError `validation` naming every one; values are never part of the message.
 */
export function checkSecrets(target: WithRequests, environment: Environment): void {
  const references = [...sentOf(target).flatMap(referencesOf), ...loginReferences(target)];
  const missing = new Set(references.filter((one) => valueOf(one, environment) === null).map(({ name }) => name));
  if (missing.size === 0) return;
  const names = [...missing].sort();
  const [first = ''] = names;
  throw new HiveError('validation', `the requests need ${names.join(', ')}, not set in the environment`, {
    hint: waysToSet(first, 'write $${ for a literal ${'),
    details: { missing: names },
  });
}

/**
 * The same target with every reference in headers, paths and bodies filled in: to be dialled, never to be stored, shown or logged.
 * In a path a value is percent-encoded, all but its slashes.
 * @throws HiveError `validation` as {@link checkSecrets}.
 */
export function resolveSecrets<Given extends WithRequests>(target: Given, environment: Environment): Given {
  checkSecrets(target, environment);
  const requests = target.requests.map((request) => ({
    ...request,
    path: fillIn(request.path, environment, encodeInPath),
    headers: mapHeaders(request.headers, (value) => fillIn(value, environment)),
    ...(request.body === undefined ? {} : { body: fillIn(request.body, environment) }),
  }));
  return { ...target, requests };
}

const encodeInPath = (value: string): string => encodeURIComponent(value).replaceAll('%2F', '/');

function sentOf({ requests, safety }: WithRequests): readonly Texts[] {
  if (safety === undefined || mayWrite(safety)) return requests;
  return requests.filter(({ method = 'GET' }) => isRead({ method }));
}

const loginReferences = ({ auth }: Pick<WithRequests, 'auth'>): Reference[] =>
  auth === undefined ? [] : authTexts(auth).flatMap(referencesIn);

const referencesOf = ({ path, headers, body }: Texts): Reference[] =>
  [path, ...Object.values(headers).flat(), body ?? ''].flatMap(referencesIn);
