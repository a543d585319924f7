/** The one before, where every part of an object is still the same; so that who compares objects sees no change. */
export function keepSame<Value>(before: Value, value: Value): Value {
  return Object.is(before, value) || (isPlain(before) && isPlain(value) && haveSameParts(before, value))
    ? before
    : value;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function haveSameParts(one: Record<string, unknown>, other: Record<string, unknown>): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && Object.is(one[name], other[name]))
  );
}
