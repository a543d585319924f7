import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HiveError, toHiveError } from '@hive/contract';
import { endpointText, parseListen } from './endpoints.js';
import { parseChange, Proxies, type ProxiesOptions } from './proxies.js';
import type { FaultProxy } from './proxy.js';
import { badBody, type ToxicInput } from './registry.js';

/** Toxiproxy's port. */
const FAULT_API_PORT = 8_474;
/** The release of Toxiproxy whose interface this is; what follows the plus says who answers. */
const VERSION = '2.12.0+hive';
const MAX_BODY_BYTES = 1024 * 1024;

export interface FaultApiOptions extends Partial<ProxiesOptions> {
  /** Default 8474; 0 takes a free one. */
  port?: number;
  /** A loopback address. Default 127.0.0.1. */
  host?: string;
  /** Proxies to begin with: a list of `{ name, listen, upstream, enabled? }`. */
  populate?: unknown;
}

export interface FaultApi {
  url: string;
  proxies(): { name: string; listen: string; upstream: string; enabled: boolean }[];
  /** Closes the interface, the proxies and every connection. */
  close(): Promise<void>;
}

interface Answer {
  status: number;
  body?: unknown;
}

interface Call {
  proxies: Proxies;
  /** The names in the path. */
  proxy: string;
  toxic: string;
  body: unknown;
}

type Handler = (call: Call) => Answer | Promise<Answer>;

/** Method and path, as Toxiproxy 2.12 has them. POST on an existing thing is its older spelling of PATCH. */
const ROUTES: Record<string, Record<string, Handler>> = {
  '/version': { GET: () => ok({ version: VERSION }) },
  '/reset': {
    POST: async ({ proxies }) => {
      await proxies.reset();
      return { status: 204 };
    },
  },
  '/populate': { POST: populate },
  '/proxies': {
    GET: ({ proxies }) => ok(Object.fromEntries(proxies.list().map((proxy) => [proxy.name, shown(proxy)]))),
    POST: async ({ proxies, body }) => ({ status: 201, body: shown(await proxies.create(body)) }),
  },
  '/proxies/*': {
    GET: ({ proxies, proxy }) => ok(shown(proxies.get(proxy))),
    PATCH: updateProxy,
    POST: updateProxy,
    DELETE: async ({ proxies, proxy }) => {
      await proxies.remove(proxy);
      return { status: 204 };
    },
  },
  '/proxies/*/toxics': {
    GET: ({ proxies, proxy }) => ok(proxies.get(proxy).toxics),
    // What came from outside is checked where it is added.
    POST: ({ proxies, proxy, body }) => ok(proxies.get(proxy).addToxic(body as ToxicInput)),
  },
  '/proxies/*/toxics/*': {
    GET: ({ proxies, proxy, toxic }) => ok(proxies.get(proxy).toxic(toxic)),
    PATCH: updateToxic,
    POST: updateToxic,
    DELETE: ({ proxies, proxy, toxic }) => {
      proxies.get(proxy).removeToxic(toxic);
      return { status: 204 };
    },
  },
};

/**
 * Starts the stand-alone fault proxy: an HTTP interface for Toxiproxy's clients, on loopback only.
 * @throws HiveError `port_taken`, `refused_by_safety` for a host that is not loopback, and what populating throws.
 */
export async function startFaultApi(options: FaultApiOptions = {}): Promise<FaultApi> {
  const proxies = new Proxies({ seed: options.seed ?? 1, allow: options.allow ?? [] });
  const place = parseListen(endpointText({ host: options.host ?? '127.0.0.1', port: options.port ?? FAULT_API_PORT }));
  // One request after another: two changes of one proxy never meet half-way.
  let queue: Promise<unknown> = Promise.resolve();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await read(request).catch(toHiveError);
    queue = queue.then(async () => send(response, await answer(proxies, request, body)));
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((done, fail) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${cause.message})`;
      fail(new HiveError('port_taken', `${endpointText(place)} ${why}`, { hint: 'give another --port', cause }));
    });
    server.listen(place, done);
  });
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((done) => server.close(() => done()));
    server.closeAllConnections();
    await Promise.all([closed, queue]);
    await proxies.close();
  };
  try {
    if (options.populate !== undefined) await proxies.populate(options.populate, () => undefined);
  } catch (error) {
    await close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  return { url: `http://${endpointText({ host: place.host, port })}`, proxies: () => proxies.list().map(shown), close };
}

async function answer(proxies: Proxies, request: IncomingMessage, body: unknown): Promise<Answer> {
  // A page in a browser has no business here, whatever name it resolved to this machine.
  if (request.headers['user-agent']?.startsWith('Mozilla/'))
    return { status: 403, body: { error: 'User agent not allowed', status: 403 } };
  try {
    const { handlers, names } = route(request.url ?? '/');
    if (!handlers) return failed(new HiveError('not_found', '404 page not found'));
    const handler = handlers[request.method ?? ''];
    if (!handler) return { status: 405, body: { error: 'method not allowed', status: 405 } };
    if (body instanceof HiveError) return failed(body);
    return await handler({ proxies, proxy: names[0] ?? '', toxic: names[1] ?? '', body });
  } catch (error) {
    return failed(toHiveError(error));
  }
}

function route(url: string): { handlers: Record<string, Handler> | undefined; names: string[] } {
  const parts = url.replace(/\?.*$/, '').split('/').map(decode);
  const isName = (index: number): boolean => parts[1] === 'proxies' && (index === 2 || index === 4);
  const pattern = parts.map((part, index) => (isName(index) ? '*' : part)).join('/');
  return { handlers: ROUTES[pattern], names: parts.filter((_, index) => isName(index)) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

async function read(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new HiveError('payload_too_large', 'bad request body: longer than 1 MiB');
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks).toString();
  if (body.trim() === '') return undefined;
  try {
    return JSON.parse(body);
  } catch (error) {
    throw badBody((error as Error).message);
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const text = body === undefined ? '' : `${JSON.stringify(body)}\n`;
  response.writeHead(status, text === '' ? {} : { 'content-type': 'application/json' }).end(text);
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function failed(error: HiveError): Answer {
  return { status: error.status, body: errorBody(error) };
}

/** Toxiproxy's error body; the hint is an addition. */
function errorBody({ message, status, hint }: HiveError): Record<string, unknown> {
  return { error: message, status, ...(hint === undefined ? {} : { hint }) };
}

function shown(proxy: FaultProxy) {
  const { name, listen, upstream, enabled, toxics } = proxy;
  return { name, listen, upstream, enabled, toxics };
}

async function updateProxy({ proxies, proxy: name, body }: Call): Promise<Answer> {
  const proxy = proxies.get(name);
  await proxy.update(parseChange(body));
  return ok(shown(proxy));
}

function updateToxic({ proxies, proxy, toxic, body }: Call): Answer {
  return ok(proxies.get(proxy).updateToxic(toxic, body as Partial<ToxicInput>));
}

/** Answers with what was made, beside the error when not all could be. */
async function populate({ proxies, body }: Call): Promise<Answer> {
  const ready: FaultProxy[] = [];
  try {
    await proxies.populate(body, (proxy) => ready.push(proxy));
    return { status: 201, body: { proxies: ready.map(shown) } };
  } catch (error) {
    const failure = toHiveError(error);
    return {
      status: failure.status,
      body: { ...errorBody(failure), proxies: ready.length > 0 ? ready.map(shown) : null },
    };
  }
}
