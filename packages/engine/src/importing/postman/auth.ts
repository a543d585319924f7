import { isMapping, type Mapping } from '../mapping.js';
import { variableName } from '../hiding/reference.js';
import { encode } from '../openapi/parameters.js';

/** What a request needs to be let in: secrets are names of the environment, never the values of the collection. */
export interface Auth {
  headers: [name: string, value: string][];
  query: string[];
  secrets: { name: string; purpose: string }[];
  /** The type of a scheme that cannot be served. */
  unserved: string | null;
}

/** The first of those that are given, from the request outwards, counts. */
export function authOf(given: readonly unknown[]): Auth {
  const result: Auth = { headers: [], query: [], secrets: [], unserved: null };
  const auth = given.find(isMapping);
  if (auth === undefined) return result;
  const { type } = auth;
  const settings = settingsOf(auth);
  const secret = (value: string | undefined, fallback: string, purpose: string): string => {
    const named = /^\s*\{\{\s*([^{}]+?)\s*\}\}\s*$/.exec(value ?? '')?.[1];
    const name = named === undefined ? fallback : variableName(named);
    result.secrets.push({ name, purpose });
    return `\${${name}}`;
  };
  if (type === 'bearer') {
    result.headers.push([
      'authorization',
      `Bearer ${secret(settings.get('token'), 'BEARER_TOKEN', 'the bearer token')}`,
    ]);
  } else if (type === 'oauth2') {
    result.headers.push([
      'authorization',
      `Bearer ${secret(settings.get('accessToken'), 'ACCESS_TOKEN', 'an access token')}`,
    ]);
  } else if (type === 'basic') {
    result.headers.push(['authorization', `Basic ${secret(undefined, 'BASIC_TOKEN', 'the base64 of user:password')}`]);
  } else if (type === 'apikey') {
    const key = settings.get('key') ?? 'X-API-Key';
    const value = secret(settings.get('value'), 'API_KEY', `the key that is sent as ${key}`);
    if (settings.get('in') === 'query') result.query.push(`${encode(key)}=${value}`);
    else if (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(key)) result.headers.push([key, value]);
    else result.unserved = 'apikey';
  } else if (typeof type === 'string' && type !== 'noauth') result.unserved = type.slice(0, 40);
  return result;
}

/** 2.1 has a list of settings, 2.0 a mapping. */
function settingsOf(auth: Mapping): Map<string, string> {
  const settings = auth[String(auth['type'])];
  const entries: [unknown, unknown][] = Array.isArray(settings)
    ? (settings as unknown[]).filter(isMapping).map(({ key, value }) => [key, value])
    : Object.entries(isMapping(settings) ? settings : {});
  return new Map(
    entries.flatMap(([key, value]) =>
      typeof key === 'string' && typeof value === 'string' ? [[key, value] as const] : [],
    ),
  );
}
