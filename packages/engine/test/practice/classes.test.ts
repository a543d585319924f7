import { afterEach, describe, expect, it } from 'vitest';
import { startPractice, type Practice } from '../../src/practice/practice.js';
import type { PracticeSettings } from '../../src/practice/settings.js';

let running: Practice | undefined;
const start = async (settings: Partial<PracticeSettings>): Promise<Practice> =>
  (running = await startPractice(settings));
afterEach(async () => {
  await running?.close();
  running = undefined;
});
const metrics = async ({ url }: Practice): Promise<string> => (await fetch(`${url}/metrics`)).text();

describe('the heavy class', () => {
  const crowded = { workers: 1, serviceMs: 1, heavyServiceMs: 300, heavyPath: '/slow' };

  it('holds a slot for a time of its own', async () => {
    const practice = await start(crowded);
    const before = performance.now();
    await (await fetch(`${practice.url}/slow?year=2024`)).text();
    expect(performance.now() - before).toBeGreaterThan(299);
  });

  it('takes the slots of the others', async () => {
    const practice = await start(crowded);
    const heavy = fetch(`${practice.url}/slow`);
    await expect.poll(() => metrics(practice)).toContain('practice_in_flight{node="node-1"} 1\n');
    const light = fetch(practice.url);
    await expect.poll(() => metrics(practice)).toMatch(/practice_queue\{node="node-1"\} 1\n|served_total\S+ [12]\n/);
    const order: string[] = [];
    await Promise.all([heavy.then(() => order.push('heavy')), light.then(() => order.push('light'))]);
    expect(order).toEqual(['heavy', 'light']);
  });

  it('leaves the others alone when it has slots of its own', async () => {
    const practice = await start({ ...crowded, heavyServiceMs: 60_000, heavySlots: 1 });
    const stop = new AbortController();
    const heavy = [1, 2].map(() => fetch(`${practice.url}/slow`, { signal: stop.signal }).catch(() => 'left'));
    await expect.poll(() => metrics(practice)).toContain('practice_queue{node="node-1"} 1\n');
    expect(await (await fetch(practice.url)).json()).toMatchObject({ served: 1 });
    stop.abort();
    await Promise.all(heavy);
  });
});

describe('GET /metrics', () => {
  it('counts requests by class', async () => {
    const practice = await start({ serviceMs: 1, heavyServiceMs: 1 });
    for (const path of ['/', '/report', '/items/1', '/bytes/3', '/dependent', '/elsewhere']) {
      await (await fetch(`${practice.url}${path}`)).arrayBuffer();
    }
    await (await fetch(`${practice.url}/bytes`, { method: 'POST', body: 'abc' })).text();
    const text = await metrics(practice);
    for (const [name, count] of Object.entries({ plain: 2, heavy: 1, item: 1, download: 1, upload: 1, dependent: 1 })) {
      expect(text).toContain(`practice_requests_total{node="node-1",class="${name}"} ${count}\n`);
    }
    expect(text).toContain('practice_served_total{node="node-1"} 7\n');
  });

  it('counts tenants, and bounds how many it tells apart', async () => {
    const practice = await start({ serviceMs: 1, workers: 100 });
    const send = async (tenant: string): Promise<string> =>
      (await fetch(practice.url, { headers: { 'x-hive-tenant': tenant } })).text();
    await send('quiet "one"');
    for (let index = 0; index < 110; index += 1) await send(`tenant-${index}`);
    const text = await metrics(practice);
    expect(text).toContain('practice_tenant_requests_total{node="node-1",tenant="quiet \\"one\\""} 1\n');
    expect(text).toContain('practice_tenant_requests_total{node="node-1",tenant="other"} 11\n');
    expect(text.match(/practice_tenant_requests_total\{/g)).toHaveLength(101);
  });
});
