import type { RequestClass } from '@hive/contract';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import type { Load } from '../../src/measuring.js';
import { createCollector, type JudgedTotals } from '../../src/metrics/collector.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { startAnswering, type Answering } from './answering.js';
import { bookkeeping, collect, collectAll, constant, order } from './order.js';

const one = createThreadLoad();
const three = createThreadLoad({ threads: 3 });
afterAll(() => Promise.all([one.close(), three.close()]));
const servers: Answering[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
async function serve(...given: Parameters<typeof startAnswering>): Promise<Answering> {
  const server = await startAnswering(...given);
  servers.push(server);
  return server;
}
const requests: RequestClass[] = [
  { name: 'quick', method: 'GET', path: '/quick', headers: {}, weight: 3 },
  { name: 'slow', method: 'GET', path: '/slow', headers: {}, weight: 1 },
  { name: 'broken', method: 'GET', path: '/broken', headers: {}, weight: 1 },
];
const loads: [string, Load][] = [['3 threads', three], ...(itSlow === it ? [['1 thread', one] as [string, Load]] : [])];

/** What the groups come to, beside the totals that they must be. */
function sums({ groups, counts, bad, responseTimeMs }: JudgedTotals) {
  const sum = (value: (group: JudgedTotals['groups'][number]) => number): number =>
    groups.reduce((total, group) => total + value(group), 0);
  return {
    groups: [
      sum(({ planned }) => planned),
      sum(({ good }) => good),
      sum((group) => group.bad[0] ?? 0),
      sum((group) => group.responseTimeMs.count),
    ],
    totals: [counts.planned, counts.good, bad[0], responseTimeMs.count],
  };
}

describe.each(loads)('counts apart with %s', (_, load) => {
  it('by class add up to the totals, and each class has its own', async () => {
    const { url, seen } = await serve((response, { url: path }) => {
      if (path === '/slow') setTimeout(() => response.end('ok'), 80);
      else response.writeHead(path === '/broken' ? 500 : 200).end('ok');
    });
    // Tried again, it is compared with what the server saw of this try.
    const again: Load = {
      ...load,
      run: (...given) => {
        seen.length = 0;
        return load.run(...given);
      },
    };
    const { collector } = await collectAll(
      'groups by class',
      again,
      order(url, {
        requests,
        arrivals: constant(400),
        warmupMs: 200,
        durationMs: 600,
        // What is asked is who counts what: none may be given up on a busy machine.
        timeoutMs: 10_000,
        graceMs: 10_000,
        groupBy: ['class'],
        thresholdsMs: [40],
      }),
    );
    for (const totals of [collector.judged(), collector.whole()]) {
      const { groups, totals: expected } = sums(totals);
      expect(groups).toEqual(expected);
    }
    const { groups } = collector.whole();
    expect(groups.map(({ planned }) => planned)).toEqual(
      requests.map(({ path }) => seen.filter((request) => request.url === path).length),
    );
    const [quick, slow, broken] = groups;
    expect(quick?.good).toBe(quick?.planned);
    expect(slow?.bad).toEqual([slow?.planned]);
    expect(slow?.responseTimeMs.min).toBeGreaterThan(78);
    expect([broken?.good, broken?.bad]).toEqual([0, [broken?.planned]]);
    expect(bookkeeping(collector)).toEqual([]);
  });

  it('by node add up to the totals, though one node is dead and another too slow', async () => {
    const quick = await serve();
    const slow = await serve((response) => setTimeout(() => response.end('ok'), 10_000));
    const dead = await startAnswering();
    await dead.close();
    const nodes = [quick, slow, dead].map(({ url }) => ({ url, weight: 1 }));
    const arrivals = constant(300, { maxConnections: 12, maxWaiting: 12 });
    const { collector } = await collectAll(
      'groups by node',
      load,
      order(quick.url, { nodes, arrivals, durationMs: 600, timeoutMs: 150, groupBy: ['node'], thresholdsMs: [100] }),
    );
    const totals = collector.judged();
    const compared = sums(totals);
    expect(compared.groups).toEqual(compared.totals);
    expect(totals.counts.planned).toBe(180);
    expect(totals.counts.timedOut).toBeGreaterThan(0);
    expect(totals.counts.droppedTarget).toBeGreaterThan(0);
    expect(totals.groups.map(({ planned }) => planned)).toEqual([60, 60, 60]);
    expect(totals.groups.slice(1).map(({ good, bad }) => [good, bad])).toEqual([
      [0, [60]],
      [0, [60]],
    ]);
    expect(bookkeeping(collector)).toEqual([]);
  });

  it('by class and by node at once, with both latencies, and every window names them', async () => {
    const [one, other] = [await serve(), await serve((response) => setTimeout(() => response.end('ok'), 40))];
    const nodes = [one, other].map(({ url }) => ({ url, weight: 1 }));
    const what = order(one.url, { nodes, requests: requests.slice(0, 2), groupBy: ['class', 'node'] });
    // Too few connections for a node of 40 ms: what is meant for it waits, and what still waits at the end is dropped.
    const arrivals = constant(200, { maxConnections: 3 });
    const timing = { durationMs: 600, timeoutMs: 5_000, graceMs: 5_000 };
    const { ticks } = await collectAll('groups by class and node', load, { ...what, arrivals, ...timing });
    const names = { byClass: ['quick', 'slow'], byNode: ['one', 'other'] };
    const collector = createCollector({ thresholdsMs: what.thresholdsMs, groupNames: names });
    for (const tick of ticks) collector.add(tick);
    const { byClass, byNode } = collector.takeRow()!.figures;
    expect(Object.keys(byClass!)).toEqual(names.byClass);
    expect(Object.keys(byNode!)).toEqual(names.byNode);
    for (const groups of [byClass!, byNode!]) {
      expect(Object.values(groups).reduce((sum, { planned }) => sum + planned, 0)).toBe(120);
      for (const { planned, good, responseTimeMs, serviceTimeMs } of Object.values(groups)) {
        expect([responseTimeMs.count, serviceTimeMs.count]).toEqual([planned, good]);
      }
    }
    expect(byNode!['other']!.planned).toBe(60);
    expect(byNode!['other']!.serviceTimeMs.min).toBeGreaterThan(38);
    expect(byNode!['other']!.responseTimeMs.mean).toBeGreaterThan(byNode!['other']!.serviceTimeMs.mean + 20);
    expect(collector.judged().named).toEqual({ byClass, byNode });
  });

  it('begin again with every tick', async () => {
    const { url } = await serve();
    const { ticks } = await collectAll(
      'groups of every tick',
      load,
      order(url, { arrivals: constant(200), durationMs: 500, groupBy: ['class'], tickMs: 50 }),
    );
    const planned = ticks
      .flatMap(({ parts }) => parts)
      .map(({ groups, counts }) => [groups?.[0]?.planned, counts.planned]);
    for (const [own, all] of planned) expect(own).toBe(all);
    expect(planned.reduce((sum, [own]) => sum + (own ?? 0), 0)).toBe(100);
  });

  it('are not made where nobody asked for them', async () => {
    const { url } = await serve();
    const { collector, ticks } = await collect(load, order(url));
    expect(collector.judged().groups).toEqual([]);
    expect(ticks.flatMap(({ parts }) => parts.flatMap(({ groups }) => groups ?? []))).toEqual([]);
  });
});

describe.each(loads)('an open run that is aborted, with %s', (_, load) => {
  const blamesNothing = async (afterMs: number): Promise<void> => {
    const { url } = await serve();
    const stop = new AbortController();
    setTimeout(() => stop.abort(), afterMs);
    const { collector, ticks } = await collect(
      load,
      order(url, { arrivals: constant(3_000), durationMs: 60_000 }),
      stop.signal,
    );
    const { counts } = collector.whole();
    expect(ticks.at(-1)).toMatchObject({ last: true, endedEarly: 'aborted' });
    // On a machine so busy that the thread itself came late, it does drop.
    if (Math.max(...ticks.map(({ health }) => health.latenessP99Ms)) < 200) expect(counts.droppedGenerator).toBe(0);
    expect(counts.planned).toBe(counts.sent + counts.droppedTarget + counts.droppedGenerator);
    expect(bookkeeping(collector)).toEqual([]);
  };
  it('blames nothing on the generator, after 120 ms', () => blamesNothing(120));
  itSlow.each([40, 210])('blames nothing on the generator, after %d ms', blamesNothing);
});
