import { isMapping, type Mapping } from '../../mapping.js';
import type { Pin } from './discriminator.js';
import { LISTS, ONE } from './keywords.js';
import { type Converted, DROPPED_PATTERN, PIN, UNKNOWN } from './schema.js';
import { fitting, soften } from './soften.js';

/** What an example is made of at most. */
const MOST_PARTS = 1_000;
/** Optional parts that refer to others are made so deep: where everything refers to everything, an example would hold all of it. */
const OPTIONAL_DEPTH = 1;
const LARGEST_DEPTH = 16;
/** What may be longer is made no longer, unless it must be. */
const LONGEST_TEXT = 1_000;
const LONGEST_LIST = 10;
/** Values and characters of an example, with everything optional in it. */
const LARGEST_EXAMPLE = 1_000_000;
/** An example of this size is no example. */
const MOST = { minItems: 1_000, minLength: 100_000, minProperties: 1_000, minContains: 1_000 } as const;

/** What is made at least this many times. */
const REPEATED = [
  ['items', 'minItems'],
  ['contains', 'minContains'],
  ['additionalProperties', 'minProperties'],
] as const;

export interface UnrollOptions {
  definitions: ReadonlyMap<string, Converted>;
  /** Texts and lists are kept short where each of them alone may be. */
  isShort: boolean;
  /** Where a schema leaves everything open, numbers are small and texts are the name of their field. */
  isGentle: boolean;
  /** These keywords are dropped. */
  without: readonly ('pattern' | 'format')[];
}

/** A schema without references; what was dropped from it, such as a pattern. */
export type Unrolled = { schema: Mapping; dropped: string[] } | { endless: string | null };

interface Where {
  open: readonly string[];
  name: string;
}

/**
 * The schema with every reference replaced by what it points at, and without the optional parts in which it would contain itself
 * again. What it accepts, the original does too, but for what was dropped. `endless` where there is no end to what it requires, or too much
 * of it: with the reason where one is known.
 */
