import { isMapping, type Mapping } from '../../mapping.js';
import type { ApiDocument } from '../document.js';

/** A property and the values that it may have. */
export interface Pin {
  property: string;
  values: string[];
}

/** What `discriminator` says: which schema a value of its property stands for. */
export interface Discriminators {
  /** For a branch of a `oneOf` or `anyOf`: which values lead to it. Null where nothing says so. */
  branchOf(schema: Mapping, branch: unknown): Pin | null;
  /** The schemas that may stand in the place of a base schema, each with its values. Null for what is no such base. */
  choiceOf(schema: Mapping, own: string | undefined): { schema: Mapping; pin: Pin | null }[] | null;
  /** The values of a schema that extends a base with a discriminator, or of such a base without children. */
  pinOf(schema: Mapping, own: string | undefined): Pin | null;
  /** Whether the schema at a reference is such a base or extends one. */
  takesPart(reference: string): boolean;
}

const SCHEMAS = '#/components/schemas/';
const MOST_STEPS = 20;

/** @see https://spec.openapis.org/oas/v3.1.0#discriminator-object */
export function createDiscriminators({ root, follow }: Pick<ApiDocument, 'root' | 'follow'>): Discriminators {
  const components = isMapping(root['components']) ? root['components'] : {};
  const schemas = isMapping(components['schemas']) ? components['schemas'] : {};

  const propertyOf = (schema: unknown): string | null => {
    const discriminator = isMapping(schema) ? schema['discriminator'] : undefined;
    const name = isMapping(discriminator) ? discriminator['propertyName'] : undefined;
    return typeof name === 'string' && name !== '' ? name : null;
  };

  /** Values that the mapping gives a reference, else the name of its schema. */
  const namesOf = (schema: Mapping, reference: string): string[] => {
    const { mapping } = schema['discriminator'] as Mapping;
    const named = Object.entries(isMapping(mapping) ? mapping : {}).filter(
      ([, target]) => typeof target === 'string' && fullReference(target) === reference,
    );
    return named.length > 0 ? named.map(([name]) => name) : [decoded(reference.split('/').at(-1) ?? reference)];
  };

  const fullReference = (target: string): string => {
    if (Object.hasOwn(schemas, target)) return `${SCHEMAS}${escaped(target)}`;
    const name = /^[^#]*?([\w.-]+?)(?:\.(?:ya?ml|json))?$/.exec(target)?.[1] ?? '';
    return !target.startsWith('#') && Object.hasOwn(schemas, name) ? `${SCHEMAS}${escaped(name)}` : target;
  };

  /** What the schema itself says of the property, in any of its parts; null where it says nothing. */
  const allowedBy = (schema: unknown, property: string, steps = 0): unknown[] | null => {
    const found = follow(schema);
    if (!isMapping(found) || steps > MOST_STEPS) return null;
    const { properties } = found;
    const own = isMapping(properties) && Object.hasOwn(properties, property) ? valuesOf(properties[property]) : null;
    return own ?? inParts(found, (part) => allowedBy(part, property, steps + 1));
  };

  /** The values that a schema of a single value lists. */
  const valuesOf = (schema: unknown, steps = 0): unknown[] | null => {
    const found = follow(schema);
    if (!isMapping(found) || steps > MOST_STEPS) return null;
    if (found['const'] !== undefined) return [found['const']];
    if (Array.isArray(found['enum'])) return found['enum'] as unknown[];
    return inParts(found, (part) => valuesOf(part, steps + 1));
  };

  /** The values that the schema allows, in its own spelling; null where it allows none of them and must be left as it is. */
  const pinFor = (property: string, names: readonly string[], schema: unknown): Pin | null => {
    const allowed = allowedBy(schema, property)?.filter((one) => typeof one === 'string');
    if (allowed === undefined) return { property, values: [...names] };
    const values = allowed.filter((one) => names.includes(one));
    if (values.length > 0) return { property, values };
    const alike = allowed.filter((one) => names.some((name) => name.toLowerCase() === one.toLowerCase()));
    return alike.length > 0 ? { property, values: alike } : null;
  };

  const hasBranches = ({ oneOf, anyOf }: Mapping): boolean => Array.isArray(oneOf) || Array.isArray(anyOf);
  const isBase = (schema: unknown): schema is Mapping =>
    isMapping(schema) && propertyOf(schema) !== null && !hasBranches(schema);

  /** References of its `allOf`. */
  const partsOf = (schema: unknown): string[] => {
    const allOf = isMapping(schema) ? schema['allOf'] : undefined;
    return (Array.isArray(allOf) ? (allOf as unknown[]) : []).flatMap((part) =>
      isMapping(part) && typeof part['$ref'] === 'string' ? [part['$ref']] : [],
    );
  };

  const baseOf = (schema: unknown, steps = 0): Mapping | null => {
    for (const reference of steps > MOST_STEPS ? [] : partsOf(schema)) {
      const part = follow({ $ref: reference });
      const above = baseOf(part, steps + 1);
      if (above !== null) return above;
      if (isBase(part)) return part;
    }
    return null;
  };

  let children: Map<Mapping, string[]> | null = null;
  const childrenOf = (base: Mapping): string[] => {
    if (children === null) {
      children = new Map();
      for (const [name, schema] of Object.entries(schemas)) {
        const above = baseOf(schema);
        if (above !== null) children.set(above, [...(children.get(above) ?? []), `${SCHEMAS}${escaped(name)}`]);
      }
    }
    return children.get(base) ?? [];
  };

  return {
    branchOf(schema, branch) {
      const property = propertyOf(schema);
      const reference = isMapping(branch) ? branch['$ref'] : undefined;
      if (property === null || typeof reference !== 'string') return null;
      return pinFor(property, namesOf(schema, reference), branch);
    },
    choiceOf(schema, own) {
      if (!isBase(schema)) return null;
      const property = propertyOf(schema) as string;
      const { mapping } = schema['discriminator'] as Mapping;
      const mapped = Object.values(isMapping(mapping) ? mapping : {}).flatMap((target) =>
        typeof target === 'string' ? [fullReference(target)] : [],
      );
      const references = [...new Set([...mapped, ...childrenOf(schema)])].filter(
        (reference) => reference !== own && follow({ $ref: reference }) !== null,
      );
      if (references.length === 0) return null;
      return references.map((reference) => {
        const child = { $ref: reference };
        const part = baseOf(follow(child)) === schema ? child : { allOf: [child, withoutDiscriminator(schema)] };
        return { schema: part, pin: pinFor(property, namesOf(schema, reference), child) };
      });
    },
    pinOf(schema, own) {
      if (own === undefined) return null;
      const base = isBase(schema) ? schema : baseOf(schema);
      if (base === null) return null;
      const property = propertyOf(base) as string;
      return pinFor(property, namesOf(base, own), schema);
    },
    takesPart(reference) {
      const schema = follow({ $ref: reference });
      return isBase(schema) || baseOf(schema) !== null;
    },
  };
}

/** What the parts of a schema say: the first of those that all hold, else all of the alternatives. */
function inParts({ allOf, oneOf, anyOf }: Mapping, read: (part: unknown) => unknown[] | null): unknown[] | null {
  for (const part of Array.isArray(allOf) ? (allOf as unknown[]) : []) {
    const values = read(part);
    if (values !== null) return values;
  }
  const branches = [oneOf, anyOf].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  const values = branches.flatMap((branch) => read(branch) ?? []);
  return values.length > 0 ? values : null;
}

const withoutDiscriminator = ({ discriminator: _, ...rest }: Mapping): Mapping => rest;

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

function decoded(part: string): string {
  const plain = part.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}
