import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyDigest, receiveBody, sendBody, type Pace } from './bodies.js';
import type { Cache } from './cache.js';
import { countTenant, type Counts, type RequestKind } from './counts.js';
import type { DependencyClient } from './dependency-client.js';
import { isInspection, type Inspection } from './inspection.js';
import type { Leak } from './leak.js';
import { metricsPage } from './metrics-page.js';
import type { PracticeSettings } from './settings.js';
import type { Lane } from './station.js';

/** The header that names the node that answered. */
const NODE_HEADER = 'x-hive-node';

/** What a node's answers are made of. */
export interface NodeParts {
  id: string;
  settings: PracticeSettings;
  counts: Counts;
  /** The slots. */
  slots: Lane;
  /** The slots of the heavy class: the same, or its own. */
  heavySlots: Lane;
  /** Cache hits pass here: without bound, for `hitMs` each. */
  hits: Lane;
  /** Draw one service time, ms. */
  serviceMs: () => number;
  heavyMs: () => number;
  cache: Cache;
  leak: Leak;
  pace: Pace;
  dependency: DependencyClient | null;
  /** Answers questions about the target itself. */
  inspect: Inspection;
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/** Answers one request of a node. */
export function createRoutes(node: NodeParts): (request: IncomingMessage, response: ServerResponse) => void {
  const { id, settings, counts, dependency } = node;

  /** Raw pairs and one write: the cheapest answer node:http has. */
  function answer(response: ServerResponse, body: string, headers: string[] = []): void {
    reply(response, { status: 200, body, headers });
  }

  function reply(response: ServerResponse, given: { status: number; body: string; headers?: string[] }): void {
    const length = String(Buffer.byteLength(given.body));
    const fixed = [NODE_HEADER, id, 'content-type', 'application/json', 'content-length', length];
    response.writeHead(given.status, given.headers ? [...fixed, ...given.headers] : fixed).end(given.body);
  }

  const refuse = (response: ServerResponse, status: number, error: string): void =>
    reply(response, { status, body: `{"error":"${error}"}\n` });

  /** Holds a slot, then counts and answers. */
  function serve(response: ServerResponse, lane: Lane, given: { serviceMs: () => number; done: () => void }): void {
    const done = (): void => {
      counts.served += 1;
      given.done();
    };
    if (lane.take({ response, serviceMs: given.serviceMs, done })) return;
    counts.refused += 1;
    refuse(response, 503, 'the queue is full');
  }

  const serveSlot = (response: ServerResponse, done: () => void): void =>
    serve(response, node.slots, { serviceMs: node.serviceMs, done });

  const plainBody = (): string => `{"node":"${id}","served":${counts.served}}\n`;

  function item({ response }: Exchange, key: string): void {
    const hit = node.cache.read(key);
    counts[hit ? 'hits' : 'misses'] += 1;
    const headers = ['x-cache', hit ? 'HIT' : 'MISS'];
    const done = (): void => answer(response, `{"node":"${id}","key":${JSON.stringify(key)}}\n`, headers);
    if (hit) node.hits.take({ response, serviceMs: () => settings.hitMs, done });
    else serveSlot(response, done);
  }

  function download({ request, response }: Exchange, size: string): void {
    const bytes = Number(size);
    if (!/^\d+$/.test(size)) return refuse(response, 400, 'write /bytes/{n} with a whole number');
    if (bytes > settings.maxBodyBytes) return refuse(response, 413, `at most ${settings.maxBodyBytes} bytes`);
    serveSlot(response, () => {
      const headers = ['content-length', size, 'content-digest', bodyDigest(bytes)];
      response.writeHead(200, [NODE_HEADER, id, 'content-type', 'application/octet-stream', ...headers]);
      if (request.method === 'HEAD') return response.end();
      counts.bytesSent += bytes;
      sendBody(response, bytes, node.pace);
    });
  }

  function upload({ request, response }: Exchange): void {
    const { maxBodyBytes } = settings;
    const announced = request.headers['content-digest'];
    receiveBody(request, { pace: node.pace, maxBytes: maxBodyBytes }, (received) => {
      if (received === null) return refuse(response, 413, `at most ${maxBodyBytes} bytes`);
      const { bytes, digest } = received;
      counts.bytesReceived += bytes;
      if (typeof announced === 'string' && announced.startsWith('sha-256=') && announced !== digest) {
        return refuse(response, 400, 'the body does not match its content-digest');
      }
      serveSlot(response, () =>
        answer(response, `{"node":"${id}","bytes":${bytes},"digest":"${digest}"}\n`, [
          'x-received-bytes',
          String(bytes),
          'x-received-digest',
          digest,
        ]),
      );
    });
  }

  function dispatch(exchange: Exchange, kind: RequestKind, path: string): void {
    const { response } = exchange;
    switch (kind) {
      case 'item':
        return item(exchange, path.slice('/items/'.length));
      case 'download':
        return download(exchange, path.slice('/bytes/'.length));
      case 'upload':
        return upload(exchange);
      case 'heavy':
        return serve(response, node.heavySlots, {
          serviceMs: node.heavyMs,
          done: () => answer(response, plainBody()),
        });
      case 'plain':
      case 'dependent':
        return serveSlot(response, () => answer(response, plainBody()));
    }
  }

  function metrics(response: ServerResponse): void {
    const { slots, heavySlots } = node;
    const own = heavySlots !== slots;
    const body = metricsPage({
      id,
      counts,
      inFlight: slots.running + (own ? heavySlots.running : 0),
      waiting: slots.waiting + (own ? heavySlots.waiting : 0),
      leakedBytes: node.leak.bytes,
      dependencyConnections: dependency?.connections ?? 0,
    });
    const type = 'text/plain; version=0.0.4; charset=utf-8';
    const length = String(Buffer.byteLength(body));
    response.writeHead(200, [NODE_HEADER, id, 'content-type', type, 'content-length', length]).end(body);
  }

  async function afterDependency(called: DependencyClient, exchange: Exchange, then: () => void): Promise<void> {
    const { request, response } = exchange;
    try {
      await called.call(settings.dependencyTrips);
    } catch (error) {
      counts.dependencyFailures += 1;
      request.resume();
      if (!response.destroyed) refuse(response, 503, (error as Error).message);
      return;
    }
    if (!response.destroyed) then();
  }

  return (request, response) => {
    const path = pathOf(request.url ?? '/');
    if (path === '/metrics') {
      request.resume();
      return metrics(response);
    }
    if (isInspection(path)) {
      request.resume();
      const { status, body } = node.inspect(request.method, request.url ?? path);
      return reply(response, { status, body });
    }
    const kind = kindOf(request.method, path, settings.heavyPath);
    if (kind !== 'upload') request.resume();
    counts.byKind[kind] += 1;
    const tenant = request.headers['x-hive-tenant'];
    if (typeof tenant === 'string') countTenant(counts, tenant);
    node.leak.request(performance.now());
    const exchange = { request, response };
    if (dependency === null || !(kind === 'dependent' || settings.dependencyFor === 'all')) {
      return dispatch(exchange, kind, path);
    }
    void afterDependency(dependency, exchange, () => dispatch(exchange, kind, path));
  };
}

const pathOf = (url: string): string => {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
};

function kindOf(method: string | undefined, path: string, heavyPath: string): RequestKind {
  if (path === '/') return 'plain';
  if (path === heavyPath) return 'heavy';
  if (path === '/dependent') return 'dependent';
  if (path.startsWith('/items/')) return 'item';
  if (path.startsWith('/bytes/') && (method === 'GET' || method === 'HEAD')) return 'download';
  if (path === '/bytes' && (method === 'POST' || method === 'PUT')) return 'upload';
  return 'plain';
}
