import { isSecretName } from './secret-names.js';
import { carriesSecret, isCardNumber, looksSecret } from './secret-values.js';

/** A piece of a body that is secret. */
export interface Span {
  from: number;
  to: number;
  /** Under which name it stood. */
  name: string;
  /** Stands in until the environment says otherwise. */
  fallback?: string;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[[\]{},:]/g;
/** Numbers under these names are secret as well; others, such as max_tokens, are not. */
const OF_NUMBERS = /pass|pwd|pin|otp|cvv|cvc|ssn|secret/i;

/** An object or a list that is open. */
interface Open {
  isObject: boolean;
  key: string | null;
}

/** The secrets of a JSON text; anything else has none here. The text need not be whole. */
export function jsonSecrets(text: string): Span[] {
  if (!/^\s*[[{"]/.test(text)) return [];
  const spans: Span[] = [];
  const open: Open[] = [];
  let before: string | null = null;
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    const top = open.at(-1);
    if (token === '{' || token === '[') open.push({ isObject: token === '{', key: null });
    else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && top?.isObject === true) top.key = null;
    else if (token === ':' && top?.isObject === true) top.key = before;
    else if (top?.isObject !== true || top.key !== null) {
      const span = secretIn(token, match.index, open);
      if (span !== null) spans.push(span);
    }
    before = token.startsWith('"') ? token.slice(1, -1) : null;
  }
  return spans;
}

function secretIn(token: string, at: number, open: readonly Open[]): Span | null {
  const names = open.flatMap(({ key }) => (key === null ? [] : [key]));
  const name = names.at(-1) ?? 'body';
  const secret = names.findLast(isSecretName);
  if (!token.startsWith('"')) {
    const whole = { from: at, to: at + token.length, fallback: '0' };
    if (secret !== undefined && OF_NUMBERS.test(secret) && /^-?\d/.test(token)) return { ...whole, name: secret };
    return isCardNumber(token, names.join(' ')) ? { ...whole, name } : null;
  }
  const value = token.slice(1, -1);
  const whole = { from: at + 1, to: at + token.length - 1 };
  if (secret !== undefined) return { ...whole, name: secret === name ? name : `${secret}_${name}` };
  if (looksSecret(value, name) || isCardNumber(value, names.slice(0, -1).join(' '))) return { ...whole, name };
  // Long texts, such as a GraphQL query, keep what is not secret in them.
  return value.length < 500 && !/[\s\\]/.test(value) && carriesSecret(value) ? { ...whole, name } : null;
}
