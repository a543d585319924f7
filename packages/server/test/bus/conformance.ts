import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { HELD_MESSAGES, type Bus } from '../../src/bus/bus.js';

type Seen = (string | { gap: [number, number] })[];

/** Writes down what a subscriber is told, in order. */
export function listener(): {
  seen: Seen;
  onMessage: (seq: number, payload: string) => void;
  onGap: (from: number, to: number) => void;
} {
  const seen: Seen = [];
  return {
    seen,
    onMessage: (seq, payload) => seen.push(`${seq} ${payload}`),
    onGap: (from, to) => seen.push({ gap: [from, to] }),
  };
}

/** What every bus must do. `open` makes another instance that shares everything with the first, or gives the same one. */
export function busConformance(bus: () => Bus, another: () => Bus): void {
  const eventually = (assertion: () => void) => vi.waitFor(assertion, { timeout: 10_000, interval: 5 });
  const publish = async (topic: string, count: number, from = 1) => {
    for (let index = from; index < from + count; index += 1) await bus().publish(topic, `m${index}`);
  };

  describe('publish and subscribe', () => {
    it('numbers the messages of each topic from 1 and delivers them in order to everyone', async () => {
      const topic = randomUUID();
      const [first, second] = [listener(), listener()];
      const one = await bus().subscribe(topic, first.onMessage);
      const two = await another().subscribe(topic, second.onMessage);
      expect(one.newest).toBe(0);
      expect(await bus().publish(topic, 'a')).toBe(1);
      expect(await another().publish(topic, 'b: ü\n"')).toBe(2);
      expect(await bus().publish(randomUUID(), 'elsewhere')).toBe(1);
      expect(await bus().publish(topic, '')).toBe(3);
      for (const { seen } of [first, second]) await eventually(() => expect(seen).toEqual(['1 a', '2 b: ü\n"', '3 ']));
      await one.close();
      await one.close();
      await bus().publish(topic, 'd');
      await eventually(() => expect(second.seen).toHaveLength(4));
      expect(first.seen).toHaveLength(3);
      await two.close();
    });

    it('without since gives only what comes, and says where it stands', async () => {
      const topic = randomUUID();
      await publish(topic, 3);
      const { seen, ...options } = listener();
      const subscription = await bus().subscribe(topic, options.onMessage, options);
      expect(subscription.newest).toBe(3);
      await publish(topic, 1, 4);
      await eventually(() => expect(seen).toEqual(['4 m4']));
      await subscription.close();
    });

    it('replays what came after since, then continues, without a gap or a repetition', async () => {
      const topic = randomUUID();
      await publish(topic, 5);
      const { seen, ...options } = listener();
      const publishing = publish(topic, 200, 6);
      const subscription = await bus().subscribe(topic, options.onMessage, { ...options, since: 3 });
      await publishing;
      const expected = Array.from({ length: 202 }, (_, index) => `${index + 4} m${index + 4}`);
      await eventually(() => expect(seen).toHaveLength(202));
      expect(seen).toEqual(expected);
      await subscription.close();
    });

    it('holds a bounded number of messages and announces what is no longer held', async () => {
      const topic = randomUUID();
      const total = HELD_MESSAGES + 10;
      await Promise.all(Array.from({ length: total }, () => bus().publish(topic, 'x')));
      const { seen, ...options } = listener();
      const subscription = await bus().subscribe(topic, options.onMessage, { ...options, since: 4 });
      await eventually(() => expect(seen).toHaveLength(HELD_MESSAGES + 1));
      expect(seen[0]).toEqual({ gap: [5, 10] });
      expect(seen[1]).toBe('11 x');
      expect(seen.at(-1)).toBe(`${total} x`);
      await subscription.close();
    });

    it('announces another life of the stream when since lies in the future', async () => {
      const topic = randomUUID();
      await publish(topic, 2);
      const { seen, ...options } = listener();
      const subscription = await bus().subscribe(topic, options.onMessage, { ...options, since: 99 });
      await publish(topic, 1, 3);
      await eventually(() => expect(seen).toEqual([{ gap: [1, 2] }, '3 m3']));
      await subscription.close();
    });

    it('keeps the order for a subscriber that publishes', async () => {
      const topic = randomUUID();
      const { seen, onMessage } = listener();
      const subscription = await bus().subscribe(topic, (seq, payload) => {
        if (payload === 'question') void bus().publish(topic, 'answer');
        onMessage(seq, payload);
      });
      await bus().publish(topic, 'question');
      await eventually(() => expect(seen).toEqual(['1 question', '2 answer']));
      await subscription.close();
    });
  });

  describe('cache', () => {
    it('keeps a value for its time, for every instance', async () => {
      const key = randomUUID();
      expect(await bus().get(key)).toBeNull();
      await bus().set(key, 'ü', 60_000);
      expect(await another().get(key)).toBe('ü');
      await another().set(key, 'brief', 20);
      await eventuallyAsync(async () => expect(await bus().get(key)).toBeNull());
    });
  });

  describe('locks', () => {
    it('are held by one until released', async () => {
      const name = randomUUID();
      const held = await bus().lock(name, 60_000);
      expect(held).not.toBeNull();
      expect(await another().lock(name, 60_000)).toBeNull();
      expect(await held?.renew()).toBe(true);
      await held?.release();
      const next = await another().lock(name, 60_000);
      expect(next).not.toBeNull();
      expect(await held?.renew()).toBe(false);
      await held?.release();
      expect(await bus().lock(name, 60_000)).toBeNull();
      await next?.release();
    });

    it('end with their time', async () => {
      const name = randomUUID();
      const lost = await bus().lock(name, 20);
      await sleep(30);
      await eventuallyAsync(async () => expect(await another().lock(name, 60_000)).not.toBeNull());
      expect(await lost?.renew()).toBe(false);
    });

    it('are given to one of many', async () => {
      const name = randomUUID();
      const taken = await Promise.all(
        Array.from({ length: 20 }, (_, index) => (index % 2 ? bus() : another()).lock(name, 60_000)),
      );
      expect(taken.filter((lock) => lock !== null)).toHaveLength(1);
    });
  });

  it('answers a ping', async () => {
    await bus().ping();
  });
}

async function eventuallyAsync(assertion: () => Promise<void>): Promise<void> {
  await vi.waitFor(assertion, { timeout: 10_000, interval: 10 });
}
