import { isMapping, type Mapping } from '../mapping.js';
import type { ApiDocument } from './document.js';

type Follow = Pick<ApiDocument, 'follow'>;

/** The schema of a property, wherever the schema speaks of it, with its parts put together. */
export function propertyOf(schema: unknown, name: string, document: Follow): Mapping {
  const { properties } = together(schema, document);
  return isMapping(properties) && Object.hasOwn(properties, name) ? together(properties[name], document) : {};
}

/** The schema of the items of a list, likewise. */
export const itemsOf = (schema: unknown, document: Follow): Mapping =>
  together(together(schema, document)['items'], document);

/** A schema and its parts as one mapping; of alternatives the first that is not null. What names itself, on whatever way, adds nothing to itself. */
export function together(schema: unknown, document: Follow, known = new Map<unknown, Mapping>()): Mapping {
  const found = document.follow(schema);
  if (!isMapping(found)) return {};
  const before = known.get(found);
  if (before !== undefined) return before;
  known.set(found, {});
  const listed = (list: unknown): unknown[] => (Array.isArray(list) ? (list as unknown[]) : []);
  const partOf = (one: unknown): Mapping => together(one, document, known);
  const parts = listed(found['allOf']).map(partOf);
  for (const list of [found['anyOf'], found['oneOf']])
    for (const one of listed(list)) {
      const choice = partOf(one);
      if (choice['type'] === 'null') continue;
      parts.push(choice);
      break;
    }
  const properties = Object.assign({}, ...[...parts, found].map((one) => one['properties'])) as Mapping;
  const whole = { ...(Object.assign({}, ...parts) as Mapping), ...found, properties };
  known.set(found, whole);
  return whole;
}
