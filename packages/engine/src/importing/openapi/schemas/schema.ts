import { isMapping, type Mapping } from '../../mapping.js';
import type { Discriminators, Pin } from './discriminator.js';
import type { ApiDocument } from '../document.js';
import { BY_NAME, LISTS, objectionTo, objectionToPattern, ONE } from './keywords.js';
import { readPattern } from './pattern.js';

/** Turns schemas of an OpenAPI document into JSON Schema 2020-12. */
export interface SchemaWriter {
  convert(schema: unknown): Converted;
  /** What `$ref`s of converted schemas name, whole: they begin with {@link DEFINITION}. */
  definitions: ReadonlyMap<string, Mapping | boolean>;
}

export type Converted = Mapping | boolean;

/** How references of converted schemas begin. */
const DEFINITION = 'hive:/';
/** Marks what nothing is known about, such as a reference that leads nowhere: validators pass over it, no example is made of it. */
export const UNKNOWN = 'x-hive-unknown';
/** Holds the patterns that were dropped, for whoever makes an example. */
export const DROPPED_PATTERN = 'x-hive-dropped-pattern';

/** Holds the property and values of a schema that a discriminator led to; its first `allOf` is the schema itself. */
export const PIN = 'x-hive-pin';

interface Context {
  /** The reference under which the schema stands, where it has one. */
  own?: string;
  /** As a part of another schema, which says what its discriminator is: neither a choice of others nor pinned. */
  asPart?: boolean;
}

interface Place {
  asPart: boolean;
  /**
   * Its `allOf` makes another schema of those that it names. False where a nameless schema only uses one, as people write it in 3.0, where
   * nothing may stand beside a `$ref`: that one's discriminator holds.
   */
  extends: boolean;
}

/**
 * What only answers have (`readOnly`) is left out. Keywords that cannot be read are dropped one by one, and `note` is told; so is a
 * pattern of another dialect of regular expressions.
 */
