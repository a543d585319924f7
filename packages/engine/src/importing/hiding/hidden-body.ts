import { escapeReferences } from '../../safety/secrets.js';
import { hiddenPair, never, type IsNone } from './hidden-path.js';
import { jsonSecrets, type Span } from './json-secrets.js';
import { variableFor } from './reference.js';
import { isSecretName } from './secret-names.js';
import { hasKnownSecret, isRandom } from './secret-values.js';

/** Longer bodies are files. */
const LONGEST_SCANNED = 4 * 1024 * 1024;

/**
 * A body whose secrets gave way to `${NAME:-}`, whatever its form: JSON, also within texts, GraphQL, a form, the parts of a multipart, XML and
 * SOAP, plain text. The rest is sent as it was. `names` are the variables. What `isNone` takes for no secret stays.
 */
export function withoutBodySecrets(
  body: string,
  mediaType = '',
  isNone: IsNone = never,
): { body: string; names: string[] } {
  if (/^[^&=\s<>{}"]+=[^\r\n]*$/.test(body) && !/json|xml|multipart/i.test(mediaType)) return hiddenForm(body, isNone);
  const spans = body.length > LONGEST_SCANNED ? [] : [...jsonSecrets(body), ...textSecrets(body)];
  return replaced(
    body,
    spans.filter(({ from, to, name }) => !isNone(body.slice(from, to), name)),
  );
}

function hiddenForm(body: string, isNone: IsNone): { body: string; names: string[] } {
  const names: string[] = [];
  const hide = (name: string): string => {
    const variable = variableFor(name);
    names.push(variable);
    return `\${${variable}:-}`;
  };
  const pairs = body.split('&').map((pair) => hiddenPair(escapeReferences(pair), hide, isNone));
  return { body: pairs.join('&'), names };
}

/** The first of those that overlap counts. */
function replaced(body: string, spans: readonly Span[]): { body: string; names: string[] } {
  const names: string[] = [];
  let result = '';
  let at = 0;
  for (const { from, to, name, fallback = '' } of [...spans].sort((a, b) => a.from - b.from || b.to - a.to)) {
    if (from < at || to <= from) continue;
    const variable = variableFor(name);
    names.push(variable);
    result += `${escapeReferences(body.slice(at, from))}\${${variable}:-${fallback}}`;
    at = to;
  }
  return { body: result + escapeReferences(body.slice(at)), names };
}

// name: "value", also within a text that was quoted again (\"), and as an attribute.
const QUOTED = /([A-Za-z_][\w.[\]-]{0,80})(?:\\*["'])?\s*[:=]\s*(\\*["'])((?:(?!\2)[^\r\n])*)\2/g;
const ELEMENT = /<(?:[\w-]+:)?([\w.-]+)(?:\s[^<>]*)?>(?:<!\[CDATA\[([\s\S]*?)\]\]>|([^<]+))<\//g;
const PART =
  /content-disposition:[^\r\n]*?\bname="?([^";\r\n]+)"?[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n([\s\S]*?)(?=\r?\n--|$)/gi;
const BARE = /(?:^|[\s?&;{,])([A-Za-z_][\w.[\]%-]{0,80})\s*[=:]\s*([^\s&;,"'<>{}$()\\][^\s&;,"'<>{}]*)/g;
/** More words at random than this are data, such as the lines of a file in base64. */
const MOST_RANDOM = 10;
const WORD = /[\w+/=.~%:-]{16,}/g;

function textSecrets(body: string): Span[] {
  const spans: Span[] = [];
  const add = (match: RegExpExecArray, value: string | undefined, name: string): void => {
    if (value === undefined || value.trim() === '') return;
    const from = match.index + match[0].lastIndexOf(value);
    spans.push({ from, to: from + value.length, name });
  };
  for (const match of body.matchAll(PART)) if (isSecretName(match[1] ?? '')) add(match, match[2], match[1] ?? '');
  for (const match of body.matchAll(QUOTED)) if (isSecretName(match[1] ?? '')) add(match, match[3], match[1] ?? '');
  for (const match of body.matchAll(BARE)) if (isSecretName(match[1] ?? '')) add(match, match[2], match[1] ?? '');
  for (const match of body.matchAll(ELEMENT)) {
    const [, name = '', data, text] = match;
    if (isSecretName(name)) add(match, data ?? text, name);
  }
  return [...spans, ...words(body)];
}

/** What looks like a secret by itself. In JSON that is asked value by value, with their names. */
function words(body: string): Span[] {
  const isJson = /^\s*[[{"]/.test(body);
  const known: Span[] = [];
  const random: Span[] = [];
  for (const match of body.matchAll(WORD)) {
    const [word] = match;
    // A line of a multipart that parts.
    if (word.startsWith('--')) continue;
    const at = word.lastIndexOf('=', word.length - 4) + 1;
    const span = { from: match.index + at, to: match.index + word.length, name: 'body' };
    if (hasKnownSecret(word.slice(at))) known.push(span);
    else if (!isJson && isRandom(word.slice(at))) random.push(span);
  }
  return random.length > MOST_RANDOM ? known : [...known, ...random];
}
