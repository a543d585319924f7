import { createServer, type AddressInfo } from 'node:net';
import { toTarget, type PlannedFault, type Target } from '@hive/contract';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../src/clock.js';
import { startFaultApi, type FaultApi } from '../../src/faults/api.js';
import { execute } from '../../src/execution/execute.js';
import { openLinks } from '../../src/execution/links.js';
import { realOutside } from '../../src/execution/outside.js';
import { remoteToxics } from '../../src/execution/remote-toxics.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { generateScenario } from '../../src/training/generate-scenario.js';
import { startAnswering, type Answering } from '../load/answering.js';

const load = createThreadLoad();
afterAll(() => load.close());
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
});

/** A fault proxy named `database` before something that nobody calls. */
async function faultProxy(): Promise<FaultApi> {
  const api = await startFaultApi({
    port: 0,
    populate: [{ name: 'database', listen: '127.0.0.1:0', upstream: '127.0.0.1:9' }],
  });
  closers.push(() => api.close());
  return api;
}
async function toxics({ url }: { url: string }): Promise<{ name: string; type: string; toxicity: number }[]> {
  return (await (await fetch(`${url}/proxies/database/toxics`)).json()) as {
    name: string;
    type: string;
    toxicity: number;
  }[];
}
const names = async (api: { url: string }): Promise<string[]> => (await toxics(api)).map(({ name }) => name);
const dependency = (proxy: string) => ({ name: 'database', address: '127.0.0.1:9', proxy });
const control = (proxy: string, allowTargets: string[] = []) =>
  remoteToxics({ dependency: dependency(proxy), allowTargets });
const fault = (fromMs: number, toMs: number, more: Partial<PlannedFault> = {}): PlannedFault => ({
  link: 'database',
  fromMs,
  toMs,
  type: 'latency',
  stream: 'downstream',
  attributes: { latency: 5, jitter: 0 },
  share: 0.4,
  ...more,
});
/** An address where nobody listens. */
async function nobody(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
async function service(): Promise<Answering> {
  const server = await startAnswering();
  closers.push(() => server.close());
  return server;
}
const targetWith = (url: string, proxy: string): Target => toTarget({ url, dependencies: [dependency(proxy)] }, 'shop');
const scriptOf = async (api: { url: string }, faults: PlannedFault[]) => {
  const target = targetWith('http://127.0.0.1:1', api.url);
  const { plan } = generateScenario({ target, kind: 'network_latency', intensity: 10, seed: 1, history: [] });
  return openLinks({ plan: { ...plan, faults }, target, seed: 1, allowTargets: [], outside: realOutside });
};

describe('remoteToxics', () => {
  it('puts a fault on with its attributes and its share, and takes it off', async () => {
    const api = await faultProxy();
    const remote = await control(api.url);
    await remote.put(fault(0, 1), 'hive-1');
    expect(await toxics(api)).toMatchObject([
      { name: 'hive-1', type: 'latency', stream: 'downstream', toxicity: 0.4, attributes: { latency: 5, jitter: 0 } },
    ]);
    await remote.takeOff('hive-1');
    expect(await toxics(api)).toEqual([]);
  });

  it('names the dependency and the address when nobody answers there', async () => {
    const proxy = await nobody();
    await expect(control(proxy)).rejects.toMatchObject({
      code: 'target_unreachable',
      message: `the fault proxy of database at ${proxy} does not answer`,
      hint: expect.stringContaining('hive proxy'),
    });
  });

  it('says so when the proxy there has another name', async () => {
    const api = await startFaultApi({ port: 0 });
    closers.push(() => api.close());
    await expect(control(api.url)).rejects.toMatchObject({
      code: 'target_unreachable',
      message: expect.stringContaining(`the fault proxy of database at ${api.url} answered 404`),
    });
  });

  it('does not wait for ever for one that is silent', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const sockets = new Set<{ destroy(): unknown }>();
    silent.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
    closers.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => silent.close(resolve));
    });
    const { port } = silent.address() as AddressInfo;
    await expect(control(`http://127.0.0.1:${port}`)).rejects.toMatchObject({ code: 'target_unreachable' });
  });

  it('dials nothing beyond loopback that was not allowed', async () => {
    await expect(control('http://192.0.2.1:8474')).rejects.toMatchObject({ code: 'refused_by_safety' });
  });

  it('passes on what the proxy says of a fault that it does not know', async () => {
    const remote = await control((await faultProxy()).url);
    await expect(remote.put(fault(0, 1, { type: 'gremlins' }), 'hive-1')).rejects.toMatchObject({
      code: 'target_unreachable',
      message: expect.stringMatching(/answered 400: .*invalid toxic type/),
    });
  });
});

