/** A JSON Schema as OpenAPI has it, of what is used there. */
export interface Schema {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
}

interface Parameter {
  in: 'path' | 'query';
  name: string;
  schema: Schema;
}

export interface Operation {
  method: string;
  path: string;
  parameters: Parameter[];
  body: Schema | null;
}

/** What is sent: letter by letter, for some of it no client would send. */
export interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

export type Random = () => number;

/** 0–1, the same for the same seed (mulberry32, Tommy Ettinger 2017). */
export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;

const HOSTILE_TEXTS = [
  '',
  ' ',
  '\0',
  'a\r\nx: y',
  '../../etc/passwd',
  "'; drop table scenarios; --",
  '__proto__',
  'constructor',
  '${HOME}',
  '%00',
  '%zz',
  '\ud800',
  '🐝',
  'ﷺ'.repeat(50),
  'x'.repeat(9_000),
  '<script>1</script>',
  '2026-01-31T12:00:00Z',
  '-271821-04-20T00:00:00Z',
  '9999-12-31T23:59:59-14:00',
  Buffer.from('9999-99-99T00:00:00.000Z a').toString('base64url'),
  Buffer.from('{"a":[]}').toString('base64url'),
  'NaN',
  '1e999',
  '-0',
];
const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.1,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 53,
  5e-324,
  [],
  [[[[[[]]]]]],
  {},
  { __proto__: 1, toString: 2 },
  ...HOSTILE_TEXTS,
];

/** A value that the schema takes, most of the time. */
export function valueOf(schema: Schema, random: Random, depth = 0): unknown {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return valueOf(pick(random, choices), random, depth);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return pick(random, schema.enum);
  if (schema.type === 'object' || schema.properties !== undefined) return objectOf(schema, random, depth);
  if (schema.type === 'array') {
    const length = depth > 6 ? 0 : Math.floor(random() * 3);
    return Array.from({ length }, () => valueOf(schema.items ?? {}, random, depth + 1));
  }
  if (schema.type === 'boolean') return random() < 0.5;
  if (schema.type === 'integer' || schema.type === 'number') return numberOf(schema, random);
  if (schema.type === 'string') return textOf(schema, random);
  return pick(random, HOSTILE_VALUES);
}

function objectOf(schema: Schema, random: Random, depth: number): unknown {
  const required = new Set(schema.required);
  const named = Object.entries(schema.properties ?? {})
    .filter(([name]) => required.has(name) || random() < 0.4)
    .map(([name, inner]) => [name, valueOf(inner, random, depth + 1)] as const);
  const { additionalProperties: more } = schema;
  const other = typeof more === 'object' && random() < 0.5 ? [['some', valueOf(more, random, depth + 1)] as const] : [];
  return Object.fromEntries([...named, ...other]);
}

function numberOf({ type, minimum = 0, maximum = 1_000 }: Schema, random: Random): number {
  const value = pick(random, [minimum, maximum, minimum + random() * (Math.min(maximum, 1e6) - minimum)]);
  return type === 'integer' ? Math.round(value) : value;
}

function textOf({ minLength = 0, maxLength = 40 }: Schema, random: Random): string {
  const usual = pick(random, ['shop', 'http://127.0.0.1:9', '/', 'GET', 'load_balancing', 'p(99)<250', '127.0.0.1:9']);
  const text = random() < 0.7 ? usual : pick(random, HOSTILE_TEXTS);
  return text.padEnd(minLength, 'x').slice(0, Math.max(maxLength, minLength));
}

