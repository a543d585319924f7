import { targetInputSchema, toTarget } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_SETTINGS, demoTarget } from '../../src/practice/demo-target.js';
import { startPractice, type Practice } from '../../src/practice/practice.js';

let practice: Practice;
beforeAll(async () => {
  practice = await startPractice({}, { demo: true });
});
afterAll(() => practice.close());

describe('demoTarget', () => {
  it('is a valid description that names every node, the process and the dependency', () => {
    const input = targetInputSchema.parse(demoTarget(practice));
    const target = toTarget(input, 'other');
    expect(target).toMatchObject({
      id: 'practice',
      nodeHeader: 'x-hive-node',
      watch: { pid: process.pid, prometheus: `${practice.url}/metrics` },
      safety: { allowWrites: true },
    });
    expect(target.nodes.map(({ url }) => url)).toEqual(practice.nodes.map(({ url }) => url));
    expect(target.dependencies).toEqual([
      { name: 'dependency', address: practice.dependency, requests: ['dependent'] },
    ]);
  });

  it('has `GET /` alone in its plain mix', () => {
    const { requests } = toTarget(demoTarget(practice), 'practice');
    expect(requests.filter(({ weight }) => weight > 0)).toMatchObject([{ method: 'GET', path: '/' }]);
    expect(requests.map(({ name }) => name)).toEqual(['read', 'report', 'item', 'upload', 'download', 'dependent']);
  });

  it('can take 400 requests a second', () => {
    const { nodes, workers, serviceMs } = practice.settings;
    expect((nodes * workers * 1_000) / serviceMs).toBe(400);
    expect(practice.settings).toMatchObject(DEMO_SETTINGS);
  });

  it('is answered as it says, class by class and node by node', async () => {
    const { requests, nodes } = toTarget(demoTarget(practice), 'practice');
    for (const { method, path } of requests) {
      for (const node of nodes) {
        const filled = path.replace('{key}', '7').replace('{bytes}', '1000');
        const response = await fetch(`${node.url}${filled}`, { method, ...(method === 'POST' ? { body: 'abc' } : {}) });
        await response.arrayBuffer();
        expect([filled, response.status, response.headers.get('x-hive-node')]).toEqual([filled, 200, node.id]);
      }
    }
  });

  it('names the fault proxy where there is one, and no dependency where there is none', () => {
    const proxied = demoTarget({ ...practice, faultProxy: 'http://127.0.0.1:8474' });
    expect(targetInputSchema.parse(proxied).dependencies).toMatchObject([{ proxy: 'http://127.0.0.1:8474' }]);
    const lone = targetInputSchema.parse(demoTarget({ ...practice, dependency: null }));
    expect(lone.dependencies).toEqual([]);
    expect(lone.requests?.map(({ name }) => name)).not.toContain('dependent');
  });

  it('can be given other settings', async () => {
    const other = await startPractice({ nodes: 1, withDependency: false }, { demo: true });
    expect(other.settings).toMatchObject({ nodes: 1, workers: 4, dependency: null, cacheShared: true });
    await other.close();
  });
});
