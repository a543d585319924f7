import { afterAll, expect, it } from 'vitest';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { startLoggingServer } from './logging-server.js';
import { bookkeeping, collect, constant, order } from './order.js';

const load = createThreadLoad();
afterAll(() => load.close());

/** 200/s for 7 s over at most 10 connections; 5 ms of service, and a freeze of 1 s in the fourth second. */
it('shows a freeze in the response times although the service times hide it', async () => {
  const server = await startLoggingServer({ delaysMs: [5], freeze: { afterMs: 3_000, forMs: 1_000 } });
  try {
    const arrivals = constant(200, { maxConnections: 10, maxWaiting: 10_000 });
    const { collector } = await collect(
      load,
      order(server.url, { arrivals, durationMs: 7_000, timeoutMs: 5_000, graceMs: 5_000 }),
    );
    const { responseTimeMs, serviceTimeMs, waitingMs, counts, peakConnections } = collector.judged();
    expect({ counts, peakConnections }).toMatchObject({ counts: { planned: 1_400, good: 1_400 }, peakConnections: 10 });
    expect(bookkeeping(collector)).toEqual([]);
    expect(responseTimeMs.p99).toBeGreaterThanOrEqual(850);
    expect(serviceTimeMs.p99).toBeLessThan(responseTimeMs.p99 / 2);

    // Requests are served in the order they were meant to start in: the nth to come was meant to come n × 5 ms after the first.
    const late = (await server.takeLog()).map(({ cameMs }, index) => cameMs - index * 5);
    const noneMs = Math.min(...late);
    const replayedMs = late.reduce((sum, one) => sum + one - noneMs, 0) / late.length;
    expect(late).toHaveLength(1_400);
    expect(Math.abs(waitingMs - replayedMs) / replayedMs).toBeLessThan(0.02);
  } finally {
    await server.close();
  }
});
