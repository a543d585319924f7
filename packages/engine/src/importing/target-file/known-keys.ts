import { targetInputSchema } from '@hive/contract';

/** The part of a JSON schema that says which keys a mapping may have. */
interface Shape {
  properties?: Record<string, Shape | boolean>;
  items?: Shape | boolean;
}

/** A key that the description of a target does not know, and those that it does. */
export interface UnknownKey {
  path: PropertyKey[];
  known: string[];
}

// Read from the schema itself: a field that the contract gains is known here at once.
const targetShape = targetInputSchema.toJSONSchema({ io: 'input', unrepresentable: 'any' }) as Shape;

/** The keys at the top of the description of a target. */
export const TARGET_KEYS: readonly string[] = Object.keys(targetShape.properties ?? {});

/** Every key, at any depth, that the description of a target does not know. Below such a key nothing is looked at. */
export function unknownKeys(value: unknown): UnknownKey[] {
  return visit(value, targetShape, []);
}

function visit(value: unknown, shape: Shape | boolean | undefined, path: PropertyKey[]): UnknownKey[] {
  if (typeof shape !== 'object' || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => visit(item, shape.items, [...path, index]));
  const { properties } = shape;
  if (properties === undefined) return [];
  const known = Object.keys(properties);
  return Object.entries(value).flatMap(([key, inner]) =>
    Object.hasOwn(properties, key) ? visit(inner, properties[key], [...path, key]) : [{ path: [...path, key], known }],
  );
}
