import { isMapping, type Mapping } from '../mapping.js';

/** What an example is made of at most. */
const MOST_PARTS = 2_000;
const LARGEST_DEPTH = 16;
/** What may be longer is made no longer, unless it must be. */
const LONGEST_TEXT = 1_000;
const LONGEST_LIST = 10;
/** Values and characters of an example, with everything optional in it. */
const LARGEST_EXAMPLE = 1_000_000;

/** What is made at least this many times. */
const REPEATED = [
  ['items', 'minItems'],
  ['contains', 'minContains'],
  ['additionalProperties', 'minProperties'],
] as const;
const LISTS = ['allOf', 'anyOf', 'oneOf'] as const;

/**
 * The schema with every reference replaced by what it points at, and without the optional parts in which it would contain itself
 * again. What it accepts, the original does too. Null when there is no end to what it requires, or too much of it. `isShort`: texts and lists
 * are kept short where each of them alone may be.
 */
export function unroll(schema: Mapping, isShort: boolean): Mapping | null {
  const definitions = isMapping(schema['$defs']) ? schema['$defs'] : {};
  const { $defs: _, ...rest } = schema;
  let parts = 0;

  const expand = (node: unknown, open: readonly string[]): unknown => {
    if (!isMapping(node)) return node;
    parts += 1;
    if (parts > MOST_PARTS || open.length > LARGEST_DEPTH) return null;
    const { $ref: reference, ...own } = node;
    if (typeof reference !== 'string') return expandParts(node, open);
    const name = reference.replace(/^#\/\$defs\//, '');
    if (open.includes(name)) return null;
    const target = expand(Object.hasOwn(definitions, name) ? definitions[name] : true, [...open, name]);
    if (target === null || Object.keys(own).length === 0) return target;
    const beside = expandParts(own, open);
    if (beside === null) return null;
    return isMapping(target) ? { allOf: [target, beside] } : beside;
  };

  const expandParts = (node: Mapping, open: readonly string[]): Mapping | null => {
    const result: Mapping = isShort ? { ...node, ...shorter(node) } : { ...node };
    for (const key of LISTS) {
      const list = node[key];
      if (!Array.isArray(list)) continue;
      const expanded = list.map((one: unknown) => expand(one, open));
      const ended = expanded.filter((one) => one !== null);
      if (ended.length === 0 || (key === 'allOf' && ended.length < expanded.length)) return null;
      result[key] = ended;
    }
    return withItems(withProperties(result, node, open), node, open);
  };

  const withProperties = (
    result: Mapping,
    { properties, required }: Mapping,
    open: readonly string[],
  ): Mapping | null => {
    if (!isMapping(properties)) return result;
    const needed = new Set<unknown>(Array.isArray(required) ? required : []);
    // What is required first, so that a large schema spends its parts on it.
    const names = Object.keys(properties).sort((a, b) => Number(needed.has(b)) - Number(needed.has(a)));
    const kept: Mapping = {};
    for (const name of names) {
      const expanded = expand(properties[name], open);
      if (expanded !== null) kept[name] = expanded;
      else if (needed.has(name)) return null;
    }
    const ordered = Object.keys(properties).filter((name) => Object.hasOwn(kept, name));
    return { ...result, properties: Object.fromEntries(ordered.map((name) => [name, kept[name]])) };
  };

  const withItems = (result: Mapping | null, node: Mapping, open: readonly string[]): Mapping | null => {
    if (result === null) return null;
    const { items, prefixItems, additionalProperties, minItems } = node;
    if (Array.isArray(prefixItems)) {
      const expanded = prefixItems.map((one: unknown) => expand(one, open));
      if (expanded.includes(null)) return null;
      result['prefixItems'] = expanded;
    }
    if (isMapping(additionalProperties)) result['additionalProperties'] = expand(additionalProperties, open) ?? false;
    if (!isMapping(items)) return result;
    const expanded = expand(items, open);
    if (expanded !== null) return { ...result, items: expanded };
    if (typeof minItems === 'number' && minItems > 0) return null;
    const { items: dropped, ...empty } = result;
    return dropped === undefined ? result : { ...empty, maxItems: 0 };
  };

  const expanded = expand(rest, []);
  if (!isMapping(expanded) || sizeOf(expanded) > LARGEST_EXAMPLE) return null;
  // Conditions keep their references: the maker follows them itself, and its time is limited.
  return { ...expanded, $defs: definitions };
}

/** A maker of examples tries lengths up to the longest: some documents allow 2,147,483,647. */
function shorter(node: Mapping): Mapping {
  const { maxLength, maxItems } = node;
  const result: Mapping = {};
  const [text, list] = [
    Math.max(LONGEST_TEXT, numberOf(node, 'minLength')),
    Math.max(LONGEST_LIST, numberOf(node, 'minItems'), numberOf(node, 'minContains')),
  ];
  if (typeof maxLength === 'number' && maxLength > text) result['maxLength'] = text;
  if (typeof maxItems === 'number' && maxItems > list) result['maxItems'] = list;
  return result;
}

function numberOf(node: Mapping, key: string): number {
  const value = node[key];
  return typeof value === 'number' ? value : 0;
}

/** What an example of an expanded schema comes to: lists within lists multiply, and so do mappings of any name. */
function sizeOf(node: unknown): number {
  if (!isMapping(node)) return 1;
  const { properties, prefixItems } = node;
  const parts: unknown[] = isMapping(properties) ? Object.values(properties) : [];
  for (const list of [prefixItems, ...LISTS.map((key) => node[key])])
    if (Array.isArray(list)) parts.push(...(list as unknown[]));
  const repeated = REPEATED.map(([key, least]) =>
    isMapping(node[key]) ? Math.max(1, numberOf(node, least)) * sizeOf(node[key]) : 0,
  );
  const own = 1 + Math.max(0, numberOf(node, 'minLength'));
  return [...repeated, ...parts.map(sizeOf)].reduce((sum, one) => sum + one, own);
}
