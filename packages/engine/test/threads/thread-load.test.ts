import { afterAll, describe, expect, it } from 'vitest';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { loadConformance } from '../load/conformance.js';
import { listening } from '../load/listening.js';
import { bookkeeping, collect, constant, order } from '../load/order.js';

const load = createThreadLoad();
const pair = createThreadLoad({ threads: 3 });
afterAll(() => Promise.all([load.close(), pair.close()]));

const { serve } = listening();

describe('createThreadLoad', () => {
  loadConformance(
    () => load,
    () => pair,
  );

  it('gives up on what it cannot send, says so, and is quick about it', async () => {
    const { url } = await serve();
    const { collector, ticks } = await collect(
      load,
      order(url, { arrivals: constant(20_000_000, { maxConnections: 50 }), durationMs: 60_000 }),
    );
    // Half a second on a quiet machine; on a busy one the thread may have to wait for its turn.
    expect(ticks.at(-1)!.toMs).toBeLessThan(10_000);
    expect(collector.judged().seconds).toBeLessThan(10);
    expect(ticks.at(-1)).toMatchObject({ last: true, endedEarly: 'generator_overloaded' });
    expect(collector.validity().status).toBe('invalid');
    expect(collector.validity().reasons.join()).toContain('never sent');
    expect(bookkeeping(collector)).toEqual([]);
  });

  it('throws and does not hang when a thread cannot begin, and can run the next order', async () => {
    const { url } = await serve();
    const broken = { ...order(url), thresholdsMs: null as never };
    const run = async (): Promise<void> => {
      for await (const tick of load.run(broken, new AbortController().signal)) expect(tick).toBeUndefined();
    };
    await expect(run()).rejects.toMatchObject({ name: 'HiveError', code: 'internal' });
    expect((await collect(load, order(url))).collector.whole().counts.good).toBe(4);
  });

  it('throws and does not hang when its threads are closed in the middle', async () => {
    const { url } = await serve();
    const closing = createThreadLoad();
    const running = collect(closing, order(url, { durationMs: 60_000 }));
    setTimeout(() => void closing.close(), 300);
    await expect(running).rejects.toMatchObject({ name: 'HiveError' });
    await expect(collect(closing, order(url))).rejects.toMatchObject({ name: 'HiveError' });
  });

  it('runs overlapping orders apart', async () => {
    const [one, other] = [await serve(), await serve()];
    const both = await Promise.all([collect(load, order(one.url)), collect(load, order(other.url))]);
    for (const { collector } of both) expect(collector.whole().counts.good).toBe(4);
    expect([one.seen.length, other.seen.length]).toEqual([4, 4]);
  });

  it('speaks IPv6', async () => {
    const { url, seen } = await serve(0, { host: '::1' });
    expect((await collect(load, order(url))).collector.whole().counts.good).toBe(4);
    expect(seen[0]?.headers.host).toBe(new URL(url).host);
  });

  it('counts the time to connect: a target slow to accept does not look fast', async () => {
    const { url } = await serve(0, { backlog: 1 });
    // While this thread sleeps nobody accepts: the backlog is full, and the kernel lets the other dials try again after a second.
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700), 5);
    const what = order(url, {
      arrivals: constant(40),
      durationMs: 400,
      timeoutMs: 10_000,
      graceMs: 10_000,
    });
    const { collector } = await collect(load, what);
    expect(collector.judged().counts).toMatchObject({ planned: 16, good: 16 });
    expect(collector.phases().connect.max).toBeGreaterThan(500);
    expect(collector.judged().serviceTimeMs.max).toBeGreaterThanOrEqual(collector.phases().connect.max);
  });
});
