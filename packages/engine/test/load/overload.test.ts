import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus } from 'node:os';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import { startPractice } from '../../src/practice/practice.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { bookkeeping, collect, constant, order } from './order.js';

const load = createThreadLoad();
const servers: Server[] = [];
afterAll(async () => {
  await load.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

describe('an overloaded target', () => {
  it('is shown as such, and the generator is not blamed', async () => {
    // Four slots of 20 ms: 200/s. Asked for twice that.
    const practice = await startPractice({ workers: 4, serviceMs: 20 });
    try {
      const arrivals = constant(400, { maxConnections: 20, maxWaiting: 100 });
      const what = order(practice.url, { arrivals, durationMs: 3_000, timeoutMs: 5_000, graceMs: 5_000 });
      const { collector, ticks } = await collect(load, what);
      const { counts, waitingMs } = collector.judged();
      expect(ticks.at(-1)?.endedEarly).toBeUndefined();
      expect(counts.planned).toBe(1_200);
      expect(counts.droppedTarget).toBeGreaterThan(300);
      expect(waitingMs).toBeGreaterThan(100);
      // On a quiet machine it is valid; what other work on the machine does to the generator is the only thing it may name.
      const ownFaults = collector
        .validity()
        .reasons.filter((reason) => !/ late or more|stalled|machine|hypervisor/.test(reason));
      expect(ownFaults).toEqual([]);
    } finally {
      await practice.close();
    }
  });
});

describe('a closed model with a cap on its rate', () => {
  it('sends no more than that, however quickly the target answers', async () => {
    const practice = await startPractice({ workers: 50, serviceMs: 1 });
    try {
      const arrivals = { model: 'closed' as const, connections: 20, thinkMs: 0, maxPerSecond: 150 };
      const { collector } = await collect(load, order(practice.url, { arrivals, durationMs: 2_000 }));
      const { counts } = collector.judged();
      expect(counts.answered).toBeLessThanOrEqual(150 * 2 + 3);
      expect(counts.answered).toBeGreaterThan(150);
      expect(bookkeeping(collector)).toEqual([]);
    } finally {
      await practice.close();
    }
  });
});

describe('a machine that is busy with other work', () => {
  it('makes sends late, and the result says that it is not to be trusted', async () => {
    const practice = await startPractice({ workers: 4, serviceMs: 1 });
    const others = Array.from({ length: 2 * cpus().length }, () => new Worker('for (;;);', { eval: true }));
    try {
      const what = order(practice.url, { arrivals: constant(500), durationMs: 2_000, timeoutMs: 5_000 });
      const { collector, ticks } = await collect(load, what);
      expect(Math.max(...ticks.map(({ health }) => health.latenessP99Ms))).toBeGreaterThan(1);
      const { status, reasons } = collector.validity();
      expect(['suspect', 'invalid']).toContain(status);
      expect(reasons.join()).toMatch(/ms late or more|machine was busy/);
      expect(bookkeeping(collector)).toEqual([]);
    } finally {
      await Promise.all([practice.close(), ...others.map((other) => other.terminate())]);
    }
  });
});

describe('an overloaded generator', () => {
  const endsQuickly = async (perSecond: number): Promise<void> => {
    const server = createServer((_, response) => response.end('ok'));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const arrivals = constant(perSecond, { maxConnections: 50 });
    const { collector, ticks } = await collect(
      load,
      order(`http://127.0.0.1:${port}`, { arrivals, durationMs: 60_000, timeoutMs: 5_000 }),
    );
    expect(ticks.at(-1)).toMatchObject({ last: true, endedEarly: 'generator_overloaded' });
    expect(ticks.at(-1)!.toMs).toBeLessThan(10_000);
    const { status, reasons } = collector.validity();
    expect(status).toBe('invalid');
    expect(reasons.join()).toContain('gave up');
    expect(bookkeeping(collector)).toEqual([]);
  };
  it('ends quickly and invalid at 1,000,000/s, though it could drop all in the target’s name', () =>
    endsQuickly(1_000_000));
  itSlow('ends quickly and invalid at 5,000,000/s, though it could drop all in the target’s name', () =>
    endsQuickly(5_000_000),
  );
});
