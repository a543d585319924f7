/**
 * Reads a part of what a load generator sent: the part as it may be used. By hand, for this happens four times a second for each of them, and a
 * general schema takes ten times as long. @throws TypeError for anything else.
 */
export type Reader = (value: unknown) => unknown;

const reader =
  (isGood: (value: unknown) => boolean): Reader =>
  (value) => {
    if (!isGood(value)) throw new TypeError('not as a load generator says it');
    return value;
  };

/** What `1e999` is in JSON is no figure. */
export const number = reader((value) => Number.isFinite(value));
export const integer = reader((value) => Number.isSafeInteger(value));
export const count = reader((value) => Number.isSafeInteger(value) && (value as number) >= 0);
export const flag = reader((value) => typeof value === 'boolean');
export const histogram = reader((value) => value === null || value instanceof Uint8Array);

export const textUpTo = (most: number): Reader => reader((value) => typeof value === 'string' && value.length <= most);

export function oneOf(allowed: readonly string[]): Reader {
  const all: ReadonlySet<unknown> = new Set(allowed);
  return reader((value) => all.has(value));
}

export const optional =
  (read: Reader): Reader =>
  (value) =>
    value === undefined ? undefined : read(value);

export const orNull =
  (read: Reader): Reader =>
  (value) =>
    value === null ? null : read(value);

export function listOf(read: Reader, most = Infinity): Reader {
  const isList = reader((value) => Array.isArray(value) && value.length <= most);
  return (value) => (isList(value) as unknown[]).map(read);
}

/** A histogram, whose bytes are numbers under names, is none. */
const isRecord = reader(
  (value) => typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype,
);

/** Any names, with values of one kind. */
export const recordOf =
  (read: Reader): Reader =>
  (value) => {
    const given = isRecord(value) as Record<string, unknown>;
    for (const name of Object.keys(given)) given[name] = read(given[name]);
    return given;
  };

/** These names; others are left out. */
export const object = (fields: Readonly<Record<string, Reader>>): Reader => reading(fields, () => ({}));

/** These names, and others as they are. */
export const looseObject = (fields: Readonly<Record<string, Reader>>): Reader => reading(fields, (given) => given);

function reading(
  fields: Readonly<Record<string, Reader>>,
  into: (given: Record<string, unknown>) => Record<string, unknown>,
): Reader {
  const all = Object.entries(fields);
  return (value) => {
    const given = isRecord(value) as Record<string, unknown>;
    const result = into(given);
    for (const [name, read] of all) {
      const one = read(given[name]);
      if (one !== undefined) result[name] = one;
    }
    return result;
  };
}
