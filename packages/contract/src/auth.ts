import { z } from 'zod';
import { headersSchema, headerLines, toHeaders, type Headers } from './header-lines.js';
import { parseDuration } from './objective.js';

const MOST_TEXT = 10_000;
const text = z.string().max(MOST_TEXT);

const authRequestSchema = z.strictObject({
  method: z
    .string()
    .regex(/^[A-Z]+$/, 'write the method in capital letters')
    .default('POST'),
  /** Path and query at the first node … */
  path: z.string().regex(/^\//, 'must begin with /').optional(),
  /** … or the whole address of another host, which must be allowed too. */
  url: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).optional(),
  headers: headersSchema.default({}),
  /** One of these is the body: fields of a form, a value as JSON, or a text. */
  form: z.record(z.string(), text).optional(),
  json: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional(),
  body: text.optional(),
});

/** `$.a.b[0]`, or `a.b`. */
const JSON_PATH = /^\$?(?:\.?[\w-]+|\[\d+\]|\['[^']+'\])(?:\.[\w-]+|\[\d+\]|\['[^']+'\])*$/;
export const jsonPathSchema = z
  .string()
  .max(200)
  .regex(JSON_PATH, 'write a path such as $.access_token or $.items[0].id');

const tokenSchema = z.union(
  [
    z.strictObject({ json: jsonPathSchema }),
    z.strictObject({ header: z.string().regex(/^[\w-]+$/, 'write the name of a header') }),
    z.strictObject({ cookie: z.literal(true) }),
    /** The whole answer, where it is plain text. */
    z.strictObject({ text: z.literal(true) }),
  ],
  { error: 'write one of { json: $.access_token }, { header: NAME }, { cookie: true } and { text: true }' },
);

const SEND = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(\S.*)$/;

/** Part of the token's life, or a time. */
const REFRESH = /^(\d{1,2}(?:\.\d+)?)\s*%$/;

const shape = z.strictObject({
  request: authRequestSchema,
  /** Where the token is in the answer. */
  token: tokenSchema.default({ json: '$.access_token' }),
  /** The header by which it is sent. Default: `authorization: Bearer {token}`, of a cookie `cookie: {token}`. */
  send: z
    .string()
    .max(1_000)
    .regex(SEND, "write 'NAME: VALUE', such as 'authorization: Bearer {token}'")
    .refine((line) => line.includes('{token}'), 'has no {token}: write it where the token goes')
    .optional(),
  /** When a new one is asked for: a share of `expires_in` (else of 5 minutes), or a time. */
  refresh: z
    .string()
    .refine((given) => refreshOf(given) !== null, 'write a share such as 80%, or a time such as 5m')
    .default('80%'),
  /** Path of a CSV file on the machine of Hive: a row is a user, and `{COLUMN}` in the request stands for a value of it. */
  users: z.string().min(1).max(1_000).optional(),
});

export const authSchema = shape.superRefine(({ request, users }, context) => {
  const complain = (path: PropertyKey[], message: string): void =>
    context.addIssue({ code: 'custom', path: ['request', ...path], message });
  if ((request.path === undefined) === (request.url === undefined))
    complain(['path'], 'give either path, at the first node, or url');
  const bodies = (['form', 'json', 'body'] as const).filter((name) => request[name] !== undefined);
  if (bodies.length > 1) complain([bodies[1] as string], `stands beside ${bodies[0]}: give one of them`);
  if (request.url !== undefined && URL.canParse(request.url) && new URL(request.url).password !== '')
    complain(['url'], 'may not hold a password: it would be stored');
  for (const { path, name, value } of fieldsOf(request)) {
    const isHidden = value.includes('${') || (users !== undefined && /\{\w+\}/.test(value));
    if (isSecretName(name) && value !== '' && !isHidden)
      complain(path, 'may not stand in a target, which is stored: write ${HIVE_SECRET_…}, a value of the environment');
  }
});
/** How Hive logs in to a target. */
export type Auth = z.infer<typeof authSchema>;

const SECRET_NAME = /secret|passw|passphrase|token|api.?key|assertion|authorization|credential|^pwd$|^pin$|^otp$/i;
/** What these say is not secret, whatever they are called. */
const PLAIN_NAME =
  /^(?:grant|token|subject|requested|client_assertion)_?(?:token_)?type$|expires|endpoint|^token_url$/i;
const isSecretName = (name: string): boolean => SECRET_NAME.test(name) && !PLAIN_NAME.test(name);

interface Field {
  path: PropertyKey[];
  name: string;
  value: string;
}

function fieldsOf({ headers, form, json }: z.infer<typeof authRequestSchema>): Field[] {
  return [
    ...headerLines(headers).map(([name, value]) => ({ path: ['headers', name], name, value })),
    ...Object.entries(form ?? {}).map(([name, value]) => ({ path: ['form', name], name, value })),
    ...stringsIn(json, ['json']),
  ];
}

function stringsIn(value: unknown, path: PropertyKey[]): Field[] {
  if (typeof value === 'string') return [{ path, name: String(path.at(-1)), value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => stringsIn(inner, [...path, key]));
}

/** Every text of the request that may name a value of the environment. */
export function authTexts({ request }: Pick<Auth, 'request'>): string[] {
  const { path = '', body = '' } = request;
  return [path, body, ...fieldsOf(request).map(({ value }) => value)];
}

/** When a token is to be replaced: after a share of its life, or after a time; null: it is neither. */
export function refreshOf(given: string): { share: number } | { ms: number } | null {
  const share = Number(REFRESH.exec(given.trim())?.[1]);
  if (share > 0) return { share: share / 100 };
  try {
    const ms = parseDuration(given);
    return ms > 0 ? { ms } : null;
  } catch {
    return null;
  }
}

/** The header that a token is sent by, with `{token}` in its value. */
export function sentAs({ send, token }: Pick<Auth, 'send' | 'token'>): { name: string; value: string } {
  const line = send ?? ('cookie' in token ? 'cookie: {token}' : 'authorization: Bearer {token}');
  const [, name = '', value = ''] = SEND.exec(line) ?? [];
  return { name: name.toLowerCase(), value };
}

/** The headers of the request, with the type of its body where they do not say it. */
export function authHeaders({ headers, form, json }: Auth['request']): Headers {
  const type =
    form !== undefined ? 'application/x-www-form-urlencoded' : json !== undefined ? 'application/json' : null;
  const lines = headerLines(headers);
  const says = lines.some(([name]) => name.toLowerCase() === 'content-type');
  return toHeaders(type === null || says ? lines : [['content-type', type], ...lines]);
}
