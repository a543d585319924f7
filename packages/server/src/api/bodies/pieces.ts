import { weightOf } from '../../weight.js';

/** A part of a value, and where it belongs; the whole has the empty path. */
export interface Piece {
  path: (string | number)[];
  value: unknown;
}

/** About how many bytes are taken apart, or put together, in one turn of the event loop: a few milliseconds. */
const MOST_WEIGHT = 128 * 1024;
const PIECE_WEIGHT = 64;

/** A value in portions of about the same weight, in the order in which {@link createAssembly} puts them together. */
export function* portionsOf(value: unknown): Generator<Piece[]> {
  let portion: Piece[] = [];
  let weight = 0;
  for (const piece of piecesOf(value, [])) {
    portion.push(piece);
    weight += weightOf(piece) + PIECE_WEIGHT;
    if (weight < MOST_WEIGHT) continue;
    yield portion;
    portion = [];
    weight = 0;
  }
  yield portion;
}

/** What is light enough comes whole; else first the empty container, then what is in it. */
function* piecesOf(value: unknown, path: Piece['path']): Generator<Piece> {
  if (typeof value !== 'object' || value === null || weightOf(value, MOST_WEIGHT) <= MOST_WEIGHT) {
    yield { path, value };
    return;
  }
  yield { path, value: Array.isArray(value) ? [] : {} };
  const entries: Iterable<[string | number, unknown]> = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [key, inner] of entries) yield* piecesOf(inner, [...path, key]);
}

/** Puts a value together from its pieces. */
export function createAssembly(): { add(pieces: readonly Piece[]): void; value(): unknown } {
  const root: { value?: unknown } = {};
  return {
    add(pieces) {
      for (const { path, value } of pieces) {
        const [last, ...above] = ['value', ...path].toReversed() as [string | number, ...(string | number)[]];
        let container = root as Record<string | number, unknown>;
        for (const key of above.toReversed()) container = container[key] as typeof container;
        container[last] = value;
      }
    },
    value: () => root.value,
  };
}
