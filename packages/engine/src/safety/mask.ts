import { authTexts, type Auth, type RequestClass } from '@hive/contract';
import { fillIn, referencesIn, valueOf, type Environment } from './secrets.js';

/** In place of what may be secret. */
export const MASKED = '(masked)';

/** Makes a text that came from a target safe to be kept and shown. */
export type Mask = (text: string) => string;

type WithHeaders = {
  requests: readonly Pick<RequestClass, 'headers' | 'path' | 'body'>[];
  auth?: Pick<Auth, 'request'> | undefined;
};

/** A shorter secret is masked only where it is all of a text: as a part it would be found in every other word. */
const LEAST_PART = 8;
/** What is kept of a text at most, bytes. */
const MOST_BYTES = 500;
const SCHEME = /^[A-Za-z]+ +(?=\S)/;
const BASIC = /^basic +([A-Za-z0-9+/=_-]+)$/i;

/**
 * Hides in a text whatever equals a secret that is sent to the target, for a target may send it back: the values of its headers, what of them
 * stands behind an authentication scheme, in a Basic password or in a cookie, and every value that comes from the environment; `more`: what is
 * secret beside these.
 */
export function createMask(
  { requests, auth }: WithHeaders,
  environment: Environment = {},
  more: readonly string[] = [],
): Mask {
  const login = auth === undefined ? [] : authTexts(auth).flatMap(referencesIn);
  const secrets = new Set([
    ...requests.flatMap((request) => secretsOf(request, environment)),
    ...login.flatMap((one) => valueOf(one, environment) ?? []),
    ...more,
  ]);
  secrets.delete('');
  const parts = [...secrets]
    .filter(({ length }) => length >= LEAST_PART)
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .toSorted((a, b) => b.length - a.length);
  return (text) => {
    if (secrets.has(text)) return MASKED;
    return clipped(parts.reduce((masked, secret) => masked.replaceAll(secret, () => MASKED), text));
  };
}

function secretsOf({ headers, path, body = '' }: WithHeaders['requests'][number], environment: Environment): string[] {
  const values = Object.values(headers).flat();
  const referred = [...values, path, body].flatMap(referencesIn).flatMap((one) => valueOf(one, environment) ?? []);
  return [...values.map((value) => fillIn(value, environment)).flatMap(partsOf), ...referred];
}

function partsOf(value: string): string[] {
  const cookies = value.split(/; */).map((cookie) => cookie.slice(cookie.indexOf('=') + 1));
  const basic = BASIC.exec(value)?.[1];
  const account = basic === undefined ? '' : Buffer.from(basic, 'base64').toString();
  return [value, value.replace(SCHEME, ''), ...cookies, account, account.slice(account.indexOf(':') + 1)];
}

function clipped(text: string): string {
  const bytes = Buffer.from(text);
  // A character that was cut in two is left out.
  return bytes.length <= MOST_BYTES
    ? text
    : `${new TextDecoder().decode(bytes.subarray(0, MOST_BYTES - 3)).replace(/\uFFFD$/, '')}…`;
}
