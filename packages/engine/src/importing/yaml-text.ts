import { LineCounter, parseDocument, type Document } from 'yaml';
import type { Mistake } from './mistakes.js';
import { createPlaces, type Places } from './yaml-place.js';

/** What a YAML (or JSON) text says. */
export interface YamlText {
  value: unknown;
  places: Places;
  /** Syntax errors, duplicate keys, unknown tags. With any but duplicate keys `value` is not to be trusted. */
  mistakes: Mistake[];
  trusted: boolean;
}

/** Aliases may multiply a text at most so often ("billion laughs"). */
const MOST_ALIASES = 1_000;

/** Reads YAML 1.2, and so JSON, with `<<` merge keys. Never throws. */
export function readYaml(text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true, stringKeys: true });
  const places = createPlaces(document, lines, text);
  const found = [...document.errors, ...document.warnings].map((error): Mistake & { fatal: boolean } => {
    const { line, col } = lines.linePos(error.pos[0]);
    const inFlow = error.code === 'UNEXPECTED_TOKEN' && text.slice(0, error.pos[1]).endsWith('${');
    const message = inFlow ? 'put ${NAME} in quotes here' : (WORDS[error.code] ?? `is not YAML: ${error.message}`);
    return { line, column: col, field: '', message, fatal: error.code !== 'DUPLICATE_KEY' };
  });
  const mistakes = found.map(({ fatal: _, ...mistake }) => mistake);
  const trusted = found.every(({ fatal }) => !fatal);
  if (!trusted) return { value: null, places, mistakes, trusted };
  return { ...evaluate(document, mistakes), places };
}

function evaluate(document: Document, mistakes: Mistake[]): Omit<YamlText, 'places'> {
  try {
    return { value: document.toJS({ maxAliasCount: MOST_ALIASES }), mistakes, trusted: true };
  } catch (error) {
    const message = `is not YAML: ${error instanceof Error ? error.message : String(error)}`;
    return {
      value: null,
      mistakes: [...mistakes, { line: null, column: null, field: '', message }],
      trusted: false,
    };
  }
}

const WORDS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key appears twice: keep one',
  NON_STRING_KEY: 'this key is not a plain string: put it in quotes',
  MULTIPLE_DOCS: 'a second document starts here: keep one',
  TAB_AS_INDENT: 'a tab indents this line: use spaces',
  TAG_RESOLVE_FAILED: 'this tag is unknown: remove it and write a plain value',
};