export function createSchemaWriter(
  document: ApiDocument,
  { discriminators, note }: { discriminators: Discriminators; note: (text: string) => void },
): SchemaWriter {
  const { version, follow, at } = document;
  const definitions = new Map<string, Converted>();
  const names = new Map<string, string>();

  const refer = (holder: Mapping, asPart: boolean): Mapping => {
    const reference = String(holder['$ref']);
    const broken = document.brokenReference(holder);
    if (broken !== null) {
      note(`${broken}; nothing is known about what it stands for`);
      return { [UNKNOWN]: broken };
    }
    const isBase = asPart && discriminators.takesPart(reference);
    const key = `${isBase ? 'part' : 'whole'} ${reference}`;
    const name =
      names.get(key) ?? `${DEFINITION}${names.size}/${reference.replace(/^.*\//, '').replace(/[^\w.-]/g, '_')}`;
    names.set(key, name);
    if (!definitions.has(name)) {
      definitions.set(name, true);
      definitions.set(name, convert(follow(holder), { own: reference, asPart: isBase }));
    }
    return { $ref: name };
  };

  const convert = (schema: unknown, { own, asPart = false }: Context = {}): Converted => {
    if (typeof schema === 'boolean') return schema;
    if (!isMapping(schema)) return true;
    if (asPart) return convertPlain(schema, { asPart, extends: true });
    const choice = discriminators.choiceOf(schema, own);
    if (choice !== null) return { anyOf: choice.map((one) => pinned(convert(one.schema), one.pin)) };
    return pinned(
      convertPlain(schema, { asPart: false, extends: own !== undefined }),
      discriminators.pinOf(schema, own),
    );
  };

  const convertPlain = (schema: Mapping, place: Place): Mapping => {
    const { asPart } = place;
    const reference = schema['$ref'];
    const isReference = typeof reference === 'string';
    // In 3.0 nothing beside a $ref counts.
    if (isReference && version === '3.0') return refer(schema, asPart);
    const result: Mapping = isReference ? refer(schema, asPart) : {};
    for (const [key, value] of Object.entries(modern(schema))) {
      if (key === '$ref' && isReference) continue;
      const objection = objectionTo(key, value);
      if (objection === undefined) continue;
      if (objection !== null) note(`${at(schema, key)} ${objection}: this keyword is not read`);
      else convertKeyword({ result, schema, key, value, place });
    }
    dropReadOnly(result, schema);
    const example = schema['example'];
    if (example !== undefined && result['examples'] === undefined) result['examples'] = [example];
    return result;
  };

  const convertKeyword = (one: {
    result: Mapping;
    schema: Mapping;
    key: string;
    value: unknown;
    place: Place;
  }): void => {
    const { result, schema, key, value, place } = one;
    if (key === 'pattern' && typeof value === 'string') {
      const objection = objectionToPattern(value);
      if (objection === null) result[key] = value;
      else {
        note(`${at(schema, key)}: ${objection}: values are made without it`);
        result[DROPPED_PATTERN] = value;
      }
    } else if (BY_NAME.has(key)) result[key] = convertAll(value as Mapping, key);
    else if (ONE.has(key)) result[key] = convert(value);
    else if (LISTS.has(key)) result[key] = convertList(schema, { key, place }, value as unknown[]);
    else if (key === 'required') result[key] = [...new Set(value as string[])];
    else result[key] = value;
  };

  const convertList = (
    schema: Mapping,
    { key, place }: { key: string; place: Place },
    list: readonly unknown[],
  ): Converted[] => {
    const isUse = key === 'allOf' && !place.extends && list.filter(takesPart).length === 1;
    return list.map((one) => {
      const branch = key === 'oneOf' || key === 'anyOf' ? discriminators.branchOf(schema, one) : null;
      return pinned(convert(one, { asPart: (key === 'allOf' && !isUse) || branch !== null }), branch);
    });
  };

  const takesPart = (part: unknown): boolean =>
    isMapping(part) && typeof part['$ref'] === 'string' && discriminators.takesPart(part['$ref']);

  const convertAll = (schemas: Mapping, key: string): Mapping =>
    Object.fromEntries(
      Object.entries(schemas)
        .filter(([name, schema]) => (key === 'properties' ? !isReadOnly(schema) : true) && isName(schemas, key, name))
        .map(([name, schema]) => [name, convert(schema)]),
    );

  const isName = (schemas: Mapping, key: string, name: string): boolean => {
    if (key !== 'patternProperties' || readPattern(name) !== null) return true;
    note(`${at(schemas, name)}: ${objectionToPattern(name) ?? 'is no pattern'}: this key is not read`);
    return false;
  };

  const isReadOnly = (schema: unknown): boolean => {
    const found = follow(schema);
    return (isMapping(schema) && schema['readOnly'] === true) || (isMapping(found) && found['readOnly'] === true);
  };

  const dropReadOnly = (result: Mapping, { properties }: Mapping): void => {
    const { required } = result;
    if (!Array.isArray(required) || !isMapping(properties)) return;
    result['required'] = required.filter((name) => !(typeof name === 'string' && isReadOnly(properties[name])));
  };

  return { convert: (schema) => convert(schema), definitions };
}

/** The schema with a property that has one of these values. {@link PIN} says so to whoever makes an example. */
function pinned(schema: Converted, pin: Pin | null): Converted {
  if (pin === null || schema === false) return schema;
  const { property, values } = pin;
  const named = { type: 'object', required: [property], properties: { [property]: { enum: values } } };
  return { allOf: schema === true ? [named] : [schema, named], [PIN]: pin };
}

/** What 3.0 and older drafts say, as JSON Schema 2020-12 says it; people write it in 3.1 as well. */
function modern(schema: Mapping): Mapping {
  const result: Mapping = { ...schema };
  for (const [exclusive, plain] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    const strict = schema[exclusive];
    if (typeof strict !== 'boolean') continue;
    delete result[exclusive];
    if (!strict || typeof schema[plain] !== 'number') continue;
    result[exclusive] = schema[plain];
    delete result[plain];
  }
  if (Array.isArray(schema['items']) && schema['prefixItems'] === undefined) {
    result['prefixItems'] = schema['items'];
    delete result['items'];
  }
  const { type, enum: values } = schema;
  if (schema['nullable'] !== true || typeof type !== 'string') return result;
  result['type'] = [type, 'null'];
  if (Array.isArray(values) && !values.includes(null)) result['enum'] = [...(values as unknown[]), null];
  return result;
}
