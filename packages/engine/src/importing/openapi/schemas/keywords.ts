import { isMapping } from '../../mapping.js';
import { isTooLarge, readPattern } from './pattern.js';

/** The form that a keyword's value has, and whether a value has it. */
interface Form {
  is: (value: unknown) => boolean;
  says: string;
}

const isSchema = (value: unknown): boolean => typeof value === 'boolean' || isMapping(value);
const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === 'string');

const SCHEMA: Form = { is: isSchema, says: 'must be a schema' };
const SCHEMAS: Form = { is: isMapping, says: 'must be a mapping of names to schemas' };
const LIST: Form = { is: (value) => Array.isArray(value) && value.length > 0, says: 'must be a list of schemas' };
const NUMBER: Form = { is: (value) => typeof value === 'number' && Number.isFinite(value), says: 'must be a number' };
const COUNT: Form = { is: isCount, says: 'must be a whole number from 0' };
const TEXT: Form = { is: (value) => typeof value === 'string', says: 'must be a string' };
const ANY: Form = { is: () => true, says: '' };

const TYPES = ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'];

/** Mappings of names to schemas, single schemas, and lists of schemas. */
export const BY_NAME: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'dependentSchemas']);
export const ONE: ReadonlySet<string> = new Set([
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
]);
export const LISTS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);

/** The keywords that say what a value may be (JSON Schema 2020-12). All others are passed over. */
const KEYWORDS: Readonly<Record<string, Form>> = {
  ...Object.fromEntries([...BY_NAME].map((name) => [name, SCHEMAS])),
  ...Object.fromEntries([...ONE].map((name) => [name, SCHEMA])),
  ...Object.fromEntries([...LISTS].map((name) => [name, LIST])),
  ...Object.fromEntries(['maximum', 'minimum', 'exclusiveMaximum', 'exclusiveMinimum'].map((name) => [name, NUMBER])),
  ...Object.fromEntries(
    words('maxLength minLength maxItems minItems maxProperties minProperties maxContains minContains').map((name) => [
      name,
      COUNT,
    ]),
  ),
  multipleOf: { is: (value) => NUMBER.is(value) && (value as number) > 0, says: 'must be a number above 0' },
  type: {
    is: (value) => {
      const types: unknown[] = Array.isArray(value) ? value : [value];
      return types.length > 0 && types.every((one) => typeof one === 'string' && TYPES.includes(one));
    },
    says: `must be one of ${TYPES.join(', ')}`,
  },
  pattern: TEXT,
  format: TEXT,
  uniqueItems: { is: (value) => typeof value === 'boolean', says: 'must be true or false' },
  required: { is: isTexts, says: 'must be a list of names' },
  enum: { is: (value) => Array.isArray(value) && value.length > 0, says: 'must be a list with at least one value' },
  examples: { is: Array.isArray, says: 'must be a list' },
  dependentRequired: {
    is: (value) => isMapping(value) && Object.values(value).every(isTexts),
    says: 'must be a mapping of names to lists of names',
  },
  const: ANY,
  default: ANY,
};

/** Words of other drafts that a validator of 2020-12 refuses or takes for something else. */
const OF_OTHERS: ReadonlySet<string> = new Set(
  words(
    '$recursiveAnchor $recursiveRef $vocabulary $async id dependencies additionalItems divisibleBy extends disallow',
  ),
);

function words(text: string): string[] {
  return text.split(' ');
}

/** Why a keyword of a schema cannot be read; null where it can, undefined where it says nothing about a value. */
export function objectionTo(keyword: string, value: unknown): string | null | undefined {
  if (keyword === '$dynamicRef') return 'refers to what only those who use the schema decide';
  if (OF_OTHERS.has(keyword)) return 'is not of JSON Schema 2020-12';
  const form = Object.hasOwn(KEYWORDS, keyword) ? KEYWORDS[keyword] : undefined;
  if (form === undefined) return undefined;
  return form.is(value) ? null : form.says;
}

/** Why a pattern cannot be used, with it; null where it can. */
export function objectionToPattern(pattern: string): string | null {
  const shown = pattern.length > 100 ? `${pattern.slice(0, 100)}…` : pattern;
  if (readPattern(pattern) === null)
    return `the pattern ${shown} is not a regular expression as JavaScript and JSON Schema have them`;
  return isTooLarge(pattern) ? `the pattern ${shown} asks for too much` : null;
}
