import { z } from 'zod';

/** As many lines as one header may have. */
const MOST_LINES = 50;

/** Headers by name; a list is sent as one line for each of its values, in their order. */
export const headersSchema = z.record(
  z.string(),
  z.union([z.string(), z.array(z.string()).min(1).max(MOST_LINES)], {
    error: `must be a string, or a list of 1 to ${MOST_LINES} strings: use quotes`,
  }),
);
/** Headers of a request, by name. */
export type Headers = z.infer<typeof headersSchema>;

/** Every line of some headers, in their order. */
export function headerLines(headers: Readonly<Headers>): [name: string, value: string][] {
  return Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one]));
}

/** Headers of lines: lines of one name, whatever its case, become one list. */
export function toHeaders(lines: Iterable<readonly [name: string, value: string]>): Headers {
  const byName = new Map<string, { name: string; values: string[] }>();
  for (const [name, value] of lines) {
    const known = byName.get(name.toLowerCase());
    if (known === undefined) byName.set(name.toLowerCase(), { name, values: [value] });
    else known.values.push(value);
  }
  return Object.fromEntries(
    [...byName.values()].map(({ name, values }) => [name, values.length === 1 ? (values[0] as string) : values]),
  );
}

/** The same headers with each value changed. */
export function mapHeaders(headers: Readonly<Headers>, change: (value: string) => string): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.map(change) : change(value)]),
  );
}

/** One set of headers over another: a name, whatever its case, that the second has is all the second's. */
export function withHeaders(under: Readonly<Headers>, over: Readonly<Headers>): Headers {
  const own = new Set(Object.keys(over).map((name) => name.toLowerCase()));
  const kept = Object.entries(under).filter(([name]) => !own.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...over };
}
