import { readFileSync } from 'node:fs';
import {
  authHeaders,
  HiveError,
  headerLines,
  mapHeaders,
  requestClassSchema,
  sentAs,
  type Auth,
  type RequestClass,
  type Target,
} from '@hive/contract';
import { createMessages } from '../http1/messages.js';
import { atPlace } from '../http1/nodes.js';
import { sendOne, type OneAnswer } from '../http1/one-request.js';
import { MOST_TOKEN_BYTES } from '../http1/tokens.js';
import type { TlsMaterial } from '../measuring.js';
import { placeOf } from '../safety/addresses.js';
import { createMask, type Mask } from '../safety/mask.js';
import { checkSecrets, fillIn, type Environment } from '../safety/secrets.js';
import { readTls } from '../safety/tls-material.js';
import { atPath } from '../http1/at-path.js';
import { causeOf } from './causes.js';
import { csvRows } from './csv-rows.js';

/** What a login needs. */
export interface LogIn {
  target: Pick<Target, 'id' | 'nodes' | 'insecure'> & { auth: Auth };
  allowTargets: readonly string[];
  environment: Environment;
  tls?: TlsMaterial | undefined;
  /** Headers that say who asks. */
  identity: Readonly<Record<string, string>>;
  signal: AbortSignal;
}

/** A user's values by column; empty where a target has one login for all. */
export type User = Readonly<Record<string, string>>;

/** What a login gave. */
export interface Granted {
  /** The value of the header, with the token in it. */
  value: string;
  /** For how long, s; null: nobody said. */
  seconds: number | null;
}

/** A login that takes longer is given up, ms. */
const LOGIN_WITHIN_MS = 10_000;
const MOST_BYTES = 256 * 1024;
/** More tokens than this are not kept. */
const MOST_USERS = 1_000;
const COLUMN = /\{(\w+)\}/g;

/**
 * Logs in once. The request is no load: it is counted nowhere.
 * @throws HiveError `target_unreachable` with the cause, `refused_by_safety` for an address that is not allowed, `validation` for missing secrets.
 */
export async function logIn(how: LogIn, user: User = {}): Promise<Granted> {
  const { target, allowTargets, environment, tls, identity } = how;
  const { auth } = target;
  checkSecrets({ requests: [], auth }, environment);
  const { node, request } = requestOf(how, user);
  const where = atPlace(node, await placeOf(node, allowTargets), tls);
  const order = { requests: [request], identity: { connection: 'close', ...identity } };
  const header = 'header' in auth.token ? auth.token.header.toLowerCase() : 'set-cookie';
  const answer = await sendOne({
    node: where,
    message: createMessages(order, [where])[0]![0]!,
    insecure: target.insecure,
    headers: ['location', 'content-type', header],
    mostBytes: MOST_BYTES,
    keepBody: true,
    signal: AbortSignal.any([how.signal, AbortSignal.timeout(LOGIN_WITHIN_MS)]),
  });
  return granted(answer, { how, request, user });
}

function granted(answer: OneAnswer, of: { how: LogIn; request: RequestClass; user: User }): Granted {
  const { how, request, user } = of;
  const { auth } = how.target;
  const mask = maskOf(how, user);
  const failed = (problem: string, hint: string): HiveError =>
    new HiveError('target_unreachable', `${how.target.id} cannot be measured: the login failed: ${mask(problem)}`, {
      hint,
    });
  const wrong = causeOf(toAnswer(answer), { ...request, mask, waitedMs: LOGIN_WITHIN_MS });
  if (answer.type !== 'answered' || answer.status >= 400 || (answer.status >= 300 && !sendsOn(answer, auth))) {
    const { problem = 'it does not answer', hint = 'check auth.request of the target' } = wrong ?? {};
    const said = answer.type === 'answered' ? shown(answer.body) : '';
    const what = problem.startsWith('answers') ? `it ${problem}` : problem;
    const isRefusal = answer.type === 'answered' && answer.status >= 400 && answer.status < 500;
    throw failed(`${what}${said}`, isRefusal ? 'check the credentials and auth.request of the target' : hint);
  }
  const { token, expiresIn } = tokenIn(answer, auth);
  if (token === null) {
    throw failed(`the answer has no token ${placeOfToken(answer, auth)}`, 'correct auth.token of the target');
  }
  const value = sentAs(auth).value.replaceAll('{token}', () => token);
  if (value.length > MOST_TOKEN_BYTES || /[^\x20-\x7e\x80-\xff]/.test(value))
    throw failed(
      'the token is no text that fits into a header',
      `it may have ${MOST_TOKEN_BYTES} printable characters`,
    );
  return { value, seconds: expiresIn };
}

/** Where a token was looked for. */
function placeOfToken(answer: Extract<OneAnswer, { type: 'answered' }>, { token }: Auth): string {
  if ('json' in token) return `at ${token.json}`;
  if ('header' in token) return `in the header ${token.header}`;
  if ('cookie' in token) return 'in a cookie';
  const type = typeOf(answer);
  return isText(type) ? 'as its text: it is empty' : `as its text: it is ${type.slice(0, 60)}`;
}

/** A page that logs people in sends them on to another and gives them the cookie, or a header, on the way. */
function sendsOn(answer: Extract<OneAnswer, { type: 'answered' }>, auth: Auth): boolean {
  return ('header' in auth.token || 'cookie' in auth.token) && tokenIn(answer, auth).token !== null;
}

