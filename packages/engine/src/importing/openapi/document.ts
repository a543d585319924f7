import { HiveError } from '@hive/contract';
import { isMapping, type Mapping } from '../mapping.js';
import { fieldOf, mistakesError, type Mistake } from '../mistakes.js';
import type { Places } from '../yaml-place.js';
import { readYaml } from '../yaml-text.js';

/** An OpenAPI document whose form was checked, with its references still in place. */
export interface ApiDocument {
  root: Mapping;
  /** 3.0 has a dialect of JSON Schema of its own; 3.1 has JSON Schema 2020-12. */
  version: '3.0' | '3.1';
  /** What is odd in the document, and no hindrance. */
  warnings: string[];
  /** What a reference points at, however many steps away; anything else comes back as it is. Null where it points at nothing. */
  follow(node: unknown): unknown;
}

/** Odd, but nothing that keeps a request from being made. */
const LENIENT = {
  'array-without-items': 'warning',
  'duplicate-non-request-body-parameters': 'warning',
  'duplicate-operation-id': 'warning',
  'invalid-security-scheme-properties': 'warning',
  'non-optional-path-parameters': 'warning',
  'path-parameters-not-in-parameters': 'warning',
  'path-parameters-not-in-path': 'warning',
  'unknown-required-schema-property': 'warning',
} as const;

/**
 * Reads OpenAPI 3.0 or 3.1, in YAML or JSON. Nothing but the text is read: references to other files or hosts are refused.
 * @throws HiveError `validation`.
 */
export async function readApiDocument(text: string, fileName: string): Promise<ApiDocument> {
  const { value, places, mistakes, trusted } = readYaml(text);
  if (!trusted) throw mistakesError(fileName, mistakes);
  if (!isMapping(value))
    throw new HiveError('validation', `${fileName} is not a mapping`, { hint: 'name an OpenAPI file' });
  const version = versionOf(value, fileName);
  const root = plainCopy(value, fileName);
  const outside = referenceMistakes(root, places);
  if (outside.length > 0) {
    throw mistakesError(fileName, outside, 'bundle the document into one file first, for example with redocly bundle');
  }
  return { root, version, warnings: await checkForm(root, fileName), follow: (node) => follow(root, node) };
}

function versionOf(document: Mapping, fileName: string): ApiDocument['version'] {
  const written = document['openapi'];
  if (typeof written === 'string' && written.startsWith('3.0')) return '3.0';
  if (typeof written === 'string' && written.startsWith('3.1')) return '3.1';
  const found = document['swagger'] === undefined ? 'no openapi: 3.0.x or 3.1.x' : 'swagger: 2.0';
  throw new HiveError('validation', `${fileName} has ${typeof written === 'string' ? `openapi: ${written}` : found}`, {
    hint: 'Hive reads OpenAPI 3.0 and 3.1; convert older documents first',
  });
}

/** Aliases become copies, and what JSON cannot say is refused. @throws HiveError `validation`. */
function plainCopy(value: Mapping, fileName: string): Mapping {
  try {
    return JSON.parse(JSON.stringify(value)) as Mapping;
  } catch (cause) {
    throw new HiveError('validation', `${fileName} contains itself`, {
      hint: 'write $ref instead of a YAML alias',
      cause,
    });
  }
}

/** References that leave the document, and those that point at nothing in it. */
function referenceMistakes(root: Mapping, places: Places): Mistake[] {
  const mistakes: Mistake[] = [];
  const visit = (node: unknown, path: PropertyKey[]): void => {
    if (Array.isArray(node)) node.forEach((item, index) => visit(item, [...path, index]));
    if (!isMapping(node)) return;
    const reference = node['$ref'];
    // Under `properties` a $ref is the name of a property, and under an example it is data.
    if (typeof reference === 'string' && path.at(-1) !== 'properties') {
      const message = objection(root, reference);
      if (message !== null) mistakes.push({ ...places.value([...path, '$ref']), field: fieldOf(path), message });
    }
    for (const [key, inner] of Object.entries(node)) {
      if (!DATA.has(key) || path.at(-1) === 'properties') visit(inner, [...path, key]);
    }
  };
  visit(root, []);
  return mistakes;
}

const DATA: ReadonlySet<string> = new Set(['example', 'examples', 'default', 'enum', 'const', 'x-examples']);

function objection(root: Mapping, reference: string): string | null {
  if (!reference.startsWith('#'))
    return `points outside the document, at ${reference.slice(0, 120)}; Hive does not fetch it`;
  return pointedAt(root, reference) === undefined ? `points at nothing: ${reference.slice(0, 120)}` : null;
}

/** @throws HiveError `validation` with what the specification objects to. */
async function checkForm(root: Mapping, fileName: string): Promise<string[]> {
  // Loaded only here: it is large, and most commands import no document.
  const { validate } = await import('@readme/openapi-parser');
  let result: Awaited<ReturnType<typeof validate>>;
  try {
    const copy = structuredClone(root) as unknown as Parameters<typeof validate>[0];
    const rules = { openapi: LENIENT };
    result = await validate(copy, { resolve: { external: false, file: false }, validate: { rules } });
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new HiveError('validation', `${fileName} cannot be read: ${why}`, {
      hint: 'check it with an OpenAPI linter',
      cause,
    });
  }
  if (result.valid) return result.warnings.map(({ message }) => firstLine(message));
  const problems = result.errors.map(({ message }): Mistake => ({ line: null, column: null, field: '', message }));
  throw mistakesError(fileName, problems, 'fix the document; Hive imports valid OpenAPI 3.0 and 3.1');
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

const MOST_STEPS = 50;

function follow(root: Mapping, node: unknown): unknown {
  let found = node;
  for (let step = 0; step < MOST_STEPS; step++) {
    const reference = isMapping(found) ? found['$ref'] : undefined;
    if (typeof reference !== 'string') return found ?? null;
    found = pointedAt(root, reference);
  }
  return null;
}

/** What a JSON pointer (RFC 6901) in a fragment points at. */
function pointedAt(root: Mapping, reference: string): unknown {
  let found: unknown = root;
  for (const part of reference.replace(/^#\/?/, '').split('/')) {
    if (part === '' && reference.length <= 2) return root;
    if (typeof found !== 'object' || found === null) return undefined;
    const key = unescape(part);
    found = Object.hasOwn(found, key) ? (found as Mapping)[key] : undefined;
  }
  return found;
}

function unescape(part: string): string {
  const plain = part.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
