import { isAlias, isMap, isNode, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair } from 'yaml';

/** A YAML text with the places of its values. */
export interface Places {
  /** Line and column, from 1, of the value at a path, or of what stands nearest above it. */
  value(path: readonly PropertyKey[]): Place;
  /** Of a key rather than of its value. */
  key(path: readonly PropertyKey[]): Place;
  /** Of a piece of the text of a value, such as one reference in a long body. */
  within(path: readonly PropertyKey[], piece: string): Place;
}
export interface Place {
  line: number;
  column: number;
}

/** Finds where in a document the value of a path stands; aliases are followed to where they are written. */
export function createPlaces(document: Document, lines: LineCounter, text: string): Places {
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const descend = (path: readonly PropertyKey[]): { key: number; from: number; to: number } => {
    let node: unknown = document.contents;
    let found = { key: 0, from: startOf(node) ?? 0, to: endOf(node) ?? text.length };
    for (const part of path) {
      const pair = child(isAlias(node) ? node.resolve(document) : node, part);
      if (pair === null) break;
      node = pair.value;
      const key = startOf(pair.key) ?? startOf(node) ?? found.from;
      found = { key, from: startOf(node) ?? key, to: endOf(node) ?? key };
    }
    return found;
  };
  return {
    value: (path) => at(descend(path).from),
    key: (path) => at(descend(path).key),
    within: (path, piece) => {
      const { from, to } = descend(path);
      const found = text.indexOf(piece, from);
      return at(found >= 0 && found < to ? found : from);
    },
  };
}

/** Of a key that stands twice the last counts, as it does for the value. */
function child(node: unknown, part: PropertyKey): { key: unknown; value: unknown } | null {
  if (isSeq(node)) {
    const item: unknown = node.items[Number(part)];
    return item === undefined ? null : { key: null, value: item };
  }
  if (!isMap(node)) return null;
  const pair = node.items.findLast(
    (item: Pair) => String(isScalar(item.key) ? item.key.value : item.key) === String(part),
  );
  return pair === undefined ? null : { key: pair.key, value: pair.value };
}

const rangeOf = (node: unknown): Node['range'] => (isNode(node) ? node.range : null);

function startOf(node: unknown): number | null {
  const range = rangeOf(node);
  return range ? range[0] : null;
}

function endOf(node: unknown): number | null {
  const range = rangeOf(node);
  return range ? range[1] : null;
}
