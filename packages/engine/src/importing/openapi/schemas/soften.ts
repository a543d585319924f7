import type { Mapping } from '../../mapping.js';

const BOUNDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
const FIXED = ['enum', 'const', 'examples', 'default'];
const TEXT = ['format', 'pattern', 'minLength'];

/** Every value of the softened schema is one of the original. */
export function soften(given: Mapping, name: string): Mapping {
  const schema = withoutNull(given);
  const { type } = schema;
  const open = (keys: readonly string[]): boolean => keys.every((key) => schema[key] === undefined);
  if ((type === 'integer' || type === 'number') && open([...BOUNDS, ...FIXED]))
    return { ...schema, minimum: 1, maximum: 100 };
  const { maximum } = schema;
  if (
    (type === 'integer' || type === 'number') &&
    typeof maximum === 'number' &&
    maximum >= 1 &&
    open(['minimum', 'exclusiveMinimum'])
  )
    return { ...schema, minimum: 1 };
  const { maxLength } = schema;
  const hasRoom = typeof maxLength !== 'number' || maxLength >= name.length;
  if (type === 'string' && hasRoom && open([...TEXT, ...FIXED])) return { ...schema, examples: [name] };
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

/** Without the examples and the default that the schema itself plainly does not accept: one of them would spoil the whole. */
export function fitting(schema: Mapping): Mapping {
  const { examples, default: fallback } = schema;
  const result: Mapping = { ...schema };
  if (Array.isArray(examples)) {
    const kept = examples.filter((one: unknown) => fits(one, schema));
    if (kept.length > 0) result['examples'] = kept;
    else delete result['examples'];
  }
  if (fallback !== undefined && !fits(fallback, schema)) delete result['default'];
  return result;
}

function fits(value: unknown, schema: Mapping): boolean {
  const { type, enum: values, const: fixed } = schema;
  const types: unknown[] = Array.isArray(type) ? type : type === undefined ? [] : [type];
  if (types.length > 0 && !types.some((one) => isOf(value, one))) return false;
  if (Array.isArray(values) && typeof value !== 'object' && !values.includes(value)) return false;
  if (fixed !== undefined && typeof fixed !== 'object' && value !== fixed) return false;
  const bound = (key: string): number | null => (typeof schema[key] === 'number' ? schema[key] : null);
  const within = (size: number, [least, most]: [string, string]): boolean =>
    size >= (bound(least) ?? size) && size <= (bound(most) ?? size);
  if (typeof value === 'number') return within(value, ['minimum', 'maximum']);
  if (typeof value === 'string') return within(value.length, ['minLength', 'maxLength']);
  return true;
}

function isOf(value: unknown, type: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}
