import { HiveError } from '@hive/contract';
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { HELD_MESSAGES, type Bus, type Lock, type Subscription } from './bus.js';
import { connectRedis, disconnectRedis, placeOfRedis, unreachable } from './redis-connection.js';
import { createLosses } from './redis-losses.js';
import { RedisSubscriber, type HeldMessages } from './redis-subscriber.js';

/**
 * Numbers, holds and announces a message as one step. A stream that starts over forgets what an earlier one held. ARGV[3] messages before it
 * were lost: they have their numbers, and whoever has not seen them finds a gap.
 */
const PUBLISH = `
if tonumber(ARGV[3]) > 0 then
  redis.call('INCRBY', KEYS[1], ARGV[3])
  redis.call('DEL', KEYS[2])
end
local seq = redis.call('INCR', KEYS[1])
if seq == 1 then redis.call('DEL', KEYS[2]) end
redis.call('RPUSH', KEYS[2], ARGV[1])
redis.call('LTRIM', KEYS[2], -tonumber(ARGV[2]), -1)
redis.call('PUBLISH', KEYS[3], seq .. ':' .. ARGV[1])
return seq`;

/** Gives lost messages their numbers, and has every subscriber look what it missed. */
const SKIP = `
local seq = redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2])
redis.call('PUBLISH', KEYS[3], seq)
return seq`;

/** The newest seq, the seq of the first message returned, and the messages held after ARGV[1]. */
const READ = `
local newest = tonumber(redis.call('GET', KEYS[1]) or '0')
local since = tonumber(ARGV[1])
if since >= newest then return {newest, newest + 1, {}} end
local oldest = newest - redis.call('LLEN', KEYS[2]) + 1
local first = math.max(since + 1, oldest)
return {newest, first, redis.call('LRANGE', KEYS[2], first - oldest, -1)}`;

const RENEW = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`;
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/**
 * A bus on Redis (6.2 or newer), shared by every instance with the same `prefix`. When the connection breaks it is made again, and
 * subscribers are given what they missed.
 * @throws HiveError `bus_unreachable` within 5 s.
 */
export async function createRedisBus(url: string, { prefix = 'hive:' }: { prefix?: string } = {}): Promise<Bus> {
  const place = placeOfRedis(url);
  const client = await connectRedis(url);
  const subscriberClient = await connectRedis(url).catch((error: unknown) => {
    client.disconnect();
    throw error;
  });
  const keys = (topic: string) =>
    [`${prefix}topic:${topic}:seq`, `${prefix}topic:${topic}:held`, `${prefix}topic:${topic}`] as const;
  const subscriber = new RedisSubscriber(subscriberClient, (channel, since) => readHeld(client, channel, since));

  const losses = createLosses(async (topic, count) => void (await client.eval(SKIP, 3, ...keys(topic), count)));

  const bus: Bus = {
    publish(topic, payload) {
      return losses.around(topic, async (lost) =>
        Number(await client.eval(PUBLISH, 3, ...keys(topic), payload, HELD_MESSAGES, lost)),
      );
    },
    async subscribe(topic, onMessage, options = {}): Promise<Subscription> {
      return subscriber.subscribe(keys(topic)[2], onMessage, options);
    },
    async get(key) {
      return client.get(`${prefix}cache:${key}`);
    },
    async set(key, value, ttlMs) {
      await client.set(`${prefix}cache:${key}`, value, 'PX', Math.max(1, Math.round(ttlMs)));
    },
    async lock(name, ttlMs): Promise<Lock | null> {
      const key = `${prefix}lock:${name}`;
      const token = randomUUID();
      const lease = Math.max(1, Math.round(ttlMs));
      if ((await client.set(key, token, 'PX', lease, 'NX')) === null) return null;
      return {
        renew: () => reached(place, async () => (await client.eval(RENEW, 1, key, token, lease)) === 1),
        release: () => reached(place, async () => void (await client.eval(RELEASE, 1, key, token))),
      };
    },
    async ping() {
      await client.ping();
    },
    async close() {
      losses.close();
      subscriber.close();
      await Promise.all([disconnectRedis(client), disconnectRedis(subscriberClient)]);
    },
  };
  return {
    publish: (topic, payload) => reached(place, () => bus.publish(topic, payload)),
    subscribe: (topic, onMessage, options) => reached(place, () => bus.subscribe(topic, onMessage, options)),
    get: (key) => reached(place, () => bus.get(key)),
    set: (key, value, ttlMs) => reached(place, () => bus.set(key, value, ttlMs)),
    lock: (name, ttlMs) => reached(place, () => bus.lock(name, ttlMs)),
    ping: () => reached(place, () => bus.ping()),
    close: bus.close,
  };
}

async function readHeld(client: Redis, channel: string, since: number): Promise<HeldMessages> {
  const answer = await client.eval(READ, 2, `${channel}:seq`, `${channel}:held`, since);
  const [newest, first, payloads] = answer as [number, number, string[]];
  return { newest, first, payloads };
}

/** Runs a command; whatever Redis or its connection throws means that the bus cannot serve. */
async function reached<Answer>(place: string, command: () => Promise<Answer>): Promise<Answer> {
  try {
    return await command();
  } catch (error) {
    throw error instanceof HiveError ? error : unreachable(place, error);
  }
}
