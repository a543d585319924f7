import type { Place } from './yaml-place.js';

/** A mapping as a file has it. */
export type Mapping = Record<string, unknown>;

/** True for a mapping of names to values. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text, a number or a switch as text; anything else is none. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** How a mistake is noted: where, in which field, what is wrong. */
export type NoteMistake = (place: Place, path: readonly PropertyKey[], message: string) => void;
