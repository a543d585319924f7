import { ERRORS, errorBodySchema, HiveError, type ErrorCode } from './errors.js';
import type { RouteInput, RouteOutput } from './route-types.js';
import { ROUTES, type RouteName } from './routes.js';

export interface ClientOptions {
  /** Where the API answers, such as `http://127.0.0.1:8000`. */
  baseUrl: string;
  token?: string;
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
  download(name: 'sessionReport', input: RouteInput<'sessionReport'>): Promise<Blob>;
}

/** Makes a client for one API. It holds no connection and no state. */
export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? fetch;

  /** A good answer, not read yet. */
  async function ask(name: RouteName, input: unknown): Promise<Response> {
    const route = ROUTES[name];
    const parts = (input ?? {}) as {
      params?: Record<string, string>;
      query?: Record<string, string | number | boolean | undefined>;
      body?: unknown;
    };
    const path = route.path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(parts.params?.[key] ?? ''));
    const url = new URL(options.baseUrl.replace(/\/$/, '') + path);
    for (const [key, value] of Object.entries(parts.query ?? {}))
      if (value !== undefined) url.searchParams.set(key, String(value));
    const response = await send(url, {
      method: route.method,
      headers: {
        ...(parts.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      },
      ...(parts.body === undefined ? {} : { body: JSON.stringify(parts.body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
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
  const parsed = errorBodySchema.safeParse(answer);
  if (!parsed.success)
    return new HiveError('internal', `${url.origin} answered ${status} with something other than an answer from Hive`);
  const { code, message, hint, details } = parsed.data.error;
  return new HiveError(code in ERRORS ? (code as ErrorCode) : 'internal', message, {
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  });
}