export function unroll(schema: Converted, { definitions, isShort, isGentle, without }: UnrollOptions): Unrolled {
  let parts = 0;
  let reason: string | null = null;
  const dropped = new Set<string>();

  const expand = (node: unknown, where: Where): unknown => {
    if (!isMapping(node)) return node;
    parts += 1;
    if (parts > MOST_PARTS || where.open.length > LARGEST_DEPTH) return null;
    if (typeof node[UNKNOWN] === 'string') {
      reason ??= node[UNKNOWN];
      return null;
    }
    if (isMapping(node[PIN])) return expandPinned(node, where);
    const { $ref: reference, ...own } = node;
    if (typeof reference !== 'string') return expandParts(node, where);
    if (where.open.includes(reference)) return null;
    const target = expand(definitions.get(reference) ?? true, {
      open: [...where.open, reference],
      name: reference.split('/').at(-1) ?? where.name,
    });
    if (target === null || Object.keys(own).length === 0) return target;
    const beside = expandParts(own, where);
    if (beside === null) return null;
    return isMapping(target) ? { allOf: [target, beside] } : beside;
  };

  const expandPinned = (node: Mapping, where: Where): unknown => {
    const [base] = node['allOf'] as unknown[];
    const expanded = expand(base, where);
    return isMapping(expanded) ? withPin(expanded, node[PIN] as Pin) : expanded;
  };

  const expandParts = (node: Mapping, where: Where): Mapping | null => {
    if (asksForTooMuch(node)) return null;
    const result: Mapping = isShort ? { ...node, ...shorter(node) } : { ...node };
    drop(result);
    for (const key of ['allOf', 'anyOf', 'oneOf']) {
      const list = node[key];
      if (!Array.isArray(list)) continue;
      const expanded = list.map((one: unknown) => expand(one, where));
      const ended = expanded.filter((one) => one !== null);
      if (ended.length === 0 || (key === 'allOf' && ended.length < expanded.length)) return null;
      result[key] = ended;
    }
    withConditions(result, node, where);
    const whole = withItems(withProperties(result, node, where), node, where);
    return whole === null ? null : fitting(isGentle ? soften(whole, where.name) : whole);
  };

  const drop = (result: Mapping): void => {
    const pattern = result[DROPPED_PATTERN];
    if (typeof pattern === 'string') dropped.add(`the pattern ${pattern}`);
    delete result[DROPPED_PATTERN];
    for (const keyword of without) {
      const value = result[keyword];
      if (typeof value !== 'string') continue;
      dropped.add(`the ${keyword} ${value}`);
      delete result[keyword];
    }
  };

  /** A condition that has no end is left out: what is made is asked for its validity anyway. */
  const withConditions = (result: Mapping, node: Mapping, where: Where): void => {
    for (const key of ONE) {
      if (key === 'items' || key === 'additionalProperties' || !isMapping(node[key])) continue;
      const expanded = expand(node[key], where);
      if (expanded === null) delete result[key];
      else result[key] = expanded;
    }
    for (const key of ['patternProperties', 'dependentSchemas']) {
      const schemas = node[key];
      if (!isMapping(schemas)) continue;
      const expanded = Object.entries(schemas).map(([name, one]): [string, unknown] => [name, expand(one, where)]);
      result[key] = Object.fromEntries(expanded.filter(([, one]) => one !== null));
    }
  };

  const withProperties = (result: Mapping, { properties, required }: Mapping, { open }: Where): Mapping | null => {
    if (!isMapping(properties)) return result;
    const needed = new Set<unknown>(Array.isArray(required) ? required : []);
    // What is required first, so that a large schema spends its parts on it.
    const names = Object.keys(properties).sort((a, b) => Number(needed.has(b)) - Number(needed.has(a)));
    const kept: Mapping = {};
    for (const name of names) {
      if (open.length > OPTIONAL_DEPTH && !needed.has(name) && isNested(properties[name])) continue;
      const expanded = expand(properties[name], { open, name });
      if (expanded !== null) kept[name] = expanded;
      else if (needed.has(name)) return null;
    }
    const ordered = Object.keys(properties).filter((name) => Object.hasOwn(kept, name));
    return { ...result, properties: Object.fromEntries(ordered.map((name) => [name, kept[name]])) };
  };

  const withItems = (result: Mapping | null, node: Mapping, where: Where): Mapping | null => {
    if (result === null) return null;
    const { items, prefixItems, additionalProperties, minItems } = node;
    if (Array.isArray(prefixItems)) {
      const expanded = prefixItems.map((one: unknown) => expand(one, where));
      if (expanded.includes(null)) return null;
      result['prefixItems'] = expanded;
    }
    if (isMapping(additionalProperties)) result['additionalProperties'] = expand(additionalProperties, where) ?? false;
    if (!isMapping(items)) return result;
    const expanded = expand(items, where);
    if (expanded !== null) return { ...result, items: expanded };
    if (typeof minItems === 'number' && minItems > 0) return null;
    const { items: _, ...empty } = result;
    return { ...empty, maxItems: 0 };
  };

  const expanded = expand(schema, { open: [], name: 'value' });
  if (expanded === true) return { schema: {}, dropped: [] };
  if (!isMapping(expanded) || sizeOf(expanded) > LARGEST_EXAMPLE) return { endless: reason };
  return { schema: expanded, dropped: [...dropped] };
}

/** The property has these values wherever the schema speaks of it. */
function withPin(schema: Mapping, pin: Pin): Mapping {
  const { property, values } = pin;
  const { required, properties } = replaced(schema, pin);
  return {
    ...replaced(schema, pin),
    type: 'object',
    required: [...new Set([...(Array.isArray(required) ? (required as unknown[]) : []), property])],
    properties: { ...(isMapping(properties) ? properties : {}), [property]: { enum: values } },
  };
}

function replaced(schema: Mapping, pin: Pin): Mapping {
  const result: Mapping = { ...schema };
  const { properties } = schema;
  if (isMapping(properties) && Object.hasOwn(properties, pin.property))
    result['properties'] = { ...properties, [pin.property]: { enum: pin.values } };
  for (const key of ['allOf', 'anyOf', 'oneOf']) {
    const list = schema[key];
    if (Array.isArray(list)) result[key] = list.map((one: unknown) => (isMapping(one) ? replaced(one, pin) : one));
  }
  return result;
}

/** Whether a schema has parts of its own. */
const isNested = (schema: unknown): boolean =>
  isMapping(schema) && ['$ref', 'properties', 'items', ...LISTS].some((key) => Object.hasOwn(schema, key));

function asksForTooMuch(node: Mapping): boolean {
  return Object.entries(MOST).some(([key, most]) => numberOf(node, key) > most);
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
  const { properties } = node;
  const parts: unknown[] = isMapping(properties) ? Object.values(properties) : [];
  for (const key of LISTS) if (Array.isArray(node[key])) parts.push(...(node[key] as unknown[]));
  const repeated = REPEATED.map(([key, least]) =>
    isMapping(node[key]) ? Math.max(1, numberOf(node, least)) * sizeOf(node[key]) : 0,
  );
  const own = 1 + Math.max(0, numberOf(node, 'minLength'));
  return [...repeated, ...parts.map(sizeOf)].reduce((sum, one) => sum + one, own);
}
