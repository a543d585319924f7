import { rm } from 'node:fs/promises';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Ceiling, ScenarioRow } from '@hive/contract';
import { keepCeiling } from '@hive/engine';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, startServer } from '../../src/index.js';
import { preparedData } from '../../../../test/prepared-data.js';
import { itSlow } from '../../../../test/slow.js';
import { listen, startTestServer, TARGET, type TestServer } from '../test-server.js';

const CEILING: Ceiling = {
  version: 1,
  measuredAt: '2026-01-31T12:00:00.000Z',
  machine: { host: hostname(), cpu: 'any', cores: 2, node: process.versions.node },
  threads: 2,
  shapes: [{ shape: 'plain', ratePerSecond: 200, atLeast: false, cpuMicrosPerRequest: 20 }],
  timers: [],
};

describe('what this machine can send', () => {
  let server: TestServer;
  afterEach(() => server.end());

  async function begin(threads: number): Promise<void> {
    server = await startTestServer({ threads });
    keepCeiling(server.dataDir, CEILING);
    await server.ask('POST', '/api/targets', TARGET);
  }
  const highestRate = (): number =>
    Math.max(
      ...server.load.orders.flatMap(({ arrivals }) =>
        arrivals.model === 'open' ? arrivals.stages.map(({ toPerSecond }) => toPerSecond) : [],
      ),
    );

  const bounds = async (threads: number, most: number): Promise<void> => {
    await begin(threads);
    await server.ask('POST', '/api/training/start', { kinds: ['load_balancing'], seed: 1 });
    await server.until(({ running, session_id }) => !running && session_id !== null);
    expect(highestRate()).toBeLessThanOrEqual(most);
    expect(highestRate()).toBeGreaterThan(0.9 * most);
  };
  it('with one of its two threads, bounds a training session at 80 requests/s', () => bounds(1, 80));
  itSlow('with both of its threads, bounds a training session at 160 requests/s', () => bounds(2, 160));

  it('is reported where a scenario asks for more', async () => {
    await begin(1);
    const listener = await listen(server);
    for (const intensity of [70, 90]) {
      const request = { kind: 'load_balancing', intensity, seed: 1 };
      const { body } = await server.ask<ScenarioRow>('POST', '/api/scenarios/generate', request);
      await server.ask('POST', `/api/scenarios/${body.id}/execute?wait=true`);
    }
    await listener.hear(({ type }) => type === 'alert');
    const alerts = listener.messages.flatMap((message) => (message.type === 'alert' ? [message.data.text] : []));
    expect(alerts).toEqual([expect.stringMatching(/\b90 requests\/s .* about 100 .* one thread/)]);
    listener.socket.close();
  });
});

describe('HIVE_THREADS', () => {
  let target: HttpServer;
  beforeAll(async () => {
    target = createServer((_request, response) => response.end('ok'));
    await new Promise<void>((resolve) => {
      target.listen(0, '127.0.0.1', resolve);
    });
  });
  afterAll(() => target.close());

  it('is how many threads send for a session of the server', async () => {
    const started: Worker[] = [];
    const note = (worker: Worker): void => void started.push(worker);
    const dataDir = await preparedData('hive-threads-');
    const environment = { HIVE_THREADS: '3', HIVE_PORT: '0', HIVE_DATA: dataDir, HIVE_LOG_LEVEL: 'silent' };
    const server = await startServer(loadConfig(environment));
    process.on('worker', note);
    try {
      const ask = async (url: string, payload: object) =>
        (await server.app.inject({ method: 'POST', url, payload })).json<{ id: string }>();
      await ask('/api/targets', { url: `http://127.0.0.1:${(target.address() as AddressInfo).port}` });
      const { id } = await ask('/api/scenarios/generate', { kind: 'load_balancing', intensity: 50, seed: 1 });
      await ask(`/api/scenarios/${id}/execute`, {});
      await expect.poll(() => started.length, { timeout: 10_000 }).toBe(3);
    } finally {
      process.off('worker', note);
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
