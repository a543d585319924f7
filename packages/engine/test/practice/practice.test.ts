import { Agent, get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
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

describe('startPractice', () => {
  it('answers a small JSON body that names its node', async () => {
    const practice = await start({ serviceMs: 1 });
    const response = await fetch(`${practice.url}/any/path?x=1`, { method: 'POST', body: 'ignored' });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-hive-node')).toBe('node-1');
    expect(await response.json()).toEqual({ node: 'node-1', served: 1 });
  });

  it('holds a request for its service time', async () => {
    const practice = await start({ serviceMs: 50 });
    const before = performance.now();
    await (await fetch(practice.url)).text();
    expect(performance.now() - before).toBeGreaterThan(49);
  });

  it('gives each node a port, an id and slots of its own', async () => {
    const practice = await start({ nodes: 3, serviceMs: 1, workers: 1 });
    expect(practice.nodes.map(({ id }) => id)).toEqual(['node-1', 'node-2', 'node-3']);
    const seen = await Promise.all(
      practice.nodes.map(async ({ url }) => (await fetch(url)).headers.get('x-hive-node')),
    );
    expect(seen).toEqual(['node-1', 'node-2', 'node-3']);
    expect(new Set(practice.nodes.map(({ url }) => url)).size).toBe(3);
  });

  it('says where it is', async () => {
    const practice = await start({ nodes: 2 });
    expect(practice).toMatchObject({
      url: practice.nodes[0]?.url,
      pid: process.pid,
      dependency: null,
      faultProxy: null,
    });
    expect(practice.settings.nodes).toBe(2);
  });

  it('makes one node slow, and leaves the others alone', async () => {
    const practice = await start({ nodes: 2, serviceMs: 4, slowNode: 2, slowFactor: 50 });
    const [quick, slow] = practice.nodes.map(async ({ url }) => {
      const before = performance.now();
      await (await fetch(url)).text();
      return performance.now() - before;
    });
    expect(await slow).toBeGreaterThan(199);
    expect(await quick).toBeLessThan((await slow) as number);
  });

  it('never answers more than its capacity', async () => {
    const practice = await start({ workers: 4, serviceMs: 10 });
    const before = performance.now();
    await Promise.all(Array.from({ length: 120 }, async () => (await fetch(practice.url)).text()));
    expect(performance.now() - before).toBeGreaterThan((120 / 400) * 1_000 - 1);
  });

  it('answers 503 beyond the queue limit', async () => {
    const practice = await start({ workers: 1, queueLimit: 1, serviceMs: 300 });
    const statuses = await Promise.all(Array.from({ length: 5 }, async () => (await fetch(practice.url)).status));
    expect(statuses.sort()).toEqual([200, 200, 503, 503, 503]);
  });

  it('shows itself at /metrics without taking a slot', async () => {
    const practice = await start({ workers: 1, serviceMs: 200 });
    const slow = [fetch(practice.url), fetch(practice.url)];
    await expect
      .poll(async () => (await fetch(`${practice.url}/metrics`)).text())
      .toContain('practice_queue{node="node-1"} 1');
    await Promise.all(slow);
    const text = await (await fetch(`${practice.url}/metrics`)).text();
    expect(text).toMatch(/^process_resident_memory_bytes [1-9]\d+$/m);
    expect(text).toMatch(/^process_cpu_seconds_total \d/m);
    expect(text).toContain('practice_in_flight{node="node-1"} 0\n');
    expect(text).toContain('practice_served_total{node="node-1"} 2\n');
  });

  it('forgets a waiting request whose caller went away', async () => {
    const practice = await start({ workers: 1, serviceMs: 150 });
    const first = fetch(practice.url);
    const leaving = new AbortController();
    const gone = Array.from({ length: 50 }, () => fetch(practice.url, { signal: leaving.signal }).catch(() => 'left'));
    const queue = async (): Promise<string> => (await fetch(`${practice.url}/metrics`)).text();
    await expect.poll(queue).toMatch(/practice_queue\{node="node-1"\} [1-9]/);
    leaving.abort();
    await Promise.all(gone);
    await first;
    await expect.poll(queue).toContain('practice_queue{node="node-1"} 0\n');
  });

  it('keeps connections open between requests', async () => {
    const practice = await start({ serviceMs: 1 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (let index = 0; index < 3; index += 1) {
      const response = await new Promise<IncomingMessage>((resolve) => get(practice.url, { agent }, resolve));
      ports.add(response.socket.localPort);
      response.resume();
      await new Promise((resolve) => response.once('end', resolve));
    }
    expect(ports.size).toBe(1);
    agent.destroy();
  });

  it('closes with requests outstanding', async () => {
    const practice = await startPractice({ serviceMs: 60_000 });
    const request = fetch(practice.url).then(
      () => 'answered',
      () => 'cut',
    );
    await expect
      .poll(async () => (await fetch(`${practice.url}/metrics`)).text())
      .toContain('practice_in_flight{node="node-1"} 1');
    await practice.close();
    expect(await request).toBe('cut');
  });

  it('says which port is taken, and leaves nothing open', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await expect(startPractice({ port })).rejects.toMatchObject({
      code: 'port_taken',
      message: expect.stringContaining(`${port}`),
    });
    await new Promise((resolve) => other.close(resolve));
  });
});
