import fc from 'fast-check';

type Path = (string | number)[];

/** Every place in a value. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item: unknown, index): [number, unknown] => [index, item])
    : Object.entries(value);
  return [path, ...entries.flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function change(value: unknown, path: Path, put: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return put;
  if (typeof value !== 'object' || value === null) return value;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string | number, unknown>;
  if (rest.length === 0 && put === undefined) delete copy[key];
  else copy[key] = change(copy[key], rest, put);
  return copy;
}

/** The value with one to three places taken out, or replaced by something that does not belong there. */
export function mutated(value: object): fc.Arbitrary<unknown> {
  const paths = pathsOf(value).filter((path) => path.length > 0);
  const put = fc.oneof(
    fc.constantFrom<unknown>(
      undefined,
      null,
      true,
      -1,
      1e308,
      '',
      '/',
      '${X}',
      'http://192.0.2.1/elsewhere',
      '//192.0.2.1/a',
      [],
      {},
    ),
    fc.constantFrom<unknown>(
      { $ref: '#' },
      { $ref: '#/nowhere' },
      { $ref: 'file:///etc/passwd' },
      { type: 'object', required: ['a'] },
      'a b\r\nc: d',
    ),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const mutation = fc.record({ path: fc.constantFrom(...paths), put });
  return fc
    .array(mutation, { minLength: 1, maxLength: 3 })
    .map((all) => all.reduce<unknown>((whole, { path, put: other }) => change(whole, path, other), value));
}
