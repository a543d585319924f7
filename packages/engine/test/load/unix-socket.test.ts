import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { targetInputSchema, toTarget } from '@hive/contract';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeOf } from '../../src/safety/addresses.js';
import { checkReachable } from '../../src/safety/reachable.js';
import { axesOf } from '../../src/training/axes.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { LOCAL } from './authority.js';
import { bookkeeping, collect, collectAll, constant, order } from './order.js';

const load = createThreadLoad();
afterAll(() => load.close());

let folder: string;
const servers: Server[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hive-socket-'));
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

async function serve(name: string, tls?: typeof LOCAL): Promise<{ socket: string; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const answer: RequestListener = (request, response) => {
    seen.push(request);
    response.end('ok');
  };
  const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
  server.keepAliveTimeout = 0;
  servers.push(server);
  const socket = join(folder, name);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return { socket, seen };
}

const on = (socket: string, url = 'http://app.example/base') => ({ nodes: [{ url, socket, weight: 1 }] });

describe('a unix socket', () => {
  it('is dialled in place of the host, which is what it is asked for', async () => {
    const { socket, seen } = await serve('app.sock');
    const { collector } = await collect(load, order('', { ...on(socket), arrivals: constant(200) }));
    expect(collector.whole()).toMatchObject({ counts: { good: 40 }, nodes: { [socket]: 40 } });
    expect(bookkeeping(collector)).toEqual([]);
    expect(seen[0]).toMatchObject({ url: '/base/', headers: { host: 'app.example' } });
  });

  it('may speak TLS', async () => {
    const { socket, seen } = await serve('tls.sock', LOCAL);
    for (const url of ['https://localhost', 'https://127.0.0.1']) {
      const { collector } = await collect(load, order('', { ...on(socket, url), insecure: true, timeoutMs: 5_000 }));
      expect(collector.whole().counts.good).toBe(4);
      expect(collector.phases().tls.count).toBeGreaterThan(0);
    }
    expect(seen).toHaveLength(8);
  });

  it('that is not there is refused, and nothing of this machine is blamed', async () => {
    const { collector } = await collectAll('no socket', load, order('', on(join(folder, 'none.sock'))));
    expect(collector.whole()).toMatchObject({ counts: { sent: 4, failed: 4 }, errors: { refused: 4 } });
    expect(bookkeeping(collector)).toEqual([]);
    await expect(checkReachable(on(join(folder, 'none.sock')).nodes, [])).rejects.toMatchObject({
      code: 'target_unreachable',
      message: expect.stringMatching(/none\.sock cannot be reached: the socket does not exist/),
    });
  });

  it('is of this machine, whatever its URL says', async () => {
    const { socket } = await serve('app.sock');
    await checkReachable(on(socket, 'http://169.254.169.254').nodes, []);
    await expect(placeOf({ url: 'http://10.0.0.1', socket, weight: 1 }, [])).resolves.toEqual({ path: socket });
    await expect(placeOf({ url: 'http://10.0.0.1', weight: 1 }, [])).rejects.toMatchObject({
      code: 'refused_by_safety',
    });
  });

  it('tells nodes apart that are asked for the same', async () => {
    const [one, other] = [await serve('1.sock'), await serve('2.sock')];
    const nodes = [one, other].flatMap(({ socket }) => on(socket).nodes);
    const { collector } = await collect(load, order('', { nodes, arrivals: constant(100) }));
    expect(collector.whole().nodes).toEqual({ [one.socket]: 10, [other.socket]: 10 });
  });

  it.each(['app.sock', './app.sock', `/${'a'.repeat(107)}`])('cannot be at %s', (socket) => {
    expect(targetInputSchema.safeParse(on(socket))).toMatchObject({
      error: { issues: [{ path: ['nodes', 0, 'socket'] }] },
    });
  });

  it('has no faults laid on it, and overload may be tried on it', () => {
    const target = toTarget(on('/run/app.sock', 'http://app.example'), 'app');
    const [latency, faults, balancing] = axesOf(target, ['network_latency', 'fault_tolerance', 'load_balancing']);
    expect([latency?.notApplicable, faults?.notApplicable]).toEqual([
      expect.stringContaining('unix socket'),
      expect.stringContaining('unix socket'),
    ]);
    expect(balancing).toMatchObject({ notApplicable: null, allowOverload: true });
  });
});
