import { isMapping, type Mapping } from '../mapping.js';
import type { ApiDocument } from './document.js';

const DEEPEST = 8;

type Follow = Pick<ApiDocument, 'follow'>;

/** The examples that are written beside a schema, in a parameter or a media type, then those of the schema itself. */
export function writtenExamples(holder: Mapping, document: Follow): unknown[] {
  return [...ownExamples(holder, document), ...schemaExamples(holder['schema'], document)];
}

/** Beside the schema alone. */
function ownExamples({ example, examples }: Mapping, { follow }: Follow): unknown[] {
  const named = isMapping(examples) ? Object.values(examples).map((one) => follow(one)) : [];
  const listed = Array.isArray(examples) ? (examples as unknown[]) : [];
  const values = named.flatMap((one) => {
    if (!isMapping(one)) return [];
    const key = ['value', 'dataValue', 'serializedValue'].find((name) => name in one);
    return key === undefined ? [] : [one[key]];
  });
  return [...(example === undefined ? [] : [example]), ...values, ...listed];
}

/** The examples, the default and the enumerated values of a schema itself, then those of its parts. */
function schemaExamples(node: unknown, document: Follow, depth = 0): unknown[] {
  const schema = document.follow(node);
  if (!isMapping(schema) || depth > DEEPEST) return [];
  const { example, examples, default: fallback, const: fixed, enum: values } = schema;
  return [
    ...(example === undefined ? [] : [example]),
    ...(Array.isArray(examples) ? (examples as unknown[]) : []),
    ...(fallback === undefined ? [] : [fallback]),
    ...(fixed === undefined ? [] : [fixed]),
    ...(Array.isArray(values) ? (values as unknown[]) : []),
    ...partsOf(schema).flatMap((part) => schemaExamples(part, document, depth + 1)),
  ];
}

const partsOf = ({ allOf, anyOf, oneOf }: Mapping): unknown[] =>
  [allOf, anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));

/** Whether an example is written for it: beside its schema, in it, in a part of it or in its items. */
export function hasExample(holder: Mapping, document: Follow): boolean {
  if (ownExamples(holder, document).some((one) => one !== null && one !== undefined)) return true;
  return exemplified(holder['schema'], document, 0);
}

function exemplified(node: unknown, document: Follow, depth: number): boolean {
  const schema = document.follow(node);
  if (!isMapping(schema) || depth > DEEPEST) return false;
  const { example, examples, items } = schema;
  if (example !== undefined && example !== null) return true;
  if (Array.isArray(examples) && examples.some((one) => one !== null)) return true;
  return [...partsOf(schema), items].some((one) => exemplified(one, document, depth + 1));
}
