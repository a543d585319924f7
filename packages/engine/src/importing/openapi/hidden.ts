import { isMapping } from '../mapping.js';
import { withoutBodySecrets } from '../hiding/hidden-body.js';
import { withoutSecrets, type IsNone } from '../hiding/hidden-path.js';
import { withoutHeaderSecrets } from '../hiding/hidden-header.js';
import { decodedFully } from '../hiding/secret-names.js';
import type { ApiDocument } from './document.js';

/** Takes what is secret out of the parts of a request; `names` are the variables that took its place. */
export interface Hider {
  path(path: string): string;
  body(text: string, mediaType: string): string;
  header(name: string, value: string): string;
  /** A comment for people: it has no variables, so that a secret gives way to a word. */
  comment(text: string): string;
}

/** Shorter values are found in other words by chance. */
const SHORTEST_PIECE = 6;
const EXAMPLES: ReadonlySet<string> = new Set([
  'example',
  'examples',
  'default',
  'value',
  'dataValue',
  'serializedValue',
]);

/**
 * Hides what the document itself writes as an example or a default, by the same rules as in recordings. What Hive made up is no secret, and
 * a service may need it.
 */
export function createHider({ root }: Pick<ApiDocument, 'root'>, found: (name: string) => void): Hider {
  const isMadeUp = madeUp(root);
  const told = <Result extends { names: string[] }>(result: Result): Result => {
    for (const name of result.names) found(name);
    return result;
  };
  return {
    path: (path) => told(withoutSecrets(path, isMadeUp)).path,
    body: (text, mediaType) => told(withoutBodySecrets(text, mediaType, isMadeUp)).body,
    header: (name, value) => told(withoutHeaderSecrets(name, value, isMadeUp)).value,
    comment: (text) =>
      withoutBodySecrets(text, 'text/plain')
        .body.replace(/\$\{\w+:-[^}]*\}/g, '…')
        .replaceAll('$${', '${'),
  };
}

/** Whether a value stands in none of the examples of a document. */
function madeUp(root: unknown): IsNone {
  const texts = new Set<string>();
  const seen = new Set<object>();
  const visit = (node: unknown, isExample: boolean): void => {
    if (typeof node === 'string' || typeof node === 'number') {
      if (isExample) texts.add(String(node));
      return;
    }
    if (typeof node !== 'object' || node === null || (seen.has(node) && !isExample)) return;
    seen.add(node);
    for (const [key, value] of Object.entries(node)) visit(value, isExample || (isMapping(node) && EXAMPLES.has(key)));
  };
  visit(root, false);
  if (isMapping(root) && isMapping(root['paths'])) for (const path of Object.keys(root['paths'])) texts.add(path);
  visit(isMapping(root) ? root['servers'] : null, true);
  const whole = [...texts].join('\n');
  return (value, name) => {
    // Where nothing else is said, Hive gives a field its own name.
    if (value !== '' && name.endsWith(value)) return true;
    const forms = [value, decodedFully(value), unescaped(value)];
    return !forms.some((one) => texts.has(one) || (one.length >= SHORTEST_PIECE && whole.includes(one)));
  };
}

/** As a text of JSON has it within its quotes. */
function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
