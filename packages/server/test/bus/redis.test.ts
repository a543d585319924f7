import { Redis } from 'ioredis';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { describeWith, redis, redisPrefix } from '../../../../test/services.js';
import { itSlow } from '../../../../test/slow.js';
import type { Bus } from '../../src/bus/bus.js';
import { createRedisBus } from '../../src/bus/redis.js';
import { breakable, type Breakable } from '../../../../test/breakable.js';
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
    let way: Breakable;
    let remote: Bus;
    beforeAll(async () => {
      way = await breakable(url);
      remote = await createRedisBus(way.url, { prefix });
    });
    afterAll(async () => {
      await remote.close();
      await way.close();
    });

    it('gives a subscriber what it missed, once and in order', async () => {
      const { seen, ...options } = listener();
      const subscription = await remote.subscribe('broken', options.onMessage, options);
      await bus.publish('broken', 'before');
      await eventually(() => expect(seen).toEqual(['1 before']));
      await way.break('refuse');
      await bus.publish('broken', 'missed');
      await bus.publish('broken', 'missed too');
      await way.restore();
      await eventually(() => expect(seen).toEqual(['1 before', '2 missed', '3 missed too']));
      await bus.publish('broken', 'after');
      await eventually(() => expect(seen.slice(3)).toEqual(['4 after']));
      await subscription.close();
    }, 30_000);

    it('says bus_unreachable while it is away, and serves again when it is back', async () => {
      await way.break('refuse');
      await expect(remote.publish('away', 'x')).rejects.toMatchObject({ code: 'bus_unreachable' });
      await expect(remote.ping()).rejects.toMatchObject({ code: 'bus_unreachable' });
      await way.restore();
      await vi.waitFor(() => remote.ping(), { timeout: 15_000, interval: 50 });
    }, 30_000);

    describe.each(['refuse', 'blackhole'] as const)('%s', (how) => {
      /** Who hangs is found out by asking: it takes seconds. */
      const itOnce = how === 'refuse' ? it : itSlow;
      const itUnseen = how === 'blackhole' ? it : itSlow;

      it('closes while it is away, and waits for nothing', async () => {
        const leaving = await createRedisBus(way.url, { prefix });
        await leaving.subscribe('leaving', () => undefined);
        await way.break(how);
        // Each request that waits for an answer takes two seconds to be given up.
        await leaving.close();
        await way.restore();
      }, 10_000);

      itOnce(
        'tells what could not be published as a gap, also when nothing comes after it',
        async () => {
          const topic = `lost ${how}`;
          const { seen, ...options } = listener();
          const subscription = await bus.subscribe(topic, options.onMessage, options);
          await vi.waitFor(() => remote.publish(topic, 'before'), { timeout: 15_000 });
          await eventually(() => expect(seen.at(-1)).toMatch(/before$/));
          const before = seen.length;
          const newest = Number.parseInt(seen.at(-1) as string, 10);
          await way.break(how);
          const lost = 5;
          const tries = await Promise.allSettled(Array.from({ length: lost }, () => remote.publish(topic, 'lost')));
          expect(tries.every(({ status }) => status === 'rejected')).toBe(true);
          await way.restore();
          await eventually(() => expect(seen.slice(before)).toEqual([{ gap: [newest + 1, newest + lost] }]));
          await vi.waitFor(() => remote.publish(topic, 'after'), { timeout: 15_000 });
          await eventually(() => expect(seen.at(-1)).toMatch(/after$/));
          await subscription.close();
        },
        40_000,
      );

      itUnseen(
        'gives a subscriber what it missed, though its connection broke without a word',
        async () => {
          const topic = `missed ${how}`;
          const { seen, ...options } = listener();
          const subscription = await vi.waitFor(() => remote.subscribe(topic, options.onMessage, options), {
            timeout: 15_000,
          });
          await way.break(how);
          await bus.publish(topic, 'missed');
          if (how === 'blackhole') {
            // The proxy forgets what it swallowed and closes nothing: only asking finds out.
            await vi.waitFor(() => expect(remote.ping()).rejects.toThrow('the connection broke'), { timeout: 15_000 });
          }
          await way.restore();
          await eventually(() => expect(seen).toEqual(['1 missed']));
          await subscription.close();
        },
        40_000,
      );
    });

    it('lets nothing wait long for a Redis that does not answer', async () => {
      await vi.waitFor(() => remote.ping(), { timeout: 15_000 });
      await way.break('blackhole');
      await expect(remote.set('key', 'value', 1_000)).rejects.toMatchObject({ code: 'bus_unreachable' });
      await vi.waitFor(() => expect(remote.get('key')).rejects.toThrow('the connection broke'), { timeout: 15_000 });
      // Were each of them waited for, they would last beyond this test.
      for (let index = 0; index < 40; index += 1)
        await expect(remote.get('key')).rejects.toMatchObject({ code: 'bus_unreachable' });
      await way.restore();
    }, 60_000);
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

  itSlow(
    'is an error within seconds: it accepts and never answers',
    async () => {
      const sockets: Socket[] = [];
      const port = await listening((socket) => sockets.push(socket));
      await failing(`redis://:secret@127.0.0.1:${port}`);
      for (const socket of sockets) socket.destroy();
    },
    15_000,
  );

  it('is an error: it speaks something else', async () => {
    const port = await listening((socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await failing(`redis://127.0.0.1:${port}`);
  }, 15_000);

  it.each(['not a url', 'http://127.0.0.1:6379', ''])('is an error: %j', failing);
});

/** Deletes the keys that begin with `prefix`, and only those. */
async function removeKeys(url: string, prefix: string): Promise<void> {
  const client = new Redis(url);
  const keys = await client.keys(`${prefix}*`);
  if (keys.length > 0) await client.del(...keys);
  await client.quit();
}
