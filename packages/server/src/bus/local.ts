import { HiveError } from '@hive/contract';
import { randomUUID } from 'node:crypto';
import { HELD_MESSAGES, type Bus, type Lock, type OnMessage, type Subscription } from './bus.js';

interface Subscriber {
  onMessage: OnMessage;
  /** seq of the last message it received. */
  last: number;
  delivering: boolean;
}

interface Topic {
  newest: number;
  /** The newest messages, oldest first; the last one has seq `newest`. */
  held: string[];
  subscribers: Set<Subscriber>;
}

interface Expiring {
  value: string;
  untilMs: number;
}

/** A bus inside one process. Messages are delivered before `publish` resolves. */
export function createLocalBus(): Bus {
  const topics = new Map<string, Topic>();
  const cache = new Map<string, Expiring>();
  const locks = new Map<string, Expiring>();
  let closed = false;

  const topicOf = (name: string): Topic => {
    let topic = topics.get(name);
    if (!topic) topics.set(name, (topic = { newest: 0, held: [], subscribers: new Set() }));
    return topic;
  };
  const assertOpen = (): void => {
    if (closed) throw new HiveError('bus_unreachable', 'the bus is closed');
  };

  return {
    async publish(name, payload) {
      assertOpen();
      const topic = topicOf(name);
      topic.newest += 1;
      const seq = topic.newest;
      topic.held.push(payload);
      if (topic.held.length > HELD_MESSAGES) topic.held.shift();
      for (const subscriber of topic.subscribers) deliver(topic, subscriber);
      return seq;
    },

    async subscribe(name, onMessage, options = {}): Promise<Subscription> {
      assertOpen();
      const topic = topicOf(name);
      const newest = topic.newest;
      const subscriber: Subscriber = { onMessage, last: options.since ?? newest, delivering: false };
      const firstHeld = newest - topic.held.length + 1;
      if (subscriber.last > newest) {
        options.onGap?.(1, newest);
        subscriber.last = newest;
      } else if (subscriber.last < firstHeld - 1) {
        options.onGap?.(subscriber.last + 1, firstHeld - 1);
        subscriber.last = firstHeld - 1;
      }
      topic.subscribers.add(subscriber);
      deliver(topic, subscriber);
      return {
        newest,
        async close() {
          topic.subscribers.delete(subscriber);
        },
      };
    },

    async get(key) {
      assertOpen();
      return alive(cache, key)?.value ?? null;
    },

    async set(key, value, ttlMs) {
      assertOpen();
      for (const other of cache.keys()) alive(cache, other);
      cache.set(key, { value, untilMs: performance.now() + ttlMs });
    },

    async lock(name, ttlMs): Promise<Lock | null> {
      assertOpen();
      if (alive(locks, name)) return null;
      const token = randomUUID();
      locks.set(name, { value: token, untilMs: performance.now() + ttlMs });
      const own = (): Expiring | null => {
        const lease = alive(locks, name);
        return lease?.value === token ? lease : null;
      };
      return {
        async renew() {
          const lease = own();
          if (lease) lease.untilMs = performance.now() + ttlMs;
          return lease !== null;
        },
        async release() {
          if (own()) locks.delete(name);
        },
      };
    },

    async ping() {
      assertOpen();
    },

    async close() {
      closed = true;
      for (const topic of topics.values()) topic.subscribers.clear();
      topics.clear();
      cache.clear();
      locks.clear();
    },
  };
}

/** Hands over every held message that the subscriber has not seen; one that publishes meanwhile is served by the same loop, in order. */
function deliver(topic: Topic, subscriber: Subscriber): void {
  if (subscriber.delivering) return;
  subscriber.delivering = true;
  try {
    while (topic.subscribers.has(subscriber) && subscriber.last < topic.newest) {
      subscriber.last += 1;
      const index = topic.held.length - 1 - (topic.newest - subscriber.last);
      const payload = topic.held[index];
      if (payload !== undefined) subscriber.onMessage(subscriber.last, payload);
    }
  } finally {
    subscriber.delivering = false;
  }
}

function alive(entries: Map<string, Expiring>, key: string): Expiring | null {
  const entry = entries.get(key);
  if (!entry) return null;
  if (entry.untilMs > performance.now()) return entry;
  entries.delete(key);
  return null;
}