describe('faults on a dependency', () => {
  it('come on and go off at their times', async () => {
    const api = await faultProxy();
    const links = await scriptOf(api, [
      fault(100, 200),
      fault(200, 300, { type: 'timeout', attributes: { timeout: 0 } }),
    ]);
    expect(links.spared).toBeNull();
    for (const [nowMs, on] of [
      [0, []],
      [100, ['hive-1']],
      [199, ['hive-1']],
      [200, ['hive-2']],
      [300, []],
      [150, []],
    ] as const) {
      await links.follow(nowMs);
      expect([nowMs, await names(api)]).toEqual([nowMs, on]);
    }
    await links.close();
  });

  it('are all taken off at the end', async () => {
    const api = await faultProxy();
    const links = await scriptOf(api, [fault(0, 1_000), fault(0, 1_000, { stream: 'upstream' })]);
    await links.follow(0);
    expect(await names(api)).toHaveLength(2);
    await links.close();
    expect(await names(api)).toEqual([]);
  });

  it('are all taken off at the end, though somebody took one off before', async () => {
    const api = await faultProxy();
    const links = await scriptOf(api, [fault(0, 1_000), fault(0, 1_000), fault(0, 1_000)]);
    await links.follow(0);
    await fetch(`${api.url}/proxies/database/toxics/hive-1`, { method: 'DELETE' });
    await links.close().catch(() => undefined);
    expect(await names(api)).toEqual([]);
  });

  it('can be put on though a session that was killed left its own there', async () => {
    const api = await faultProxy();
    const killed = await scriptOf(api, [fault(0, 1_000)]);
    await killed.follow(0);
    const links = await scriptOf(api, [fault(0, 1_000)]);
    await links.follow(0);
  });
});

describe('a scenario with faults on a dependency', () => {
  async function run(target: Target, onWindow: (stop: AbortController) => unknown) {
    const stop = new AbortController();
    const scenario = generateScenario({ target, kind: 'network_latency', intensity: 10, seed: 1, history: [] });
    scenario.plan.preparation = { type: 'rest', maxMs: 200, connections: 1 };
    const options = {
      target,
      scenario,
      load,
      clock: realClock,
      signal: stop.signal,
      allowTargets: [],
      sessionId: 'ses_1',
    };
    const events = execute(options);
    for (;;) {
      const next = await events.next();
      if (next.done) return next.value.result;
      if (next.value.type === 'window') await onWindow(stop);
    }
  }

  it('takes them off when it is aborted', async () => {
    const api = await faultProxy();
    const { url } = await service();
    let seen: string[] = [];
    const { verdict } = await run(targetWith(url, api.url), async (stop) => {
      const on = await names(api);
      if (on.length === 0) return;
      seen = on;
      stop.abort();
    });
    expect([verdict, seen]).toEqual(['aborted', ['hive-1', 'hive-2']]);
    expect(await names(api)).toEqual([]);
  });

  it('sends nothing when their proxy does not answer', async () => {
    const proxy = await nobody();
    const { url, seen } = await service();
    await expect(run(targetWith(url, proxy), () => undefined)).rejects.toMatchObject({
      code: 'target_unreachable',
      message: expect.stringContaining(`database at ${proxy}`),
    });
    expect(seen).toEqual([]);
  });

  it('ends with their proxy’s name when that goes away in the middle, and stops sending', async () => {
    const api = await startFaultApi({
      port: 0,
      populate: [{ name: 'database', listen: '127.0.0.1:0', upstream: '127.0.0.1:9' }],
    });
    const { url, seen } = await service();
    const target = targetWith(url, api.url);
    const scenario = generateScenario({ target, kind: 'fault_tolerance', intensity: 0.4, seed: 1, history: [] });
    scenario.plan.faults = [fault(0, 600), fault(600, 60_000)];
    const options = {
      target,
      scenario,
      load,
      clock: realClock,
      signal: new AbortController().signal,
      allowTargets: [],
      sessionId: 'ses_1',
    };
    const drained = async (): Promise<void> => {
      for await (const event of execute(options)) if (event.type === 'window') await api.close().catch(() => undefined);
    };
    await expect(drained()).rejects.toMatchObject({
      code: 'target_unreachable',
      message: expect.stringContaining('database'),
    });
    const after = seen.length;
    await realClock.sleep(300);
    expect(seen.length).toBeLessThanOrEqual(after + 1);
  });
});
