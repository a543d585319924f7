const NUMBER_WEIGHT = 8;
const ENTRY_WEIGHT = 4;

/** About how many bytes a value is as JSON; of a heavier one than `most`, no more is looked at. */
export function weightOf(value: unknown, most = Infinity): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return NUMBER_WEIGHT;
  let weight = 0;
  // A long array is not copied to look at its beginning.
  const entries: Iterable<[string | number, unknown]> = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [key, inner] of entries) {
    weight += (typeof key === 'string' ? key.length : 0) + ENTRY_WEIGHT + weightOf(inner, most - weight);
    if (weight > most) break;
  }
  return weight;
}
