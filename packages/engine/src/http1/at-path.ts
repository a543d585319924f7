/** What stands at a path such as `$.items[0].id` in a value that was JSON; undefined: nothing. */
export function atPath(value: unknown, path: string): unknown {
  const steps = path.replace(/^\$\.?/, '').match(/[\w-]+|\['[^']+'\]/g) ?? [];
  let at = value;
  for (const step of steps) {
    if (typeof at !== 'object' || at === null) return undefined;
    const key = step.startsWith("['") ? step.slice(2, -2) : step;
    if (!Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}
