import type { OutgoingHttpHeaders } from 'node:http';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { LoadOrder } from '../../src/measuring.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { startAnswering, type Answering } from './answering.js';
import { collect, order } from './order.js';

const load = createThreadLoad();
afterAll(() => load.close());
const servers: Answering[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

/** The headers that are looked at where a target names none. */
const USUAL = ['x-cache', 'cf-cache-status', 'x-proxy-cache', 'x-cache-status', 'age'];
const READS = 6;

/** Six reads, one after the other, of a server that answers with these headers. */
async function read(
  answer: (number: number) => { status?: number; headers: OutgoingHttpHeaders },
  readHeaders: NonNullable<LoadOrder['readHeaders']> = { cache: USUAL },
) {
  const server = await startAnswering((response, _, number) => {
    const { status = 200, headers } = answer(number);
    response.writeHead(status, headers).end('ok');
  });
  servers.push(server);
  const keys = { count: READS, distribution: 'uniform', exponent: 1 } as const;
  return collect(
    load,
    order(server.url, {
      nodes: [{ url: server.url, id: 'front', weight: 1 }],
      requests: [{ name: 'item', method: 'GET', path: '/items/{key}', headers: {}, weight: 1, keys }],
      arrivals: { model: 'closed', connections: 1, thinkMs: 0 },
      durationMs: 30_000,
      sweep: true,
      readHeaders,
    }),
  );
}

describe('what answers tell of a cache', () => {
  it.each<[OutgoingHttpHeaders, 'hit' | 'miss' | 'nothing']>([
    [{ 'x-cache': 'HIT' }, 'hit'],
    [{ 'x-cache': 'MISS' }, 'miss'],
    [{ 'X-CACHE': 'Hit from cloudfront' }, 'hit'],
    [{ 'x-cache': 'Miss from cloudfront' }, 'miss'],
    [{ 'x-cache': 'TCP_MEM_HIT from a.example (Proxy/5)' }, 'hit'],
    [{ 'x-cache': 'TCP_MISS from a.example (Proxy/5)' }, 'miss'],
    [{ 'x-cache': 'MISS, HIT' }, 'hit'],
    [{ 'x-cache': 'white' }, 'miss'],
    [{ 'cf-cache-status': 'HIT' }, 'hit'],
    [{ 'cf-cache-status': 'EXPIRED' }, 'miss'],
    [{ 'cf-cache-status': 'BYPASS' }, 'miss'],
    [{ 'x-proxy-cache': 'STALE' }, 'hit'],
    [{ 'x-cache-status': 'UPDATING' }, 'hit'],
    [{ age: '7' }, 'hit'],
    [{ age: '0' }, 'nothing'],
    [{ age: 'soon' }, 'nothing'],
    [{ 'x-cache': 'MISS', age: '0' }, 'miss'],
    [{ 'x-cache': 'MISS', age: '7' }, 'hit'],
    [{ 'x-cache': 'MISS', 'cf-cache-status': 'HIT' }, 'hit'],
    [{ 'x-cached': 'HIT', 'x-cach': 'HIT' }, 'nothing'],
    [{}, 'nothing'],
  ])('%j: %s', async (headers, told) => {
    const { cache, counts } = (await read(() => ({ headers }))).collector.judged();
    expect(counts.good).toBe(READS);
    expect(cache).toEqual({ hits: told === 'hit' ? READS : 0, misses: told === 'miss' ? READS : 0 });
  });

  it('is not carried from one answer to the next', async () => {
    const { collector } = await read((number) => ({
      headers: number % 3 === 0 ? {} : { 'x-cache': number % 3 === 1 ? 'HIT' : 'MISS' },
    }));
    expect(collector.judged().cache).toEqual({ hits: 2, misses: 2 });
  });

  it('counts for good answers alone, and stands in the windows', async () => {
    const { collector, ticks } = await read((number) => ({
      status: number > 2 ? 200 : 500,
      headers: { 'x-cache': 'HIT' },
    }));
    expect(collector.judged()).toMatchObject({ counts: { good: 4 }, cache: { hits: 4, misses: 0 } });
    const windows = ticks.map((tick) => collector.live(tick));
    expect(windows.reduce((sum, { cache }) => sum + (cache?.hits ?? 0), 0)).toBe(4);
  });

  it('is read from the header that is named, and from no other', async () => {
    const headers = { 'x-cache': 'MISS', 'x-mine': 'hit' };
    expect((await read(() => ({ headers }), { cache: ['x-mine'] })).collector.judged().cache).toEqual({
      hits: READS,
      misses: 0,
    });
    expect((await read(() => ({ headers }), {})).collector.judged().cache).toEqual({ hits: 0, misses: 0 });
  });

  it('is read from a header that is named in capital letters', async () => {
    const { collector } = await read(() => ({ headers: { 'x-mine': 'HIT' } }), { cache: ['X-Mine'] });
    expect(collector.judged().cache).toEqual({ hits: READS, misses: 0 });
  });

  it('is a hit when one of two lines of the same name says so (RFC 9110, 5.2)', async () => {
    const { collector } = await read(() => ({ headers: { 'x-cache': ['HIT', 'MISS'] } }));
    expect(collector.judged().cache).toEqual({ hits: READS, misses: 0 });
  });

  it.each(['HIT-CLUSTER', 'hit-stale'])('is a hit by the word %s', async (word) => {
    const { collector } = await read(() => ({ headers: { 'x-cache': word } }));
    expect(collector.judged().cache).toEqual({ hits: READS, misses: 0 });
  });
});

describe('the header that names a node', () => {
  it('names the nodes in the windows and in the whole; who names nobody counts for the address that was asked', async () => {
    const { collector, ticks } = await read(
      (number) => ({ headers: number === 6 ? {} : { 'X-Served-By': number % 2 === 0 ? 'b' : ' a ' } }),
      { node: 'X-Served-By' },
    );
    expect(collector.judged().nodes).toEqual({ a: 3, b: 2, front: 1 });
    const inWindows: Record<string, number> = {};
    for (const { nodes } of ticks.map((tick) => collector.live(tick)))
      for (const [id, count] of Object.entries(nodes)) inWindows[id] = (inWindows[id] ?? 0) + count;
    expect(inWindows).toEqual({ a: 3, b: 2, front: 1 });
  });
});
