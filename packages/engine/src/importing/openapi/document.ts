import { HiveError } from '@hive/contract';
import { isMapping, type Mapping } from '../mapping.js';
import { fieldOf, mistakesError } from '../mistakes.js';
import { formWarnings } from './form-warnings.js';
import { readSourceText, type SourceText } from './source-text.js';

/** An OpenAPI document, with its references still in place. */
export interface ApiDocument {
  root: Mapping;
  /** 3.0 has a dialect of JSON Schema of its own; 3.1 has JSON Schema 2020-12, and 3.2 is read as 3.1. */
  version: '3.0' | '3.1';
  /** What is odd in the document, with its places: no hindrance. */
  warnings: string[];
  /** What a reference points at, however many steps away; anything else comes back as it is. Null where it points at nothing. */
  follow(node: unknown): unknown;
  /** Why a reference cannot be followed, with its place; null where it can. */
  brokenReference(node: unknown): string | null;
  /** `openapi.yaml:12:7: paths./pets.get` of a mapping or list of the document, or of one of its entries. */
  at(holder: object, key?: PropertyKey): string;
}

/**
 * Reads OpenAPI 3.0, 3.1 or 3.2, in YAML or JSON. What is odd is a warning. Nothing but the text is read.
 * @throws HiveError `validation` when it is no such document.
 */
export function readApiDocument(text: string, fileName: string): ApiDocument {
  const source = readSourceText(text);
  if ('mistake' in source) throw mistakesError(fileName, [source.mistake]);
  const root = source.value;
  if (!isMapping(root))
    throw new HiveError('validation', `${fileName} is not a mapping`, { hint: 'name an OpenAPI file' });
  const { version, warning } = versionOf(root, fileName);
  const at = (holder: object, key?: PropertyKey): string => {
    const place = source.placeOf(holder, key);
    return place === null ? fileName : `${fileName}:${place.line}:${place.column}: ${fieldOf(place.path)}`;
  };
  const follow = (node: unknown): unknown => followIn(root, node);
  const document = { root, version, follow, at, brokenReference: (node: unknown) => brokenIn({ root, at }, node) };
  const odd = formWarnings(document);
  return { ...document, warnings: [...warning, ...twice(source, fileName), ...odd] };
}

interface Version {
  version: ApiDocument['version'];
  warning: string[];
}

/** @throws HiveError `validation` with what the document is instead. */
function versionOf({ openapi: written, swagger }: Mapping, fileName: string): Version {
  const shown = typeof written === 'number' && Number.isInteger(written) ? written.toFixed(1) : String(written);
  const minor = /^\s*3\.([012])(?:\.|\s*$|-)/.exec(shown)?.[1];
  if (minor !== undefined && (typeof written === 'string' || typeof written === 'number')) {
    const unquoted =
      typeof written === 'number'
        ? [`${fileName}: openapi: ${shown} is a number, not a version: write openapi: '${shown}.0'`]
        : [];
    const newer =
      minor === '2' ? [`${fileName}: openapi: ${shown} is read as 3.1: what is new in 3.2 may be missing`] : [];
    return { version: minor === '0' ? '3.0' : '3.1', warning: [...unquoted, ...newer] };
  }
  const reads = 'Hive reads OpenAPI 3.0, 3.1 and 3.2';
  if (swagger !== undefined) {
    const text =
      typeof swagger === 'number' ? swagger.toFixed(1) : JSON.stringify(swagger).slice(0, 20).replaceAll('"', '');
    throw new HiveError('validation', `${fileName} has swagger: ${text}, the format before OpenAPI 3`, {
      hint: `${reads}: convert it first, for example with npx swagger2openapi, or at converter.swagger.io`,
    });
  }
  if (written === undefined) {
    throw new HiveError('validation', `${fileName} has no openapi: it is no OpenAPI document`, {
      hint: `${reads}: the document begins with a line such as openapi: 3.1.0`,
    });
  }
  throw new HiveError(
    'validation',
    `${fileName} has openapi: ${shown.slice(0, 40)}, which is no version that Hive knows`,
    {
      hint: reads,
    },
  );
}

function twice({ duplicates }: SourceText, fileName: string): string[] {
  return duplicates.map(
    ({ path, lines: [first, second] }) =>
      `${fileName}: ${fieldOf(path)} stands twice, in lines ${first} and ${second}: the one in line ${second} is read, the other is left out`,
  );
}

const MOST_STEPS = 50;

function followIn(root: Mapping, node: unknown): unknown {
  let found = node;
  for (let step = 0; step < MOST_STEPS; step++) {
    const reference = isMapping(found) ? found['$ref'] : undefined;
    if (typeof reference !== 'string') return found ?? null;
    const target = pointedAt(root, reference);
    // Beside a reference 3.1 allows what overrides; only path items have parts there that a request needs.
    if (target === undefined) return null;
    found = target;
  }
  return null;
}

function brokenIn({ root, at }: Pick<ApiDocument, 'root' | 'at'>, node: unknown): string | null {
  let found = node;
  for (let step = 0; step < MOST_STEPS; step++) {
    if (!isMapping(found) || typeof found['$ref'] !== 'string') return null;
    const reference = found['$ref'];
    const target = pointedAt(root, reference);
    if (target === undefined) return `${at(found, '$ref')} ${objection(reference)}`;
    found = target;
  }
  return isMapping(node) ? `${at(node, '$ref')} refers to itself` : null;
}

function objection(reference: string): string {
  const shown = reference.slice(0, 120);
  if (reference.startsWith('#')) return `points at nothing: ${shown}`;
  return `points outside the document, at ${shown}: bundle it into one file, for example with redocly bundle`;
}

/** What a JSON pointer (RFC 6901) in a fragment points at. */
function pointedAt(root: Mapping, reference: string): unknown {
  if (!reference.startsWith('#')) return undefined;
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
