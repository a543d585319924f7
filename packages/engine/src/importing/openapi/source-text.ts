import {
  constructFromEvents,
  CORE_SCHEMA,
  EVENT_ID,
  getScalarValue,
  mergeTag,
  parseEvents,
  YAMLException,
  type Event,
} from 'js-yaml';
import type { Mistake } from '../mistakes.js';

/** Where something stands in a document. */
export interface Place {
  line: number;
  column: number;
  /** Keys and indexes that lead there. */
  path: PropertyKey[];
}

/** A key that stands twice in one mapping; the later counts. */
export interface DuplicateKey {
  path: PropertyKey[];
  lines: [first: number, second: number];
}

/** What a YAML or JSON text says, and where. */
export interface SourceText {
  value: unknown;
  /** Of a mapping or list of the value, or of one of its entries; null for what is not in it. */
  placeOf(holder: object, key?: PropertyKey): Place | null;
  duplicates: DuplicateKey[];
}

interface Origin {
  offset: number;
  parent: object | null;
  key: PropertyKey;
  /** Offsets of the keys of a mapping. */
  keys: Map<PropertyKey, number>;
}

const DEEPEST = 400;
const MOST_ALIASES = 10_000;
/** Values, when every alias is written out ("billion laughs"). */
const LARGEST = 5_000_000;

/**
 * Reads YAML or JSON in one pass over its events, several times faster than a tree with comments. Aliases stay shared.
 * Returns a mistake where it is neither, or contains itself.
 */
export function readSourceText(text: string): SourceText | { mistake: Mistake } {
  let events: Event[];
  let value: unknown;
  const source = text.replace(/^\uFEFF/, '');
  try {
    events = parseEvents(source, { maxDepth: DEEPEST });
    const schema = CORE_SCHEMA.withTags(mergeTag);
    [value] = constructFromEvents(events, { source, schema, json: true, maxAliases: MOST_ALIASES });
  } catch (error) {
    return { mistake: mistakeOf(error) };
  }
  const size = expandedSize(value, new Map());
  if (size === null) return { mistake: whole('contains itself: write $ref instead of a YAML alias') };
  if (size > LARGEST) return { mistake: whole('is too large once its YAML aliases are written out') };
  return { value, ...placesOf(events, { source, value }) };
}

const whole = (message: string): Mistake => ({ line: null, column: null, field: '', message });

function mistakeOf(error: unknown): Mistake {
  if (!(error instanceof YAMLException)) return whole(`is not YAML: ${String(error)}`);
  const { mark, reason } = error;
  const tabs = /tab/i.test(reason) ? 'a tab indents this line: use spaces' : `is not YAML: ${reason}`;
  return { line: mark ? mark.line + 1 : null, column: mark ? mark.column + 1 : null, field: '', message: tabs };
}

/** How many values there are with each alias written out; null for a value within itself. */
function expandedSize(value: unknown, known: Map<object, number | null>): number | null {
  if (typeof value !== 'object' || value === null) return 1;
  const before = known.get(value);
  if (before !== undefined) return before;
  known.set(value, null);
  let size = 1;
  for (const one of Object.values(value)) {
    const inner = expandedSize(one, known);
    if (inner === null) return null;
    size += inner;
  }
  known.set(value, size);
  return size;
}

type Places = Pick<SourceText, 'placeOf' | 'duplicates'>;

/** Walks the events and the value side by side. */
function placesOf(events: readonly Event[], { source, value }: { source: string; value: unknown }): Places {
  const origins = new WeakMap<object, Origin>();
  const twice: { holder: object; key: string; offsets: [number, number] }[] = [];
  let next = 0;

  const visit = (found: unknown, at: { parent: object | null; key: PropertyKey; offset: number | null }): void => {
    const event = events[next];
    next += 1;
    if (event === undefined || event.type === EVENT_ID.POP) return;
    if (event.type !== EVENT_ID.MAPPING && event.type !== EVENT_ID.SEQUENCE) return;
    const own = typeof found === 'object' && found !== null && !origins.has(found) ? found : null;
    const keys = new Map<PropertyKey, number>();
    if (own !== null) origins.set(own, { ...at, offset: at.offset ?? event.start, keys });
    const entry = (index: PropertyKey): unknown =>
      own !== null && Object.hasOwn(own, index) ? (own as Record<PropertyKey, unknown>)[index] : undefined;
    for (let index = 0; !isEnd(events[next]); index++) {
      if (event.type === EVENT_ID.SEQUENCE) {
        visit(entry(index), { parent: own, key: index, offset: null });
        continue;
      }
      const { name, offset } = keyOf();
      const first = keys.get(name);
      if (first !== undefined && own !== null) twice.push({ holder: own, key: name, offsets: [first, offset] });
      keys.set(name, offset);
      visit(entry(name), { parent: own, key: name, offset });
    }
    next += 1;
  };

  /** The text of the key that comes next; anything but a plain one is passed over. */
  const keyOf = (): { name: string; offset: number } => {
    const event = events[next];
    if (event?.type === EVENT_ID.SCALAR) {
      next += 1;
      return { name: getScalarValue(source, event), offset: event.valueStart };
    }
    visit(undefined, { parent: null, key: '', offset: null });
    return { name: '', offset: 0 };
  };

  if (events[0]?.type === EVENT_ID.DOCUMENT) next = 1;
  visit(value, { parent: null, key: '', offset: null });
  const lines = linesOf(source);
  const pathOf = (holder: object): PropertyKey[] => {
    const origin = origins.get(holder);
    return origin?.parent ? [...pathOf(origin.parent), origin.key] : [];
  };
  return {
    placeOf(holder, key) {
      const origin = origins.get(holder);
      if (origin === undefined) return null;
      const offset = key === undefined ? origin.offset : (origin.keys.get(key) ?? origin.offset);
      return { ...lines(offset), path: [...pathOf(holder), ...(key === undefined ? [] : [key])] };
    },
    duplicates: twice.map(({ holder, key, offsets: [first, second] }) => ({
      path: [...pathOf(holder), key],
      lines: [lines(first).line, lines(second).line],
    })),
  };
}

const isEnd = (event: Event | undefined): boolean => event === undefined || event.type === EVENT_ID.POP;

/** Finds line and column of an offset. */
function linesOf(source: string): (offset: number) => { line: number; column: number } {
  let starts: number[] | null = null;
  return (offset) => {
    starts ??= [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] as number) + 1 };
  };
}
