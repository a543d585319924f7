import { randomBytes } from 'node:crypto';
import { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createProxy, type FaultProxy, type ProxyEvent, type ProxyOptions } from '../../src/faults/proxy.js';
import { takeOver } from '../../src/faults/reading.js';
import { dial, ending, pause, startEcho, startServer, take, type TestServer } from './sockets.js';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function through(server: TestServer, options: Partial<ProxyOptions> = {}): Promise<FaultProxy> {
  cleanups.push(() => server.close());
  const proxy = await createProxy({ upstream: server.address, ...options });
  cleanups.push(() => proxy.close());
  return proxy;
}

async function client(proxy: FaultProxy): Promise<Socket> {
  const socket = await dial(proxy.listen);
  cleanups.push(async () => socket.destroy());
  return socket;
}

async function roundTrip(socket: Socket, text: string): Promise<number> {
  const startMs = performance.now();
  socket.write(text);
  expect((await take(socket, text.length)).toString()).toBe(text);
  return performance.now() - startMs;
}

/** Waits for a condition; a test that never sees it fails by its own time-out. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(5);
}

describe('a proxy without faults', () => {
  it('passes bytes both ways, and half-closed connections as they are', async () => {
    const server = await startServer((socket) => {
      const chunks: Buffer[] = [];
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('end', () => socket.end(Buffer.concat(chunks)));
    });
    const socket = await client(await through(server));
    const sent = randomBytes(3_000_000);
    socket.end(sent);
    expect((await take(socket, sent.length)).equals(sent)).toBe(true);
  });

  it('passes a reset on as a reset', async () => {
    const server = await startServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const socket = await client(await through(server));
    socket.write('x');
    expect(await ending(socket)).toBe('ECONNRESET');
  });

  it('closes what is left when one side closes for good', async () => {
    const server = await startEcho();
    const proxy = await through(server);
    const socket = await client(proxy);
    await roundTrip(socket, 'x');
    socket.resetAndDestroy();
    await until(() => proxy.counters.openConnections === 0 && server.sockets.size === 0);
  });

  it('slows the sender down when the receiver does not read', async () => {
    const server = await startServer((socket) => socket.pause());
    const proxy = await through(server);
    const socket = await client(proxy);
    const block = Buffer.alloc(1024 * 1024);
    for (let count = 0; count < 64; count++) socket.write(block);
    let read = -1;
    while (read !== proxy.counters.upstreamBytes || read === 0) {
      read = proxy.counters.upstreamBytes;
      await pause(150);
    }
    expect(read).toBeLessThan(48 * 1024 * 1024);
  });

  it('closes the client when the upstream refuses, and serves it once it is there', async () => {
    const server = await startEcho();
    const proxy = await through(server);
    await server.close();
    expect(await ending(await client(proxy))).not.toBe('');
    await until(() => proxy.counters.failedDials === 1);
    expect(proxy.counters.openConnections).toBe(0);
  });

  it('leaves an accepted socket as it is where its inside is not as expected', () => {
    const accepted = new Socket();
    expect(takeOver(accepted)).toBe(accepted);
  });

  it('tells what happens to connections and counts it', async () => {
    const events: ProxyEvent[] = [];
    const proxy = await through(await startEcho(), { onEvent: (event) => events.push(event) });
    const socket = await client(proxy);
    await roundTrip(socket, 'hello');
    expect(proxy.connections).toMatchObject([{ id: 1, clientPort: socket.localPort, hitBy: [] }]);
    proxy.addToxic({ type: 'latency' });
    proxy.removeToxic('latency_downstream');
    socket.end();
    await until(() => events.length === 4);
    expect(events.map(({ type, toxic }) => [type, toxic])).toEqual([
      ['opened', undefined],
      ['hit', 'latency_downstream'],
      ['released', 'latency_downstream'],
      ['closed', undefined],
    ]);
    expect(proxy.counters).toEqual({
      connections: 1,
      openConnections: 0,
      hitConnections: 1,
      failedDials: 0,
      upstreamBytes: 5,
      downstreamBytes: 5,
    });
  });

  it('refuses upstreams that may not be dialled and addresses that are not loopback', async () => {
    const refused = { code: 'refused_by_safety' };
    await expect(createProxy({ upstream: '10.1.2.3:80' })).rejects.toMatchObject(refused);
    await expect(createProxy({ upstream: '169.254.169.254:80', allow: ['0.0.0.0/0'] })).rejects.toMatchObject(refused);
    await expect(createProxy({ upstream: '127.0.0.1:80', listen: '0.0.0.0:0' })).rejects.toMatchObject(refused);
    await expect(createProxy({ upstream: 'nonsense' })).rejects.toMatchObject({ code: 'validation' });
    const server = await startEcho();
    const proxy = await through(server);
    await expect(createProxy({ upstream: server.address, listen: proxy.listen })).rejects.toMatchObject({
      code: 'port_taken',
    });
  });

  it('goes down and up again: connections are closed, new ones refused, then served', async () => {
    const proxy = await through(await startEcho());
    const socket = await client(proxy);
    await roundTrip(socket, 'up');
    const ended = ending(socket);
    await proxy.update({ enabled: false });
    expect(await ended).toBeTruthy();
    await expect(dial(proxy.listen)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await proxy.update({ enabled: true });
    await roundTrip(await client(proxy), 'again');
  });

  it('holds 2,000 connections at once and leaves none open', async () => {
    const server = await startEcho();
    const proxy = await through(server);
    const sockets: Socket[] = [];
    while (sockets.length < 2_000) {
      sockets.push(...(await Promise.all(Array.from({ length: 200 }, () => dial(proxy.listen)))));
    }
    const answers = sockets.map((socket, index) => {
      socket.write(`${index}.`);
      return take(socket, `${index}.`.length);
    });
    const texts = (await Promise.all(answers)).map(String);
    expect(texts).toEqual(sockets.map((_, index) => `${index}.`));
    expect(proxy.counters.openConnections).toBe(2_000);
    await proxy.close();
    expect(proxy.counters.openConnections).toBe(0);
    for (const socket of sockets) socket.destroy();
    await until(() => server.sockets.size === 0);
  });
});

describe('faults on the wire', () => {
  it('latency: at least what is asked for, in each direction, and none after it is removed', async () => {
    const proxy = await through(await startEcho());
    const socket = await client(proxy);
    await roundTrip(socket, 'warm');
    proxy.addToxic({ type: 'latency', stream: 'upstream', attributes: { latency: 60 } });
    proxy.addToxic({ type: 'latency', attributes: { latency: 40 } });
    expect(await roundTrip(socket, 'slow')).toBeGreaterThanOrEqual(99);
    proxy.removeToxic('latency_upstream');
    proxy.removeToxic('latency_downstream');
    const times = [];
    for (let count = 0; count < 10; count++) times.push(await roundTrip(socket, 'fast'));
    expect(Math.min(...times)).toBeLessThan(40);
  });

  it('latency removed hands on what it held, before what comes after', async () => {
    const proxy = await through(await startEcho());
    const socket = await client(proxy);
    proxy.addToxic({ type: 'latency', stream: 'upstream', attributes: { latency: 3_600_000 } });
    socket.write('first,');
    await until(() => proxy.counters.upstreamBytes === 6);
    proxy.removeToxic('latency_upstream');
    socket.write('second');
    expect((await take(socket, 12)).toString()).toBe('first,second');
  });

  it('bandwidth 0 cuts the link; an update lets everything go on', async () => {
    const proxy = await through(await startEcho());
    const socket = await client(proxy);
    proxy.addToxic({ type: 'bandwidth', stream: 'upstream', attributes: { rate: 0 } });
    const sent = randomBytes(2_000_000);
    socket.write(sent);
    await until(() => proxy.counters.upstreamBytes >= 64 * 1024);
    await pause(50);
    expect(proxy.counters.upstreamBytes).toBeLessThan(1_000_000);
    expect(proxy.counters.downstreamBytes).toBe(0);
    proxy.updateToxic('bandwidth_upstream', { attributes: { rate: 1_000_000 } });
    expect((await take(socket, sent.length)).equals(sent)).toBe(true);
  });

  it('slow_close holds the end back, not the data', async () => {
    const server = await startServer((socket) => socket.end('bye'));
    const proxy = await through(server);
    proxy.addToxic({ type: 'slow_close', attributes: { delay: 120 } });
    const socket = await client(proxy);
    const startMs = performance.now();
    expect((await take(socket, 3)).toString()).toBe('bye');
    const readMs = performance.now() - startMs;
    expect(await ending(socket)).toBe('end');
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(Math.max(110, readMs));
  });

  it('timeout swallows everything and closes after its time', async () => {
    const proxy = await through(await startEcho());
    proxy.addToxic({ type: 'timeout', stream: 'upstream', attributes: { timeout: 80 } });
    const socket = await client(proxy);
    socket.write('lost');
    expect((await take(socket, 1)).length).toBe(0);
    await until(() => proxy.counters.openConnections === 0);
    expect(proxy.counters.downstreamBytes).toBe(0);
  });

  it('timeout 0 stays open until it is removed, which closes the connection', async () => {
    const proxy = await through(await startEcho());
    proxy.addToxic({ type: 'timeout', attributes: { timeout: 0 } });
    const socket = await client(proxy);
    socket.write('lost');
    await until(() => proxy.counters.downstreamBytes === 4);
    expect(proxy.counters.openConnections).toBe(1);
    const ended = ending(socket);
    proxy.removeToxic('timeout_downstream');
    expect(await ended).toBe('end');
  });

  it.each(['upstream', 'downstream'] as const)('reset_peer (%s) resets both sides', async (stream) => {
    const ends: Promise<string>[] = [];
    const server = await startServer((socket) => {
      ends.push(ending(socket));
      socket.on('data', (chunk) => socket.write(chunk));
    });
    const proxy = await through(server);
    const socket = await client(proxy);
    await roundTrip(socket, 'fine');
    proxy.addToxic({ type: 'reset_peer', stream, attributes: { timeout: 20 } });
    socket.write('bang');
    expect(await ending(socket)).toBe('ECONNRESET');
    expect(await ends[0]).toBe('ECONNRESET');
  });

  it('reset_peer removed before its time has lost nothing', async () => {
    const proxy = await through(await startEcho());
    const socket = await client(proxy);
    proxy.addToxic({ type: 'reset_peer', stream: 'upstream', attributes: { timeout: 3_600_000 } });
    socket.write('kept');
    await until(() => proxy.counters.upstreamBytes === 4);
    proxy.removeToxic('reset_peer_upstream');
    expect((await take(socket, 4)).toString()).toBe('kept');
  });

  it('limit_data passes exactly this many bytes, counted over updates', async () => {
    const server = await startServer((socket) => socket.write(Buffer.alloc(50_000, 'a')));
    const proxy = await through(server);
    proxy.addToxic({ type: 'limit_data', attributes: { bytes: 60_000 } });
    const socket = await client(proxy);
    expect((await take(socket, 50_000)).length).toBe(50_000);
    proxy.updateToxic('limit_data_downstream', { attributes: { bytes: 70_000 } });
    for (const peer of server.sockets) peer.write(Buffer.alloc(50_000, 'b'));
    expect((await take(socket, 50_000)).length).toBe(20_000);
  });

  it('slicer hands small pieces to the network', async () => {
    const sizes: number[] = [];
    const server = await startServer((socket) => socket.on('data', (chunk) => sizes.push(chunk.length)));
    const proxy = await through(server);
    const attributes = { average_size: 100, size_variation: 50, delay: 2_000 };
    proxy.addToxic({ type: 'slicer', stream: 'upstream', attributes });
    const socket = await client(proxy);
    socket.write(Buffer.alloc(3_000));
    await until(() => sizes.reduce((sum, size) => sum + size, 0) === 3_000);
    expect(sizes.length).toBeGreaterThan(8);
  });

  it('two faults that end the same connection leave nothing open', async () => {
    const proxy = await through(await startEcho());
    proxy.addToxic({ type: 'limit_data', attributes: { bytes: 2 } });
    proxy.addToxic({ type: 'reset_peer', stream: 'upstream', attributes: { timeout: 5 } });
    proxy.addToxic({ type: 'timeout', attributes: { timeout: 4 } });
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = await client(proxy);
        socket.write('abcd');
        await ending(socket);
      }),
    );
    await until(() => proxy.counters.openConnections === 0);
  });

  it('chains faults in the order in which they were added', async () => {
    const proxy = await through(await startEcho());
    proxy.addToxic({ name: 'cut', type: 'limit_data', attributes: { bytes: 4 } });
    proxy.addToxic({ name: 'wait', type: 'latency', attributes: { latency: 50 } });
    const socket = await client(proxy);
    const startMs = performance.now();
    socket.write('abcdef');
    // What the first fault lets through is still on its way through the second when the connection closes.
    const got = (await take(socket, 6)).toString();
    expect('abcd'.startsWith(got)).toBe(true);
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });
});

describe('which connections are hit', () => {
  async function openMany(proxy: FaultProxy, count: number): Promise<Socket[]> {
    const sockets: Socket[] = [];
    for (let index = 0; index < count; index++) {
      sockets.push(await client(proxy));
      await until(() => proxy.counters.openConnections >= sockets.length);
    }
    return sockets;
  }

  it('draws exactly the share of the open connections, and each replacement again', async () => {
    const proxy = await through(await startEcho(), { seed: 7 });
    const sockets = await openMany(proxy, 20);
    proxy.addToxic({ name: 'hit', type: 'latency', toxicity: 0.3 }, 'share');
    expect(proxy.reach('hit')).toMatchObject({ drawn: 20, hit: 6, open: 20, openHit: 6 });
    const hitPorts = proxy.connections.filter(({ hitBy }) => hitBy.includes('hit')).map(({ clientPort }) => clientPort);
    for (const socket of sockets) if (hitPorts.includes(socket.localPort ?? 0)) socket.destroy();
    await until(() => proxy.counters.openConnections === 14);
    expect(proxy.reach('hit').openHit).toBe(0);
    await Promise.all(Array.from({ length: 40 }, () => client(proxy)));
    await until(() => proxy.counters.openConnections === 54);
    const reach = proxy.reach('hit');
    expect(reach.drawn).toBe(60);
    expect(reach.openHit).toBeGreaterThan(2);
    expect(reach.openHit).toBeLessThan(26);
    expect(reach.achievedShare).toBeGreaterThan(0);
    proxy.updateToxic('hit', { toxicity: 0 });
    expect(proxy.reach('hit').openHit).toBe(0);
    proxy.updateToxic('hit', { toxicity: 1 });
    expect(proxy.reach('hit').openHit).toBe(54);
  });

  it('hits the same connections for the same seed', async () => {
    const server = await startEcho();
    const hits = async (seed: number): Promise<number[]> => {
      const proxy = await createProxy({ upstream: server.address, seed });
      proxy.addToxic({ name: 'some', type: 'latency', toxicity: 0.5 });
      await openMany(proxy, 24);
      const ids = proxy.connections.filter(({ hitBy }) => hitBy.length > 0).map(({ id }) => id);
      await proxy.close();
      return ids;
    };
    const first = await hits(3);
    expect(await hits(3)).toEqual(first);
    expect(await hits(4)).not.toEqual(first);
    await server.close();
  });

  it('a connection that is not hit goes on undisturbed', async () => {
    const proxy = await through(await startEcho());
    const sockets = await openMany(proxy, 10);
    proxy.addToxic({ name: 'r', type: 'reset_peer', stream: 'upstream', toxicity: 0.5 }, 'share');
    const results = await Promise.all(
      sockets.map(async (socket) => {
        socket.write('ping');
        return (await take(socket, 4)).toString();
      }),
    );
    expect(results.filter((text) => text === 'ping')).toHaveLength(5);
  });
});
