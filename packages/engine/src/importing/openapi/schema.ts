import type { ApiDocument } from './document.js';
import { isMapping, type Mapping } from '../mapping.js';

/** Turns schemas of an OpenAPI document into JSON Schema 2020-12 that stands alone. */
export interface SchemaWriter {
  /** The schema with every definition it may refer to. `tooMuch`: it asks for more than an example should have. */
  standAlone(schema: unknown): { schema: Mapping; tooMuch: boolean };
}

/** An example of this size is no example. */
const MOST = { minItems: 1_000, minLength: 100_000, minProperties: 1_000, minContains: 1_000 } as const;
const DEFINITIONS = '$defs';

/** Mappings of names to schemas, single schemas, and lists of schemas. */
const BY_NAME = ['properties', 'patternProperties', 'dependentSchemas'];
const ONE = [
  'items',
  'additionalProperties',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
];
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
/** What says nothing about a value. */
const WORDS: ReadonlySet<string> = new Set([
  'discriminator',
  'xml',
  'externalDocs',
  'deprecated',
  'description',
  'title',
  'example',
  'nullable',
  'readOnly',
  'writeOnly',
  '$id',
  '$schema',
  '$comment',
  '$anchor',
  '$dynamicAnchor',
]);

/**
 * `gentle`: where a schema leaves everything open, numbers are small and texts are the name of their field.
 * What only answers have (`readOnly`) is left out.
 */
export function createSchemaWriter({ version, follow }: ApiDocument, { gentle }: { gentle: boolean }): SchemaWriter {
  const definitions: Mapping = {};
  /** Which definitions each refers to, and which ask for too much themselves; '' is the schema that is written now. */
  const uses = new Map<string, Set<string>>();
  const large = new Set<string>();
  let open = '';

  const refer = (reference: string): Mapping => {
    const name = reference
      .replace(/^#\/?/, '')
      .replaceAll('/', '.')
      .replace(/[^A-Za-z0-9._-]/g, '_');
    uses.get(open)?.add(name);
    if (!Object.hasOwn(definitions, name)) {
      const outer = open;
      open = name;
      uses.set(name, new Set());
      definitions[name] = true;
      definitions[name] = convert(follow({ $ref: reference }), name.split('.').at(-1) ?? name);
      open = outer;
    }
    return { $ref: `#/${DEFINITIONS}/${name}` };
  };

  const convert = (schema: unknown, name: string): Mapping | boolean => {
    if (typeof schema === 'boolean') return schema;
    if (!isMapping(schema)) return true;
    const reference = schema['$ref'];
    // In 3.0 nothing beside a $ref counts.
    if (typeof reference === 'string' && version === '3.0') return refer(reference);
    const result: Mapping = typeof reference === 'string' ? refer(reference) : {};
    for (const [key, value] of Object.entries(schema)) {
      if (key === '$ref' || WORDS.has(key)) continue;
      if (BY_NAME.includes(key) && isMapping(value)) result[key] = convertAll(value, key === 'properties');
      else if (ONE.includes(key)) result[key] = convert(value, name);
      else if (LISTS.includes(key) && Array.isArray(value))
        result[key] = value.map((one: unknown) => convert(one, name));
      else result[key] = value;
    }
    dropReadOnly(result, schema);
    if (version === '3.0') modernise(result, schema);
    const example = schema['example'];
    if (example !== undefined && result['examples'] === undefined) result['examples'] = [example];
    if (tooMuch(result)) large.add(open);
    return gentle ? soften(result, name) : result;
  };

  const convertAll = (schemas: Mapping, asProperties: boolean): Mapping =>
    Object.fromEntries(
      Object.entries(schemas)
        .filter(([, schema]) => !asProperties || !isReadOnly(schema))
        .map(([name, schema]) => [name, convert(schema, name)]),
    );

  const isReadOnly = (schema: unknown): boolean => {
    const found = follow(schema);
    return (isMapping(schema) && schema['readOnly'] === true) || (isMapping(found) && found['readOnly'] === true);
  };

  const dropReadOnly = (result: Mapping, { required, properties }: Mapping): void => {
    if (!Array.isArray(required) || !isMapping(properties)) return;
    result['required'] = required.filter((name) => !(typeof name === 'string' && isReadOnly(properties[name])));
  };

  /** A Set goes on over what is added to it meanwhile. */
  const asksForTooMuch = (): boolean => {
    const reached = new Set(['']);
    for (const name of reached) {
      if (large.has(name)) return true;
      for (const used of uses.get(name) ?? []) reached.add(used);
    }
    return false;
  };

  return {
    standAlone(schema) {
      uses.set('', new Set());
      large.delete('');
      const converted = convert(schema, 'value');
      const whole = typeof converted === 'boolean' ? (converted ? {} : { not: {} }) : { ...converted };
      return { schema: { ...whole, [DEFINITIONS]: definitions }, tooMuch: asksForTooMuch() };
    },
  };
}

/** `nullable` and the boolean bounds of 3.0, as JSON Schema 2020-12 says them. */
function modernise(result: Mapping, schema: Mapping): void {
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
  const { type, enum: values } = schema;
  if (schema['nullable'] !== true || typeof type !== 'string') return;
  result['type'] = [type, 'null'];
  if (Array.isArray(values) && !values.includes(null)) result['enum'] = [...(values as unknown[]), null];
}

function tooMuch(schema: Mapping): boolean {
  const { pattern } = schema;
  if (typeof pattern === 'string' && (pattern.length > 1_000 || /\{\d{4,}/.test(pattern))) return true;
  return Object.entries(MOST).some(([key, most]) => {
    const asked = schema[key];
    return typeof asked === 'number' && asked > most;
  });
}

const BOUNDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
const FIXED = ['enum', 'const', 'examples', 'default'];
const TEXT = ['format', 'pattern', 'minLength', 'maxLength'];

/** Every value of the softened schema is one of the original. */
function soften(given: Mapping, name: string): Mapping {
  const schema = withoutNull(given);
  const { type } = schema;
  const open = (keys: readonly string[]): boolean => keys.every((key) => schema[key] === undefined);
  if ((type === 'integer' || type === 'number') && open([...BOUNDS, ...FIXED]))
    return { ...schema, minimum: 1, maximum: 100 };
  if (type === 'string' && open([...TEXT, ...FIXED])) return { ...schema, examples: [name] };
  const { maxLength } = schema;
  const mayHaveText = typeof maxLength !== 'number' || maxLength > 0;
  if (type === 'string' && mayHaveText && open(['minLength', 'pattern', 'enum', 'const']))
    return { ...schema, minLength: 1 };
  return schema;
}

/** A field that may be null is given a value. */
function withoutNull(schema: Mapping): Mapping {
  const { type, enum: values } = schema;
  const types = Array.isArray(type) ? type.filter((one) => one !== 'null') : [];
  if (types.length === 0) return schema;
  const some = Array.isArray(values) ? { enum: values.filter((value) => value !== null) } : {};
  return { ...schema, ...some, type: types.length === 1 ? (types[0] as unknown) : types };
}
