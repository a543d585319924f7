import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { startAnswering, type Answering, type Seen } from './answering.js';
import { bookkeeping, collect, order } from './order.js';

const one = createThreadLoad();
const three = createThreadLoad({ threads: 3 });
afterAll(() => Promise.all([one.close(), three.close()]));
const servers: Answering[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function sweep(
  of: { threads: 1 | 3; count: number; connections: number },
  answer?: (response: ServerResponse, seen: Seen, number: number) => unknown,
) {
  const server = await startAnswering(answer);
  servers.push(server);
  const keys = { count: of.count, distribution: 'zipf', exponent: 1 } as const;
  const { collector, ticks } = await collect(
    of.threads === 1 ? one : three,
    order(server.url, {
      requests: [{ name: 'item', method: 'GET', path: '/items/{key}?v=1', headers: {}, weight: 1, keys }],
      arrivals: { model: 'closed', connections: of.connections, thinkMs: 0 },
      durationMs: 60_000,
      sweep: true,
    }),
  );
  expect(bookkeeping(collector)).toEqual([]);
  const numbered = server.seen.map(({ url, socket }) => ({
    key: Number(/^\/items\/(\d+)\?v=1$/.exec(url)?.[1]),
    socket,
  }));
  return { counts: collector.whole().counts, keys: numbered.map(({ key }) => key), numbered, ticks };
}
const downFrom = (count: number): number[] => Array.from({ length: count }, (_, index) => count - index);

describe('a sweep over all keys', () => {
  it('asks for each once, the last first, and ends by itself', async () => {
    const { keys, counts, ticks } = await sweep({ threads: 1, count: 57, connections: 1 });
    expect(keys).toEqual(downFrom(57));
    expect(counts).toMatchObject({ planned: 57, good: 57, cutOff: 0 });
    expect(ticks.at(-1)).toMatchObject({ last: true });
    expect(ticks.at(-1)?.endedEarly).toBeUndefined();
    expect(ticks.at(-1)?.toMs).toBeLessThan(30_000);
  });

  it.each([
    { threads: 1, count: 200, connections: 8 },
    { threads: 3, count: 200, connections: 8 },
    { threads: 3, count: 199, connections: 3 },
    { threads: 3, count: 2, connections: 8 },
    { threads: 3, count: 10, connections: 2 },
    { threads: 1, count: 1, connections: 8 },
  ] as const)('asks for each once with %j', async (of) => {
    const { keys, numbered, counts } = await sweep(of);
    expect([...keys].sort((a, b) => b - a)).toEqual(downFrom(of.count));
    expect(counts).toMatchObject({ planned: of.count, good: of.count });
    for (const socket of new Set(numbered.map((each) => each.socket))) {
      const own = numbered.filter((each) => each.socket === socket).map(({ key }) => key);
      expect(own).toEqual([...own].sort((a, b) => b - a));
    }
  });

  it('asks for each once though some fail or break their connection', async () => {
    const { keys, counts } = await sweep({ threads: 3, count: 120, connections: 6 }, (response, _, number) => {
      if (number % 10 === 0) response.socket?.destroy();
      else response.writeHead(number % 10 === 5 ? 500 : 200).end('ok');
    });
    expect([...keys].sort((a, b) => b - a)).toEqual(downFrom(120));
    expect(counts).toMatchObject({ planned: 120, good: 96, failed: 12 });
  });
});