/** The value with one place of it changed: replaced, left out, doubled or added to. */
function mutated(value: unknown, random: Random): unknown {
  if (Array.isArray(value)) {
    if (value.length === 0 || random() < 0.2) return pick(random, HOSTILE_VALUES);
    const at = Math.floor(random() * value.length);
    if (random() < 0.2) return [...value, value[at]];
    return value.map((item: unknown, index) => (index === at ? mutated(item, random) : item));
  }
  if (typeof value !== 'object' || value === null)
    return random() < 0.5 ? near(value, random) : pick(random, HOSTILE_VALUES);
  if (random() < 0.1) return pick(random, HOSTILE_VALUES);
  const entries = Object.entries(value);
  const [name, inner] = entries.length === 0 ? ['some', 1] : pick(random, entries);
  const { [name]: _left, ...others } = value as Record<string, unknown>;
  if (random() < 0.15) return others;
  if (random() < 0.15) return { ...value, [pick(random, HOSTILE_TEXTS)]: inner };
  return { ...value, [name]: mutated(inner, random) };
}

/** Another value of the same type, which is often taken. */
function near(value: unknown, random: Random): unknown {
  if (typeof value === 'number') return pick(random, [value + 1, value * 2, value / 3, -value]);
  if (typeof value === 'string') return pick(random, [`${value}x`, value.slice(1), value.toUpperCase(), value + value]);
  return value === null ? 0 : value !== true;
}

/** The operations of an OpenAPI document. */
export function operationsOf(document: unknown): Operation[] {
  const { paths } = document as {
    paths: Record<
      string,
      Record<string, { parameters?: Parameter[]; requestBody?: { content: Record<string, { schema: Schema }> } }>
    >;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      parameters,
      body: requestBody?.content['application/json']?.schema ?? null,
    })),
  );
}

/** What was taken before: ids that exist, and bodies by `POST /path`. */
export interface Accepted {
  ids: readonly string[];
  bodies: Readonly<Record<string, () => unknown>>;
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** One request to an operation: some that it takes, some that are nearly so, some that no one should send. */
export function requestTo(operation: Operation, accepted: Accepted, random: Random): Sent {
  const text = (): string => pick(random, random() < 0.6 ? accepted.ids : HOSTILE_TEXTS);
  const path = operation.path.replaceAll(/\{\w+\}/g, () => encoded(text()));
  const query = operation.parameters
    .filter((parameter) => parameter.in === 'query' && random() < 0.5)
    .map(({ name, schema }) => {
      const value = random() < 0.6 ? valueOf(schema, random) : text();
      return `${name}=${encoded(typeof value === 'string' ? value : JSON.stringify(value))}`;
    });
  const whole = { method: operation.method, path: query.length === 0 ? path : `${path}?${query.join('&')}` };
  if (operation.body === null) return { ...whole, headers: {}, body: null };
  return { ...whole, ...bodyOf(operation, accepted, random) };
}

function bodyOf(operation: Operation, { bodies }: Accepted, random: Random): Pick<Sent, 'headers' | 'body'> {
  const taken = bodies[`${operation.method} ${operation.path}`];
  const draw = random();
  if (draw < 0.5 && taken !== undefined) {
    let value = mutated(taken(), random);
    while (random() < 0.3) value = mutated(value, random);
    return { headers: JSON_TYPE, body: JSON.stringify(value) };
  }
  if (draw < 0.85) return { headers: JSON_TYPE, body: JSON.stringify(valueOf(operation.body ?? {}, random)) };
  return pick(random, [
    { headers: JSON_TYPE, body: null },
    { headers: JSON_TYPE, body: '{' },
    { headers: JSON_TYPE, body: '"' },
    { headers: JSON_TYPE, body: '\ufeff{}' },
    { headers: JSON_TYPE, body: '[]' },
    { headers: JSON_TYPE, body: '{"a":1,"a":2}' },
    { headers: JSON_TYPE, body: '['.repeat(20_000) },
    { headers: JSON_TYPE, body: '{"a":'.repeat(2_000) },
    { headers: { 'content-type': 'text/plain' }, body: '{}' },
    { headers: { 'content-type': 'application/json; charset=utf-7' }, body: '{}' },
    { headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, body: '{}' },
    { headers: {}, body: '\0' },
  ]);
}

/** As in a URL; what is a broken escape stays one. */
function encoded(text: string): string {
  if (text === '%zz' || text === '%00') return text;
  // Half a letter cannot be encoded: it goes as what stands for such.
  return encodeURIComponent(Buffer.from(text).toString());
}
