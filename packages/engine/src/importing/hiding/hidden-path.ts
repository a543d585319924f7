import { variableFor } from './reference.js';
import { decodedFully, isSecretName } from './secret-names.js';
import { carriesSecret, hasKnownSecret, isRandom, looksSecret } from './secret-values.js';

/** What stands before a secret in a path: `/reset/3f2a…`. */
const BEFORE =
  /^(?:reset|verify|verification|confirm|confirmation|activate|activation|magic|invite|invitations?|unsubscribe|hooks?|webhooks?|login|s|session)$/i;
/** What stands before the sum of a content, or an id of one: `/commits/3f2a…`. */
const BEFORE_SUMS =
  /^(?:commits?|blobs?|trees?|sha\d*|objects?|static|assets?|images?|img|files?|media|dist|js|css|_next|chunks?)$/i;
const ID = /^[0-9a-f]{24,64}$/i;

/**
 * A path whose secrets gave way to `${NAME:-}`: values of a query and of matrix parameters, and segments. What is left can be sent as
 * it is. The path is given percent-encoded; `names` are the variables. What `isNone` takes for no secret stays.
 */
export function withoutSecrets(path: string, isNone: IsNone = never): { path: string; names: string[] } {
  const names: string[] = [];
  const hide = (name: string, fallback = ''): string => {
    const variable = variableFor(name);
    names.push(variable);
    return `\${${variable}:-${fallback}}`;
  };
  const at = path.indexOf('?');
  const query = at < 0 ? null : path.slice(at + 1);
  const segments = (at < 0 ? path : path.slice(0, at)).split('/');
  const hidden = segments
    .map((segment, index) => {
      const [plain = '', ...matrix] = segment.split(';');
      const shown =
        isSecretSegment(plain, segments[index - 1] ?? '') && !isNone(plain, segments[index - 1] ?? '')
          ? hide(`${segments[index - 1] || 'path'}_secret`, 'removed')
          : plain;
      return [shown, ...matrix.map((pair) => hiddenPair(pair, hide, isNone))].join(';');
    })
    .join('/');
  if (query === null) return { path: hidden, names };
  const pairs = query.split(/([&;])/).map((pair, index) => (index % 2 === 1 ? pair : hiddenPair(pair, hide, isNone)));
  return { path: `${hidden}?${pairs.join('')}`, names };
}

/** Whether a value is none of a person's, such as one that Hive made up. */
export type IsNone = (value: string, name: string) => boolean;
export const never: IsNone = () => false;

/** One `name=value` pair. */
export function hiddenPair(pair: string, hide: (name: string) => string, isNone: IsNone = never): string {
  const at = pair.indexOf('=');
  const [name, value] = at < 0 ? ['', pair] : [pair.slice(0, at), pair.slice(at + 1)];
  if (value === '' || value.startsWith('${') || isNone(value, name)) return pair;
  const isSecret = (at >= 0 && isSecretName(name)) || looksSecret(spaced(value), name) || carriesSecret(spaced(value));
  if (!isSecret) return looksSecret(name) ? `${hide('query_secret')}=${value}` : pair;
  return at < 0 ? hide('query_secret') : `${name}=${hide(name)}`;
}

const spaced = (value: string): string => value.replaceAll('+', ' ').trim();

function isSecretSegment(segment: string, before: string): boolean {
  const text = decodedFully(segment);
  if (hasKnownSecret(text) || carriesSecret(text)) return true;
  const named = isSecretName(before) || BEFORE.test(before);
  if (named && text.length >= 16 && /\d/.test(text) && !/^\d+$/.test(text))
    return !isUuidLike(text) || isSecretName(before);
  if (!isRandom(text) || /\.[a-z0-9]{2,5}$/i.test(text) || BEFORE_SUMS.test(before)) return false;
  // Ids that are drawn as keys; digests of 40 and more are as often tokens.
  return !ID.test(text) || text.length >= 40;
}

const isUuidLike = (text: string): boolean =>
  /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$|^[0-9a-f]{24}$/i.test(text);
