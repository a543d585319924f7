import { request } from 'node:http';
import { toTarget, type Plan, type PlannedFault, type Target } from '@hive/contract';
import { afterEach, describe, expect, it } from 'vitest';
import type { OrderNode } from '../../src/measuring.js';
import { openLinks, type Links } from '../../src/execution/links.js';
import { realOutside } from '../../src/execution/outside.js';
import { startAnswering, type Answering } from '../load/answering.js';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
});

const PLAN: Plan = {
  arrivals: { model: 'closed', connections: 1, thinkMs: 0 },
  warmupMs: 0,
  durationMs: 1_000,
  timeoutMs: 1_000,
  graceMs: 1_000,
};
/** Cuts every connection as soon as something is sent back. */
function resets(fromMs: number, toMs: number, more: Partial<PlannedFault> = {}): PlannedFault {
  return {
    link: 'client',
    fromMs,
    toMs,
    type: 'reset_peer',
    stream: 'downstream',
    attributes: { timeout: 0 },
    share: 0.3,
    ...more,
  };
}

async function nodes(count: number): Promise<{ target: Target; servers: Answering[] }> {
  const servers = await Promise.all(Array.from({ length: count }, () => startAnswering()));
  for (const server of servers) closers.push(() => server.close());
  return {
    servers,
    target: toTarget({ nodes: servers.map(({ url }, index) => ({ url, id: `n${index + 1}` })) }, 'shop'),
  };
}
async function open(target: Target, plan: Partial<Plan>, seed = 1): Promise<Links> {
  const links = await openLinks({ plan: { ...PLAN, ...plan }, target, seed, allowTargets: [], outside: realOutside });
  closers.push(() => links.close());
  return links;
}

/** A request on a connection of its own, over a link: its status, or why there is none. */
function ask({ via, url }: OrderNode): Promise<number | string> {
  const { host, port } = via ?? { host: new URL(url).hostname, port: Number(new URL(url).port) };
  return new Promise((resolve) => {
    const asked = request({ host, port, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    asked.end();
  });
}
/** Which links answer. */
async function answering({ nodes: links }: Links): Promise<number[]> {
  const answers = await Promise.all(links.map(ask));
  return answers.flatMap((answer, index) => (answer === 200 ? [index] : []));
}
const all = ({ nodes: links }: Links): number[] => links.map((_, index) => index);

describe('a plan without faults', () => {
  it('takes the target’s own nodes', async () => {
    const { target } = await nodes(2);
    const links = await open(target, {});
    expect(links).toMatchObject({ nodes: target.nodes, spared: null });
    await links.follow(0);
    expect(await answering(links)).toEqual([0, 1]);
  });
});

describe('faults between Hive and the target', () => {
  it('come on and go off at their times, on their share of the links, and never come back', async () => {
    const { target } = await nodes(1);
    const links = await open(target, { links: 20, faults: [resets(100, 200)] });
    expect([links.nodes.length, links.spared?.length]).toEqual([20, 14]);
    for (const [nowMs, isOn] of [
      [0, false],
      [99, false],
      [100, true],
      [150, true],
      [199, true],
      [200, false],
      [150, false],
      [5_000, false],
    ] as const) {
      await links.follow(nowMs);
      expect([nowMs, await answering(links)]).toEqual([nowMs, isOn ? links.spared : all(links)]);
    }
  });

  it('follow one another, and one whose whole time was missed is left out', async () => {
    const { target } = await nodes(1);
    const faults = [
      resets(0, 100),
      resets(100, 200, { type: 'limit_data', attributes: { bytes: 10 } }),
      resets(200, 300),
    ];
    const links = await open(target, { links: 10, faults });
    for (const [nowMs, isOn] of [
      [0, true],
      [110, true],
      [250, true],
      [300, false],
    ] as const) {
      await links.follow(nowMs);
      expect([nowMs, await answering(links)]).toEqual([nowMs, isOn ? links.spared : all(links)]);
    }
    const late = await open(target, { links: 10, faults });
    await late.follow(350);
    expect(await answering(late)).toEqual(all(late));
  });

  it.each([
    [0.05, 20, 1],
    [0.01, 20, 1],
    [0.4, 20, 8],
    [0.9, 20, 18],
    [1, 20, 20],
  ])('hit a share of %d of %d links: %d', async (share, count, hit) => {
    const { target } = await nodes(1);
    const links = await open(target, { links: count, faults: [resets(0, 100, { share })] });
    expect(links.spared).toHaveLength(count - hit);
    await links.follow(0);
    expect(await answering(links)).toEqual(links.spared);
  });

  it('are drawn by the seed', async () => {
    const { target } = await nodes(1);
    const spared = async (seed: number): Promise<readonly number[] | null> => {
      const links = await open(target, { links: 20, faults: [resets(0, 100)] }, seed);
      return links.spared;
    };
    expect(await spared(7)).toEqual(await spared(7));
    expect(
      new Set(await Promise.all([1, 2, 3, 4, 5].map(async (seed) => String(await spared(seed))))).size,
    ).toBeGreaterThan(1);
  });

  it('deal the links out over the nodes, which keep their names', async () => {
    const { target, servers } = await nodes(3);
    const links = await open(target, { links: 21, faults: [resets(0, 100)] });
    expect(links.nodes.map(({ id }) => id)).toEqual(Array.from({ length: 21 }, (_, index) => `n${(index % 3) + 1}`));
    await answering(links);
    expect(servers.map(({ seen }) => seen.length)).toEqual([7, 7, 7]);
    expect(servers[0]?.seen[0]?.headers.host).toMatch(/^127\.0\.0\.1|localhost/);
  });

  it('are on every way where the plan tells no links apart', async () => {
    const { target } = await nodes(2);
    const links = await open(target, { faults: [resets(0, 100, { share: 1 })] });
    expect(links.spared).toEqual([]);
    expect(await answering(links)).toEqual([0, 1]);
    await links.follow(0);
    expect(await answering(links)).toEqual([]);
  });

  it('go when the ways are closed, and the ways with them', async () => {
    const { target } = await nodes(1);
    const links = await open(target, { links: 4, faults: [resets(0, 100)] });
    await links.follow(50);
    await links.close();
    expect(await Promise.all(links.nodes.map(ask))).toEqual(Array.from({ length: 4 }, () => 'ECONNREFUSED'));
    await links.close();
  });

  it('are refused with the reason where a fault is none', async () => {
    const { target } = await nodes(1);
    const links = await open(target, { links: 4, faults: [resets(0, 100, { type: 'gremlins' })] });
    await expect(links.follow(0)).rejects.toThrow('invalid toxic type');
    await links.close().catch(() => undefined);
    expect(await ask(links.nodes[0] as OrderNode)).toBe('ECONNREFUSED');
  });

  it('can be closed after one could not be put on: its closing must not hide why', async () => {
    const { target } = await nodes(1);
    const links = await open(target, { links: 4, faults: [resets(0, 100, { type: 'gremlins' })] });
    await links.follow(0).catch(() => undefined);
    await links.close();
  });
});

describe('faults between the target and a dependency', () => {
  it('need a dependency of that name that has a proxy', async () => {
    const { target } = await nodes(1);
    await expect(open(target, { faults: [resets(0, 100, { link: 'database' })] })).rejects.toMatchObject({
      code: 'validation',
      message: expect.stringContaining("'database'"),
    });
  });
});
