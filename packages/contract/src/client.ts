import { ERRORS, HiveError, type ErrorBody, type ErrorCode } from './errors.js';
import { ROUTE_PATHS } from './route-paths.js';
import type { RouteInput, RouteOutput } from './route-types.js';
import type { RouteName } from './routes.js';

export interface ClientOptions {
  /** Where the API answers, such as `http://127.0.0.1:8000`. */
  baseUrl: string;
  /** The token or a ticket; a function is asked before each request. */
  token?: string | (() => Promise<string | undefined>);
  /** The header Cookie of who is asked for; a browser sends its own, with `credentials`. */
  cookie?: string;
  credentials?: RequestCredentials;
  fetch?: typeof fetch;
  signal?: AbortSignal;
}

/** A typed client: `call('startTraining', { body: { kinds: ['load_balancing'] } })`. */
export interface Client {
  /** @throws HiveError with the server's code, or `internal` when something other than Hive answers. */
  call<Name extends RouteName>(
    name: Name,
    ...input: Record<never, never> extends RouteInput<Name> ? [RouteInput<Name>?] : [RouteInput<Name>]
  ): Promise<RouteOutput<Name>>;
  /** Asks a route whose answer is a file and no JSON. Throws as `call`. */
  download<Name extends 'sessionReport' | 'listScenarios' | 'listAudit'>(
    name: Name,
    input: RouteInput<Name>,
  ): Promise<Blob>;
}

/** Makes a client for one API. It holds no connection and no state. */
export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? fetch;

  /** A good answer, not read yet. */
  async function ask(name: RouteName, input: unknown): Promise<Response> {
    const [method, route = ''] = ROUTE_PATHS[name].split(' ');
    const parts = (input ?? {}) as {
      params?: Record<string, string>;
      query?: Record<string, string | number | boolean | undefined>;
      body?: unknown;
    };
    const path = route.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(parts.params?.[key] ?? ''));
    const url = new URL(options.baseUrl.replace(/\/$/, '') + path);
    for (const [key, value] of Object.entries(parts.query ?? {}))
      if (value !== undefined) url.searchParams.set(key, String(value));
    const token = typeof options.token === 'function' ? await options.token() : options.token;
    const response = await send(url, {
      method: method ?? 'GET',
      headers: {
        ...(parts.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(options.cookie === undefined ? {} : { cookie: options.cookie }),
      },
      ...(parts.body === undefined ? {} : { body: JSON.stringify(parts.body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
      cache: 'no-store',
    });
    if (response.ok) return response;
    throw readError(await response.json().catch(() => undefined), response.status, url);
  }

  return {
    async call(name, ...[input]) {
      const response = await ask(name, input);
      return (await response.json().catch(() => undefined)) as RouteOutput<typeof name>;
    },
    download: async (name, input) => (await ask(name, input)).blob(),
  };
}

function readError(answer: unknown, status: number, url: URL): HiveError {
  if (!isErrorBody(answer))
    return new HiveError('internal', `${url.origin} answered ${status} with something other than an answer from Hive`);
  const { code, message, hint, details } = answer.error;
  return new HiveError(code in ERRORS ? (code as ErrorCode) : 'internal', message, {
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  });
}

/** By hand: a schema would bring its library into every page. */
function isErrorBody(answer: unknown): answer is ErrorBody {
  const error = isMapping(answer) ? answer['error'] : undefined;
  if (!isMapping(error)) return false;
  const { code, message, hint = '', details = {} } = error;
  return [code, message, hint].every((text) => typeof text === 'string') && isMapping(details);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
