import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { LoadOrder } from '../../src/measuring.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { AUTHORITY, ELSEWHERE } from './authority.js';
import { CERTIFICATE, KEY } from './certificate.js';
import { collect, constant, order } from './order.js';

const load = createThreadLoad({ threads: 2 });
afterAll(() => load.close());
let server: Server | undefined;
afterEach(() => new Promise<unknown>((resolve) => server?.close(resolve)));

/** What a server with this certificate saw of four requests, and what became of them. */
async function run(
  own: Parameters<typeof createServer>[0],
  asked: Partial<LoadOrder>,
): Promise<{ good: number; requestsOnEach: number[]; names: Set<unknown>; clients: Set<unknown> }> {
  const names = new Set<unknown>();
  const clients = new Set<unknown>();
  const requestsOn = new Map<unknown, number>();
  const listener = createServer(own, ({ socket }, response) => {
    const client = socket as TLSSocket;
    names.add(client.servername);
    requestsOn.set(socket, (requestsOn.get(socket) ?? 0) + 1);
    clients.add(client.getPeerCertificate().subject?.CN);
    response.end('ok');
  });
  server = listener;
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  const { collector } = await collect(load, order(`https://127.0.0.1:${port}`, { timeoutMs: 5_000, ...asked }));
  return { good: collector.judged().counts.good, requestsOnEach: [...requestsOn.values()], names, clients };
}

const wanting = { cert: CERTIFICATE, key: KEY, requestCert: true, ca: CERTIFICATE };
const client = { cert: CERTIFICATE, key: KEY };

describe('TLS of a target', () => {
  it('shows the client certificate, and trusts the own authority', async () => {
    const tls = { ...client, ca: CERTIFICATE };
    expect(await run(wanting, { tls })).toMatchObject({ good: 4, clients: new Set(['localhost']) });
  });

  it('is refused without the certificate', async () => {
    expect(await run(wanting, { insecure: true })).toMatchObject({ good: 0 });
  });

  it('asks for the given name and verifies it', async () => {
    const tls = { ca: AUTHORITY, serverName: 'elsewhere.test' };
    expect(await run(ELSEWHERE, { tls })).toMatchObject({ good: 4, names: new Set(['elsewhere.test']) });
    await new Promise((resolve) => server?.close(resolve));
    expect(await run(ELSEWHERE, { tls: { ca: AUTHORITY } })).toMatchObject({ good: 0 });
  });
});

describe('how much is sent', () => {
  it('can be limited on a connection', async () => {
    const one = { ...constant(20), maxConnections: 1 };
    const some = { insecure: true, arrivals: one, durationMs: 300, requestsPerConnection: 3 };
    expect(await run(client, some)).toMatchObject({ good: 6, requestsOnEach: [3, 3] });
  });

  it.each<[string, LoadOrder['arrivals']]>([
    ['closed', { model: 'closed', connections: 3, thinkMs: 0 }],
    ['open', constant(2_000)],
  ])('can be limited for a run in the %s model, which then ends', async (_, arrivals) => {
    const listener = createHttp((_request, response) => response.end('ok'));
    server = listener;
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    const some = { arrivals, mostRequests: 25, durationMs: 60_000, timeoutMs: 5_000 };
    const { collector, ticks } = await collect(load, order(`http://127.0.0.1:${port}`, some));
    expect(collector.judged().counts).toMatchObject({ planned: 25, good: 25 });
    expect(ticks.at(-1)?.toMs).toBeLessThan(10_000);
  });
});
