import { Agent, createServer, request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProxy, type FaultProxy } from '../../src/faults/proxy.js';

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const seen: string[] = [];
const server = createServer((incoming, response) => {
  incoming.resume().on('end', () => {
    seen.push(`${incoming.method} ${incoming.url}`);
    response.end('from the server');
  });
});
let proxy: FaultProxy;

beforeEach(async () => {
  seen.length = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await createProxy({ upstream: `127.0.0.1:${(server.address() as AddressInfo).port}` });
});
afterEach(async () => {
  await proxy.close();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

async function send(method: string, path: string, body = ''): Promise<{ status: number | undefined; text: string }> {
  const [host, port] = proxy.listen.split(':');
  const outgoing = request({ host, port, path, method, agent });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return { status: answer.statusCode, text };
}

describe('HTTP faults on the wire', () => {
  it('answers the first requests itself, then lets the same connection through', async () => {
    proxy.addToxic({ type: 'http_status', stream: 'upstream', attributes: { status: 429, requests: 2 } });
    expect(await send('POST', '/one', 'body')).toEqual({ status: 429, text: 'Too Many Requests\n' });
    expect(await send('HEAD', '/two')).toEqual({ status: 429, text: '' });
    expect(await send('POST', '/three', 'body')).toEqual({ status: 200, text: 'from the server' });
    expect(seen).toEqual(['POST /three']);
    expect(proxy.counters.connections).toBe(1);
    proxy.updateToxic('http_status_upstream', { attributes: { requests: 0 } });
    expect((await send('GET', '/four')).status).toBe(429);
    proxy.removeToxic('http_status_upstream');
    expect((await send('GET', '/five')).status).toBe(200);
  });

  it('slows heads down, of requests and of answers, and breaks nothing', async () => {
    proxy.addToxic({ type: 'http_slow_headers', stream: 'upstream', attributes: { delay: 60 } });
    proxy.addToxic({ type: 'http_slow_headers', attributes: { delay: 60 } });
    for (const method of ['GET', 'HEAD', 'POST']) {
      const startMs = performance.now();
      const { status, text } = await send(method, '/slow', method === 'POST' ? 'x'.repeat(1_000) : '');
      expect({ status, text }).toEqual({ status: 200, text: method === 'HEAD' ? '' : 'from the server' });
      expect(performance.now() - startMs).toBeGreaterThanOrEqual(118);
    }
  });
});