/** As an answer without its body. */
function toAnswer(answer: OneAnswer): Parameters<typeof causeOf>[0] {
  if (answer.type === 'answered')
    return { type: 'answered', status: answer.status, location: answer.header('location'), ms: answer.ms };
  return answer;
}

/** How an answer to a failed login begins: who logs in wrongly is told there why. */
function shown(body: Buffer): string {
  const text = body
    .toString('utf8', 0, 200)
    .replaceAll(/[^\P{C}]+/gu, ' ')
    .trim();
  return text === '' ? '' : `: ${text}`;
}

function tokenIn(
  answer: Extract<OneAnswer, { type: 'answered' }>,
  { token }: Auth,
): { token: string | null; expiresIn: number | null } {
  if ('text' in token) {
    const text = isText(typeOf(answer)) ? answer.body.toString('utf8').trim() : '';
    return { token: text === '' ? null : text, expiresIn: null };
  }
  const json = jsonOf(answer.body);
  const expires = Number((json as Record<string, unknown> | null)?.['expires_in'] ?? NaN);
  const expiresIn = expires > 0 ? expires : null;
  if ('json' in token) {
    const found = atPath(json, token.json);
    return { token: typeof found === 'string' && found !== '' ? found : null, expiresIn };
  }
  if ('header' in token) return { token: answer.header(token.header.toLowerCase())?.trim() || null, expiresIn };
  const cookies = (answer.header('set-cookie') ?? '').split('\n').map((line) => (line.split(';')[0] as string).trim());
  return { token: cookies.filter((pair) => /^[^=\s]+=./.test(pair)).join('; ') || null, expiresIn };
}

const typeOf = (answer: Extract<OneAnswer, { type: 'answered' }>): string =>
  (answer.header('content-type') ?? '').replace(/;.*$/s, '').trim().toLowerCase();

/** A page is no token. */
const isText = (type: string): boolean => type === '' || type === 'text/plain' || type === 'application/jwt';

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}

function requestOf(
  { target, environment }: LogIn,
  user: User,
): { node: Target['nodes'][number]; request: RequestClass } {
  const { method, path, url, form, json, body } = target.auth.request;
  const fill = (text: string): string =>
    fillIn(text, environment).replaceAll(COLUMN, (whole, column: string) => user[column] ?? whole);
  const headers = mapHeaders(authHeaders(target.auth.request), fill);
  const elsewhere = url === undefined ? null : new URL(url);
  const first = target.nodes[0] as Target['nodes'][number];
  const node = elsewhere === null ? first : { url: elsewhere.origin, weight: 1 };
  const text =
    form !== undefined
      ? new URLSearchParams(
          Object.fromEntries(Object.entries(form).map(([name, value]) => [name, fill(value)])),
        ).toString()
      : json !== undefined
        ? JSON.stringify(json, (_, value: unknown) => (typeof value === 'string' ? fill(value) : value))
        : body === undefined
          ? undefined
          : fill(body);
  const request = requestClassSchema.parse({
    name: 'login',
    method,
    path: fill(elsewhere === null ? (path as string) : elsewhere.pathname + elsewhere.search),
    headers,
  });
  return { node, request: text === undefined ? request : { ...request, body: text } };
}

/** Hides everything that a login sends and that is secret. */
function maskOf({ target, environment }: LogIn, user: User): Mask {
  const { headers } = target.auth.request;
  const values = headerLines(headers).map(([, value]) => fillIn(value, environment));
  return createMask({ requests: [], auth: target.auth }, environment, [...Object.values(user), ...values]);
}

/**
 * The users of a target, one a row; one without values where it has no file of them.
 * @throws HiveError `validation` for a file that cannot be read or names none.
 */
export function usersOf({ users }: Auth): User[] {
  if (users === undefined) return [{}];
  const wrong = (what: string): HiveError =>
    new HiveError('validation', `auth.users: ${users} ${what}`, {
      hint: 'write a CSV file whose first line names the columns, and then one user a line',
    });
  let text: string;
  try {
    text = readFileSync(users, 'utf8');
  } catch (cause) {
    throw wrong(`cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unreadable'})`);
  }
  const [columns = [], ...rows] = csvRows(text);
  if (columns.length === 0 || rows.length === 0) throw wrong('names no users');
  if (rows.length > MOST_USERS) throw wrong(`has more than ${MOST_USERS} users`);
  return rows.map((row) => Object.fromEntries(columns.map((name, index) => [name.trim(), row[index] ?? ''])));
}

/**
 * The headers of the first user for a few requests outside a session, and what of them is secret; nothing where a target wants no login.
 * @throws HiveError as {@link logIn}.
 */
export async function loggedIn(from: {
  target: Pick<Target, 'nodes' | 'insecure'> & Partial<Pick<Target, 'id' | 'auth' | 'tls'>>;
  allowTargets: readonly string[];
  environment?: Environment | undefined;
  identity: Readonly<Record<string, string>>;
}): Promise<{ headers: Record<string, string>; secrets: string[] }> {
  const { target, environment = {} } = from;
  const { auth, id = 'the target' } = target;
  if (auth === undefined) return { headers: {}, secrets: [] };
  const [user = {}] = usersOf(auth);
  const tls = readTls(target.tls, environment);
  const signal = AbortSignal.timeout(LOGIN_WITHIN_MS);
  const { value } = await logIn({ ...from, target: { ...target, id, auth }, environment, tls, signal }, user);
  return {
    headers: { [sentAs(auth).name]: value },
    secrets: [value, value.slice(value.lastIndexOf(' ') + 1), ...Object.values(user)],
  };
}
