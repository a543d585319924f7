import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { LoadOrder } from '../../src/measuring.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { startAnswering, type Answering } from './answering.js';
import { collect, order } from './order.js';

const load = createThreadLoad();
afterAll(() => load.close());
const servers: Answering[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

/** So late that no pause of the machine is taken for it. */
const LONG_MS = 2_000;
const SOON_MS = 1_000;
/** One threshold for whole answers, one of the same time for first bytes. */
const THRESHOLDS = { thresholdsMs: [SOON_MS, SOON_MS], firstByteThresholds: [1] };

async function measured(answer: (response: ServerResponse) => unknown, more: Partial<LoadOrder> = {}) {
  const server = await startAnswering(answer);
  servers.push(server);
  const arrivals = { model: 'closed', connections: 3, thinkMs: 0 } as const;
  const common = { arrivals, durationMs: 50, timeoutMs: 10_000, graceMs: 10_000, ...THRESHOLDS };
  const { collector } = await collect(load, order(server.url, { ...common, ...more }));
  const { bad, counts, firstByteMs, responseTimeMs } = collector.judged();
  return { bad, counts, firstByteMs, responseTimeMs };
}

/** Header at once, `first` at once, the rest later. */
const late =
  (first: string, end: (response: ServerResponse) => unknown = (response) => response.end('rest')) =>
  (response: ServerResponse): void => {
    response.flushHeaders();
    if (first !== '') response.write(first);
    setTimeout(() => end(response), LONG_MS);
  };

describe('the first byte', () => {
  it('is that of the body: an answer that goes on for long is in time', async () => {
    const { bad, counts, firstByteMs, responseTimeMs } = await measured(late('data: 1\n\n'));
    expect(counts).toMatchObject({ planned: 3, good: 3 });
    expect(bad).toEqual([3, 0]);
    expect(firstByteMs.max).toBeLessThan(SOON_MS);
    expect(responseTimeMs.min).toBeGreaterThanOrEqual(LONG_MS - 50);
  });

  it('is not that of the header', async () => {
    const { bad, firstByteMs } = await measured(late(''));
    expect(bad).toEqual([3, 3]);
    expect(firstByteMs.min).toBeGreaterThanOrEqual(LONG_MS - 50);
  });

  it('is the end of the header where no body follows', async () => {
    const { bad, counts } = await measured(late('', (response) => response.end()));
    expect(counts.good).toBe(3);
    expect(bad).toEqual([3, 0]);
  });

  it('came in time where the answer broke later, which counts as an error', async () => {
    const { bad, counts } = await measured(late('data: 1\n\n', (response) => response.destroy()));
    expect(counts).toMatchObject({ planned: 3, good: 0, failed: 3 });
    expect(bad).toEqual([3, 0]);
  });

  it('came in time where the run ended before the answer did', async () => {
    const { bad, counts } = await measured(late('data: 1\n\n'), { graceMs: SOON_MS + 300 });
    expect(counts).toMatchObject({ planned: 3, cutOff: 3 });
    expect(bad).toEqual([3, 0]);
  });

  it('is not in time of an answer that counts as an error', async () => {
    const { bad } = await measured((response) => response.writeHead(500).end('no'));
    expect(bad[0]).toBeGreaterThan(0);
    expect(bad[1]).toBe(bad[0]);
  });

  it('is counted for each class', async () => {
    const request = { method: 'GET', path: '/', headers: {}, weight: 1 };
    const requests = ['a', 'b'].map((name) => ({ ...request, name }));
    const server = await startAnswering(late('x'));
    servers.push(server);
    const arrivals = { model: 'closed', connections: 8, thinkMs: 0 } as const;
    const common = { requests, arrivals, durationMs: 50, timeoutMs: 10_000, graceMs: 10_000, ...THRESHOLDS };
    const { collector } = await collect(load, order(server.url, { ...common, groupBy: ['class'] }));
    const { groups, counts } = collector.judged();
    expect(groups.map(({ planned }) => planned).reduce((sum, one) => sum + one, 0)).toBe(counts.planned);
    for (const { planned, bad } of groups) expect(bad).toEqual([planned, 0]);
  });
});
