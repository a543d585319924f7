import { createDepthWatch, HiveError, ROUTES, type RouteName } from '@hive/contract';
import type { z } from 'zod';
import { findUnstorable, invalidInput } from './input.js';

/** No body of the API is half as deep. */
const MOST_DEPTH = 64;

/**
 * The body of a route from its bytes: not too deep, JSON, storable, and as the route's schema wants it. Takes as long as the body is large.
 * @throws HiveError `validation` naming the fields.
 */
export function checkBody(name: RouteName, bytes: Uint8Array): unknown {
  if (createDepthWatch(MOST_DEPTH)(bytes)) {
    throw new HiveError('validation', 'body: nests too deeply', {
      hint: 'see /docs for what the request may contain',
    });
  }
  const value = parsed(new TextDecoder().decode(bytes));
  const refused = findUnstorable(value, 'body');
  if (refused !== null) throw refused;
  const route: { path: string; body?: z.ZodType } = ROUTES[name];
  const schema = route.body;
  if (schema === undefined) return value;
  const checked = schema.safeParse(value ?? {});
  if (!checked.success) throw invalidInput(checked.error.issues, 'body');
  return checked.data;
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (!reachesPrototype(value)) return value;
  } catch {
    // Said below.
  }
  throw new HiveError('validation', 'body: is not valid JSON', { hint: 'send a JSON object' });
}

/** Keys by which whoever copies a value might change what all objects have in common. */
function reachesPrototype(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((inner: unknown) => reachesPrototype(inner));
  return Object.entries(value).some(
    ([key, inner]: [string, unknown]) =>
      key === '__proto__' ||
      (key === 'constructor' && typeof inner === 'object' && inner !== null && Object.hasOwn(inner, 'prototype')) ||
      reachesPrototype(inner),
  );
}
