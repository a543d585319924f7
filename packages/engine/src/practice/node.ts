import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HiveError } from '@hive/contract';
import { metricsPage } from './metrics-page.js';
import { createSchedule } from './schedule.js';

/** The header that names the node that answered. */
const NODE_HEADER = 'x-hive-node';

export interface PracticeNode {
  id: string;
  url: string;
  close(): Promise<void>;
}

export interface NodeOptions {
  id: string;
  host: string;
  port: number;
  workers: number;
  queueLimit: number;
  /** Draws one service time, ms. */
  serviceMs: () => number;
}

/**
 * Starts one node: every path but `/metrics` holds a slot for its service time, then answers a small JSON body. One timer serves
 * all requests, so that the target leaves the machine to what measures it.
 * @throws HiveError `port_taken`.
 */
export async function startNode(options: NodeOptions): Promise<PracticeNode> {
  const { id, host } = options;
  const schedule = createSchedule<ServerResponse>(options);
  const now = (): number => performance.now();
  let served = 0;
  let refused = 0;
  let timer: NodeJS.Timeout | undefined;
  let timerAtMs = Number.POSITIVE_INFINITY;

  function arm(): void {
    const nextMs = schedule.nextEndMs();
    if (nextMs === null || nextMs >= timerAtMs) return;
    clearTimeout(timer);
    timerAtMs = nextMs;
    timer = setTimeout(finish, Math.max(0, Math.ceil(nextMs - now())));
  }

  function finish(): void {
    timerAtMs = Number.POSITIVE_INFINITY;
    for (const { item: response } of schedule.advance(now())) {
      served += 1;
      if (!response.destroyed) answer(response, `{"node":"${id}","served":${served}}\n`);
    }
    arm();
  }

  /** Raw pairs and one write: the cheapest answer node:http has. */
  function answer(response: ServerResponse, body: string, { status = 200, type = 'application/json' } = {}): void {
    const length = String(Buffer.byteLength(body));
    response.writeHead(status, [NODE_HEADER, id, 'content-type', type, 'content-length', length]).end(body);
  }

  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/metrics') {
      const figures = { id, inFlight: schedule.running, waiting: schedule.waiting, served, refused };
      return answer(response, metricsPage(figures), { type: 'text/plain; version=0.0.4; charset=utf-8' });
    }
    const job = schedule.offer(response, now());
    if (job === null) {
      refused += 1;
      return answer(response, '{"error":"the queue is full"}\n', { status: 503 });
    }
    response.once('close', () => {
      if (!response.writableFinished) schedule.leave(job, now());
    });
    arm();
  });
  // A load generator's connections live as long as it wants; a bound here would show up as its errors.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, options)));
    server.listen({ host, port: options.port, backlog: 4_096 }, resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    id,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    async close() {
      clearTimeout(timer);
      timerAtMs = Number.NEGATIVE_INFINITY;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function cannotListen(error: NodeJS.ErrnoException, { host, port }: NodeOptions): HiveError {
  if (error.code === 'EADDRINUSE') {
    return new HiveError('port_taken', `port ${port} on ${host} is taken`, {
      hint: 'choose another with --port, or 0 for a free one',
      cause: error,
    });
  }
  const message = `the practice target cannot listen on ${host}:${port} (${error.code ?? error.message})`;
  return new HiveError(error.code === 'EACCES' ? 'port_taken' : 'validation', message, {
    hint: 'choose a host of this machine and a port above 1023',
    cause: error,
  });
}
