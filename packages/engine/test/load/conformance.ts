import { expect, it } from 'vitest';
import type { Load, Tick } from '../../src/measuring.js';
import { createCollector } from '../../src/metrics/collector.js';
import { listening } from './listening.js';
import { bookkeeping, collect, constant, order } from './order.js';

/**
 * What every load generator promises. `load`: with one share; `several`: with three. `itOfEach`: declares what one thread promises for
 * itself, wherever it is.
 */
export function loadConformance(load: () => Load, several: () => Load, itOfEach: typeof it = it): void {
  const { serve } = listening();

  it('sends what was planned, no more and no less, and the server saw as many', async () => {
    const { url, seen } = await serve();
    const { collector, ticks } = await collect(
      load(),
      order(url, { arrivals: constant(200), warmupMs: 300, durationMs: 500 }),
    );
    expect(collector.whole().counts).toMatchObject({ planned: 160, sent: 160, answered: 160, good: 160 });
    expect(collector.judged()).toMatchObject({ counts: { planned: 100 }, seconds: 0.5, offeredPerSecond: 200 });
    expect(seen).toHaveLength(160);
    expect(bookkeeping(collector)).toEqual([]);
    expect(ticks.map((tick) => tick.last).filter(Boolean)).toHaveLength(1);
    for (const [index, tick] of ticks.entries()) expect(tick.fromMs).toBe(index === 0 ? 0 : ticks[index - 1]!.toMs);
  });

  it('adds the shares of several threads up to the same plan', async () => {
    const { url, seen } = await serve();
    const { collector } = await collect(several(), order(url, { arrivals: constant(200), durationMs: 500 }));
    expect(collector.judged().counts).toMatchObject({ planned: 100, good: 100 });
    expect(collector.judged().seconds).toBeCloseTo(0.5, 6);
    expect(seen).toHaveLength(100);
    expect(bookkeeping(collector)).toEqual([]);
  });

  itOfEach('holds exactly this many connections in the closed model, over any number of threads', async () => {
    const { url, server } = await serve(20);
    let most = 0;
    let open = 0;
    server.on('connection', (socket) => {
      most = Math.max(most, ++open);
      socket.on('close', () => (open -= 1));
    });
    const arrivals = { model: 'closed', connections: 7, thinkMs: 0 } as const;
    const { collector } = await collect(several(), order(url, { arrivals, durationMs: 500 }));
    expect(most).toBe(7);
    expect(collector.judged()).toMatchObject({ peakConnections: 7, errors: {} });
    expect(collector.judged().counts.good).toBeGreaterThan(50);
    expect(bookkeeping(collector)).toEqual([]);
  });

  itOfEach('lets users think in the closed model', async () => {
    const { url } = await serve();
    const arrivals = { model: 'closed', connections: 4, thinkMs: 100 } as const;
    const { collector } = await collect(load(), order(url, { arrivals, durationMs: 1_000 }));
    const { planned } = collector.judged().counts;
    expect(planned).toBeGreaterThanOrEqual(25);
    expect(planned).toBeLessThanOrEqual(40);
  });

  itOfEach(
    'grows to the cap, lets the rest wait, and drops in the target’s name what finds the line full',
    async () => {
      const { url } = await serve(10_000);
      const arrivals = constant(200, { maxConnections: 5, maxWaiting: 10 });
      const { collector, ticks } = await collect(
        load(),
        order(url, { arrivals, durationMs: 300, timeoutMs: 5_000, graceMs: 100 }),
      );
      expect(collector.judged()).toMatchObject({
        peakConnections: 5,
        counts: { planned: 60, sent: 5, droppedTarget: 55, droppedGenerator: 0, cutOff: 5 },
      });
      expect(Math.max(...ticks.map((tick) => tick.waiting))).toBe(10);
      expect(bookkeeping(collector)).toEqual([]);
    },
  );

  it('aborts at once: what is outstanding is cut off and every socket closes', async () => {
    const { url, server } = await serve(10_000);
    const aborting = new AbortController();
    const connections = new Set<unknown>();
    server.on('connection', (socket) => {
      connections.add(socket);
      socket.on('close', () => connections.delete(socket));
    });
    const collector = createCollector({ thresholdsMs: [100] });
    const ticks: Tick[] = [];
    let abortedAtMs = Infinity;
    for await (const tick of load().run(order(url, { durationMs: 60_000, timeoutMs: 60_000 }), aborting.signal)) {
      collector.add(tick);
      ticks.push(tick);
      if (collector.whole().counts.sent < 3 || aborting.signal.aborted) continue;
      abortedAtMs = performance.now();
      aborting.abort();
    }
    expect(performance.now() - abortedAtMs).toBeLessThan(2_000);
    expect(ticks.at(-1)).toMatchObject({ last: true, endedEarly: 'aborted' });
    const { counts } = collector.whole();
    expect(counts.sent).toBeGreaterThan(2);
    expect(counts).toMatchObject({ cutOff: counts.sent, planned: counts.sent });
    expect(bookkeeping(collector)).toEqual([]);
    await expect.poll(() => connections.size).toBe(0);
  });

  it('ends at once when it is aborted before it began', async () => {
    const { url } = await serve();
    const { collector, ticks } = await collect(load(), order(url, { durationMs: 60_000 }), AbortSignal.abort());
    expect(ticks.at(-1)).toMatchObject({ last: true, endedEarly: 'aborted' });
    expect(collector.whole().counts.planned).toBeLessThan(5);
  });

  itOfEach('tells connecting, waiting and transfer apart', async () => {
    const { url, server } = await serve();
    server.removeAllListeners('request');
    server.on('request', (_, response) => {
      setTimeout(() => {
        response.write('a');
        setTimeout(() => response.end('b'), 60);
      }, 30);
    });
    const { collector } = await collect(load(), order(url));
    const { connect, tls, firstByte, transfer } = collector.phases();
    expect([connect.count > 0, tls.count, firstByte.count, transfer.count]).toEqual([true, 0, 4, 4]);
    expect(firstByte.min).toBeGreaterThan(28);
    expect(transfer.min).toBeGreaterThan(50);
  });

  itOfEach('counts the first byte of the body apart, of all and of each class', async () => {
    const { url, server } = await serve();
    server.removeAllListeners('request');
    server.on('request', (_, response) => {
      response.flushHeaders();
      setTimeout(() => response.write('a'), 20);
      setTimeout(() => response.end('b'), 140);
    });
    const { ticks } = await collect(
      several(),
      order(url, { timeoutMs: 5_000, thresholdsMs: [100], firstByteThresholds: [0], groupBy: ['class'] }),
    );
    const collector = createCollector({ thresholdsMs: [100], groupNames: { byClass: ['default'], byNode: [] } });
    for (const tick of ticks) collector.add(tick);
    const { bad, firstByteMs, responseTimeMs, counts } = collector.whole();
    expect([bad, counts.good, firstByteMs.count]).toEqual([[0], 4, 4]);
    expect(firstByteMs.min).toBeGreaterThan(18);
    expect(responseTimeMs.min).toBeGreaterThan(firstByteMs.min + 80);
    const apart = ticks.flatMap(({ parts }) => parts.flatMap(({ groups = [] }) => groups));
    expect(apart.reduce((sum, { good }) => sum + good, 0)).toBe(4);
    for (const { good, firstByte } of apart) expect(good === 0 || firstByte instanceof Uint8Array).toBe(true);
  });

  it('stops sending when its reader leaves', async () => {
    const { url, seen } = await serve();
    for await (const tick of load().run(order(url, { durationMs: 60_000 }), new AbortController().signal)) {
      if (tick.toMs > 200) break;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    const after = seen.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(seen.length).toBe(after);
  });

  it('loses no count when its reader is slow', async () => {
    const { url } = await serve();
    const ticks: Tick[] = [];
    const what = order(url, { arrivals: constant(100), durationMs: 1_500, tickMs: 20 });
    for await (const tick of load().run(what, new AbortController().signal)) {
      ticks.push(tick);
      if (ticks.length === 1) await new Promise((resolve) => setTimeout(resolve, 1_700));
    }
    expect(ticks.length).toBeLessThan(30);
    expect(ticks.reduce((sum, tick) => sum + (tick.parts[0]?.counts.good ?? 0), 0)).toBe(150);
  });

  it('refuses an address beyond loopback before anything is dialled', async () => {
    await expect(collect(load(), order('http://192.0.2.1:80'))).rejects.toMatchObject({ code: 'refused_by_safety' });
    await expect(collect(load(), order('http://does-not-exist.invalid'))).rejects.toMatchObject({
      code: 'target_unreachable',
    });
  });

  it('names a request that cannot be written, and can run the next one', async () => {
    const { url } = await serve();
    const requests = [{ name: 'bad', method: 'GET', path: '/a b', headers: {}, weight: 1 }];
    await expect(collect(load(), order(url, { requests }))).rejects.toMatchObject({
      code: 'validation',
      message: expect.stringContaining('requests.bad.path'),
    });
    const headers = [{ name: 'bad', method: 'GET', path: '/', headers: { 'X-A': 'a\r\nB: c' }, weight: 1 }];
    await expect(collect(load(), order(url, { requests: headers }))).rejects.toMatchObject({ code: 'validation' });
    expect((await collect(load(), order(url))).collector.whole().counts.good).toBe(4);
  });

  itOfEach('spreads requests over nodes by weight, and names who answered', async () => {
    const [one, other] = [await serve(), await serve()];
    const nodes = [
      { url: one.url, id: 'one', weight: 1 },
      { url: other.url, id: 'other', weight: 3 },
    ];
    const { collector } = await collect(load(), order(one.url, { nodes, arrivals: constant(200) }));
    expect(collector.judged().nodes).toEqual({ one: 10, other: 30 });
  });

  itOfEach('sends classes by weight, with keys, headers and bodies', async () => {
    const { url, seen } = await serve();
    const requests = [
      {
        name: 'read',
        method: 'GET',
        path: '/item/{key}?x=1',
        headers: { 'X-Who': 'hive ✓' },
        weight: 3,
        keys: { count: 5, distribution: 'zipf', exponent: 1 } as const,
      },
      { name: 'write', method: 'POST', path: '/item', headers: {}, weight: 1, body: 'ünïcode' },
    ];
    const { collector } = await collect(load(), order(`${url}/base/`, { requests, arrivals: constant(400) }));
    expect(collector.judged().counts.good).toBe(80);
    const reads = seen.filter(({ method }) => method === 'GET');
    expect(reads.length).toBeGreaterThan(45);
    expect(reads.length).toBeLessThan(75);
    for (const read of reads) expect(read.url).toMatch(/^\/base\/item\/[1-5]\?x=1$/);
    expect(new Set(reads.map((read) => read.url)).size).toBeGreaterThan(2);
    expect(Buffer.from(reads[0]!.headers['x-who'] as string, 'latin1').toString()).toBe('hive ✓');
    const write = seen.find(({ method }) => method === 'POST');
    expect(write?.headers['content-length']).toBe(String(Buffer.byteLength('ünïcode')));
  });
}
