import { Redis } from 'ioredis';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { describeWith, redis, redisPrefix } from '../../../../test/services.js';
import type { Bus } from '../../src/bus/bus.js';
import { createRedisBus } from '../../src/bus/redis.js';
import { busConformance, listener } from './conformance.js';

const eventually = (assertion: () => void) => vi.waitFor(assertion, { timeout: 15_000, interval: 10 });

describeWith(redis, 'the bus on Redis', (url) => {
  const prefix = redisPrefix();
  let bus: Bus;
  let another: Bus;
  beforeAll(async () => {
    bus = await createRedisBus(url, { prefix });
    another = await createRedisBus(url, { prefix });
  });
  afterAll(async () => {
    await Promise.all([bus.close(), another.close()]);
    await removeKeys(url, prefix);
  });
  busConformance(
    () => bus,
    () => another,
  );

  describe('over a connection that breaks', () => {
    let passage: Passage;
    let remote: Bus;
    beforeAll(async () => {
      passage = await openPassage(url);
      remote = await createRedisBus(passage.url, { prefix });
    });
    afterAll(async () => {
      await remote.close();
      await passage.close();
    });

    it('gives a subscriber what it missed, once and in order', async () => {
      const { seen, ...options } = listener();
      const subscription = await remote.subscribe('broken', options.onMessage, options);
      await bus.publish('broken', 'before');
      await eventually(() => expect(seen).toEqual(['1 before']));
      passage.shut();
      await bus.publish('broken', 'missed');
      await bus.publish('broken', 'missed too');
      passage.open();
      await eventually(() => expect(seen).toEqual(['1 before', '2 missed', '3 missed too']));
      await bus.publish('broken', 'after');
      await eventually(() => expect(seen.slice(3)).toEqual(['4 after']));
      await subscription.close();
    }, 30_000);

    it('says bus_unreachable while it is away, and serves again when it is back', async () => {
      passage.shut();
      await expect(remote.publish('away', 'x')).rejects.toMatchObject({ code: 'bus_unreachable' });
      await expect(remote.ping()).rejects.toMatchObject({ code: 'bus_unreachable' });
      passage.open();
      await vi.waitFor(() => remote.ping(), { timeout: 15_000, interval: 50 });
    }, 30_000);

    it('closes while it is away', async () => {
      const leaving = await createRedisBus(passage.url, { prefix });
      await leaving.subscribe('leaving', () => undefined);
      passage.shut();
      await leaving.close();
      passage.open();
    });
  });

  it('announces a stream that began again, and goes on with it', async () => {
    const { seen, ...options } = listener();
    await bus.publish('again', 'a');
    await bus.publish('again', 'b');
    const subscription = await another.subscribe('again', options.onMessage, { ...options, since: 0 });
    await eventually(() => expect(seen).toHaveLength(2));
    await removeKeys(url, `${prefix}topic:again`);
    await bus.publish('again', 'c');
    await eventually(() => expect(seen).toContainEqual({ gap: [1, 1] }));
    await bus.publish('again', 'd');
    await eventually(() => expect(seen.at(-1)).toBe('2 d'));
    await subscription.close();
  });

  it('serves nobody once it is closed', async () => {
    const closing = await createRedisBus(url, { prefix });
    const { seen, onMessage } = listener();
    await closing.subscribe('closing', onMessage);
    await closing.close();
    await closing.close();
    await bus.publish('closing', 'late');
    await expect(closing.publish('closing', 'late')).rejects.toMatchObject({ code: 'bus_unreachable' });
    expect(seen).toEqual([]);
  });
});

describe('a Redis that cannot be reached', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  const listening = async (onConnection: (socket: Socket) => void): Promise<number> => {
    const server = createServer(onConnection);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };
  const failing = async (url: string) => {
    const error: unknown = await createRedisBus(url).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'bus_unreachable', hint: expect.stringContaining('REDIS_URL') });
    expect(String(error)).not.toMatch(/secret|\n/);
  };

  it('is an error on one line without the password: refused', async () => {
    const port = await listening(() => undefined);
    servers.pop()?.close();
    await failing(`redis://user:secret@127.0.0.1:${port}`);
  });

  it('is an error within seconds: it accepts and never answers', async () => {
    const sockets: Socket[] = [];
    const port = await listening((socket) => sockets.push(socket));
    await failing(`redis://:secret@127.0.0.1:${port}`);
    for (const socket of sockets) socket.destroy();
  }, 15_000);

  it('is an error: it speaks something else', async () => {
    const port = await listening((socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await failing(`redis://127.0.0.1:${port}`);
  }, 15_000);

  it.each(['not a url', 'http://127.0.0.1:6379', ''])('is an error: %j', failing);
});

interface Passage {
  url: string;
  /** Cuts every connection and takes no other. */
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

/** A TCP passage to Redis that can be shut and opened. */
async function openPassage(url: string): Promise<Passage> {
  const to = new URL(url);
  const sockets = new Set<Socket>();
  let passing = true;
  const server = createServer((near) => {
    if (!passing) return near.destroy();
    const far = connect(Number(to.port || 6379), to.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: through.href,
    shut() {
      passing = false;
      for (const socket of sockets) socket.destroy();
    },
    open() {
      passing = true;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Deletes the keys that begin with `prefix`, and only those. */
async function removeKeys(url: string, prefix: string): Promise<void> {
  const client = new Redis(url);
  const keys = await client.keys(`${prefix}*`);
  if (keys.length > 0) await client.del(...keys);
  await client.quit();
}
