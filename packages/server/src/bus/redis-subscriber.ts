import type { Redis } from 'ioredis';
import type { OnMessage, Subscription } from './bus.js';

/** What is held of a topic after some seq. `payloads[0]` has seq `first`; when there is none, `first` is `newest + 1`. */
export interface HeldMessages {
  newest: number;
  first: number;
  payloads: string[];
}

type ReadHeld = (channel: string, since: number) => Promise<HeldMessages>;

interface Subscriber {
  channel: string;
  onMessage: OnMessage;
  onGap: (from: number, to: number) => void;
  /** seq of the last message it received. */
  last: number;
  reading: boolean;
  /** Something came while it was reading: read once more. */
  again: boolean;
  closed: boolean;
}

const RETRY_MS = 500;

/**
 * Subscriptions over one connection. A message that is the next in order is handed on at once; anything else – the first
 * messages, a hole after a broken connection, a stream that began again – is settled by reading what Redis holds.
 */
export class RedisSubscriber {
  readonly #client: Redis;
  readonly #readHeld: ReadHeld;
  readonly #subscribers = new Set<Subscriber>();
  readonly #retries = new Set<NodeJS.Timeout>();

  constructor(client: Redis, readHeld: ReadHeld) {
    this.#client = client;
    this.#readHeld = readHeld;
    client.on('message', (channel: string, message: string) => this.#receive(channel, message));
    client.on('ready', () => void this.#resume());
  }

  async subscribe(
    channel: string,
    onMessage: OnMessage,
    { since, onGap = () => undefined }: { since?: number; onGap?: (from: number, to: number) => void },
  ): Promise<Subscription> {
    // Live messages wait (`reading`) until what came before them has been handed over.
    const subscriber: Subscriber = {
      channel,
      onMessage,
      onGap,
      last: 0,
      reading: true,
      again: false,
      closed: false,
    };
    this.#subscribers.add(subscriber);
    try {
      await this.#client.subscribe(channel);
      const held = await this.#readHeld(channel, since ?? Number.MAX_SAFE_INTEGER);
      subscriber.last = since ?? held.newest;
      handOver(subscriber, held);
      subscriber.reading = false;
      if (subscriber.again) void this.#catchUp(subscriber);
      return { newest: held.newest, close: () => this.#unsubscribe(subscriber) };
    } catch (error) {
      await this.#unsubscribe(subscriber);
      throw error;
    }
  }

  close(): void {
    for (const subscriber of this.#subscribers) subscriber.closed = true;
    this.#subscribers.clear();
    for (const retry of this.#retries) clearTimeout(retry);
    this.#retries.clear();
  }

  async #unsubscribe(subscriber: Subscriber): Promise<void> {
    if (subscriber.closed) return;
    subscriber.closed = true;
    this.#subscribers.delete(subscriber);
    const others = [...this.#subscribers].some(({ channel }) => channel === subscriber.channel);
    // Where Redis is away there is nothing to end: only the channels still wanted are subscribed again.
    if (!others) await this.#client.unsubscribe(subscriber.channel).catch(() => undefined);
  }

  #receive(channel: string, message: string): void {
    // Without a colon it is no message: it says that some were lost.
    const colon = message.indexOf(':');
    const seq = colon < 0 ? Number.NaN : Number(message.slice(0, colon));
    for (const subscriber of this.#subscribers) {
      if (subscriber.channel !== channel) continue;
      if (!subscriber.reading && seq === subscriber.last + 1) {
        subscriber.last = seq;
        subscriber.onMessage(seq, message.slice(colon + 1));
      } else {
        void this.#catchUp(subscriber);
      }
    }
  }

  /** The connection is back: what was said meanwhile is read once Redis has confirmed that live messages come again. */
  async #resume(): Promise<void> {
    const channels = new Set([...this.#subscribers].map(({ channel }) => channel));
    try {
      if (channels.size > 0) await this.#client.subscribe(...channels);
    } catch {
      // It broke again: its next return does the same.
    }
    for (const subscriber of this.#subscribers) void this.#catchUp(subscriber);
  }

  async #catchUp(subscriber: Subscriber): Promise<void> {
    subscriber.again = true;
    if (subscriber.reading) return;
    subscriber.reading = true;
    try {
      while (subscriber.again && !subscriber.closed) {
        subscriber.again = false;
        handOver(subscriber, await this.#readHeld(subscriber.channel, subscriber.last));
      }
    } catch {
      if (subscriber.closed) return;
      // Redis is away: the connection's return, or else this timer, reads again.
      const retry = setTimeout(() => {
        this.#retries.delete(retry);
        void this.#catchUp(subscriber);
      }, RETRY_MS);
      retry.unref();
      this.#retries.add(retry);
    } finally {
      subscriber.reading = false;
    }
  }
}

function handOver(subscriber: Subscriber, { newest, first, payloads }: HeldMessages): void {
  if (subscriber.last > newest) {
    subscriber.onGap(1, newest);
    subscriber.last = newest;
  } else if (first > subscriber.last + 1) {
    subscriber.onGap(subscriber.last + 1, first - 1);
    subscriber.last = first - 1;
  }
  for (const payload of payloads) {
    if (subscriber.closed) return;
    subscriber.last += 1;
    subscriber.onMessage(subscriber.last, payload);
  }
}
