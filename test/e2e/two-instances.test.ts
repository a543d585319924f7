import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LiveMessage } from '@hive/contract';
import { startPractice, type Practice } from '@hive/engine';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, describeWith, nginx, postgres, redis, redisPrefix, type Service } from '../services.js';
import { openFeed } from './feed.js';
import { dataDirectory, eventually, freePorts, startHive, type HiveProcess } from './hive-process.js';

const CONFIGURATION = join(dirname(dirname(import.meta.dirname)), 'deploy/nginx.conf');
/** What operations.md promises. */
const RECOVERED_WITHIN_MS = 30_000;
/** nginx chooses by the first three numbers of a client's address: these are clients of this machine that it tells apart. */
const CLIENTS = Array.from({ length: 20 }, (_, index) => `127.0.${index + 1}.1`);

/** Elsewhere this machine has one address of its own, and nginx one client. */
const linux: Service =
  process.platform === 'linux'
    ? { name: 'Linux', value: 'linux', missing: null }
    : { name: 'Linux', value: null, missing: 'only Linux has many addresses of its own' };
const needed = [linux, postgres, redis, nginx].find(({ missing }) => missing !== null) ?? nginx;

interface Answer<Body> {
  status: number;
  /** The address of the instance that answered. */
  instance: string;
  body: Body;
}

describeWith(needed, 'two instances behind nginx', () => {
  let folder: string;
  const prefix = redisPrefix();
  const instances = new Map<string, HiveProcess>();
  const clients = new Map<string, string>();
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let data: Awaited<ReturnType<typeof dataDirectory>>[];
  let practice: Practice;
  let proxy: ChildProcess;
  let port: number;

  /** Asks through nginx, as the client of that address. */
  function ask<Body>(client: string, method: string, path: string, body?: object): Promise<Answer<Body>> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json' };
      const asking = request({ host: '127.0.0.1', port, localAddress: client, method, path, headers, timeout: 10_000 });
      asking.on('timeout', () => asking.destroy(new Error(`${method} ${path} was not answered`)));
      asking.on('error', reject);
      asking.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => {
          const instance = String(response.headers['x-hive-instance']);
          // nginx itself answers with a page, where no instance does.
          if (response.headers['content-type']?.includes('json') !== true) return reject(new Error(text));
          resolve({ status: response.statusCode ?? 0, instance, body: JSON.parse(text) as Body });
        });
      });
      asking.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hive-nginx-'));
    instances.clear();
    clients.clear();
    database = await createTestDatabase();
    practice = await startPractice({ workers: 4, serviceMs: 5 });
    data = [await dataDirectory(), await dataDirectory()];
    const env = { DATABASE_URL: database.url, REDIS_URL: redis.value ?? '', HIVE_REDIS_PREFIX: prefix };
    for (const { path } of data) {
      const hive = await startHive(path, ['--no-dashboard'], env);
      instances.set(new URL(hive.apiUrl).host, hive);
    }
    const [first = '', second = ''] = [...instances.keys()];
    [port] = await freePorts();
    const configuration = readFileSync(CONFIGURATION, 'utf8')
      .replace('server 127.0.0.1:8000', `server ${first}`)
      .replace('server 127.0.0.1:8001', `server ${second}`)
      .replace('listen 8080', `listen 127.0.0.1:${port}`);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`);
    const http = `access_log off; ${temporary.join(' ')} include hive.conf;`;
    writeFileSync(join(folder, 'hive.conf'), configuration);
    writeFileSync(join(folder, 'nginx.conf'), `daemon off; pid nginx.pid; events {} http { ${http} }`);
    proxy = spawn(nginx.value as string, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], {
      stdio: 'ignore',
    });
    await eventually('nginx answers', 10_000, () =>
      ask('127.0.0.1', 'GET', '/api/health').then(
        () => true,
        () => false,
      ),
    );
    for (const client of CLIENTS) clients.set((await ask(client, 'GET', '/api/health')).instance, client);
  });

  afterEach(async () => {
    proxy?.kill('SIGTERM');
    for (const hive of instances.values()) await hive.end();
    await practice?.close();
    for (const { remove } of data ?? []) await remove();
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
    const client = new Redis(redis.value ?? '');
    const keys = await client.keys(`${prefix}*`);
    if (keys.length > 0) await client.del(...keys);
    client.disconnect();
  });

  it('tell all readers the same, start one session, and the survivor of a crash can go on with it', async () => {
    expect([...clients.keys()].toSorted()).toEqual([...instances.keys()].toSorted());
    const [one = '', other = ''] = clients.values();
    expect(await ask(one, 'POST', '/api/targets', { id: 'shop', url: practice.url })).toMatchObject({ status: 201 });
    const feeds = await Promise.all(
      [one, other].map((client) => openFeed(`ws://127.0.0.1:${port}/ws/metrics`, { localAddress: client })),
    );

    const order = { target: 'shop', kinds: ['load_balancing'], budgetSeconds: 120 };
    const started = await Promise.all(
      [one, other].map((client) => ask<{ session_id: string }>(client, 'POST', '/api/training/start', order)),
    );
    expect(started.map(({ status }) => status).toSorted()).toEqual([202, 409]);
    const won = started.find(({ status }) => status === 202)!;
    const id = won.body.session_id;

    await eventually('both readers have heard of it', 30_000, async () =>
      feeds.every(({ messages }) => messages.filter(({ type }) => type === 'window').length >= 8),
    );
    const [a = [], b = []] = feeds.map(({ messages }) => told(messages));
    const both = a.filter(([seq]) => b.some(([same]) => same === seq));
    expect(both.length).toBeGreaterThan(8);
    expect(both).toEqual(b.filter(([seq]) => a.some(([same]) => same === seq)));
    expect(feeds.flatMap(({ broken }) => broken)).toEqual([]);

    await instances.get(won.instance)!.end('SIGKILL');
    instances.delete(won.instance);
    const diedAt = Date.now();
    // The client of the dead instance is served by the other one.
    const client = clients.get(won.instance)!;
    const [survivor] = instances.keys();
    const row = () => ask<{ status: string; end_code: string }>(client, 'GET', `/api/sessions/${id}`);
    await eventually('the session is marked', RECOVERED_WITHIN_MS, async () => {
      const { body, instance } = await row();
      // nginx names all that it tried.
      return body.status === 'interrupted' && instance.endsWith(survivor!);
    });
    await eventually('it goes on', RECOVERED_WITHIN_MS - (Date.now() - diedAt), async () => {
      return (await ask(client, 'POST', `/api/sessions/${id}/resume`)).status === 202;
    });
    expect((await row()).body.status).toBe('running');
    const reader = feeds[started.findIndex(({ status }) => status === 409)]!;
    const about = (type: string): string[] =>
      reader.messages.flatMap((told) =>
        told.type === type && 'session' in told.data ? [told.data.session.status] : [],
      );
    await expect
      .poll(() => [about('session_completed'), about('session_started')], { timeout: 10_000 })
      .toEqual([['interrupted'], ['running', 'running']]);
    for (const feed of feeds) feed.close();
    expect((await ask(client, 'POST', '/api/training/stop')).status).toBe(200);
  }, 180_000);
});

/** What was told to all, by its number; each reader has a greeting of its own. */
function told(messages: readonly LiveMessage[]): [number, string][] {
  return messages.filter(({ type }) => type !== 'hello').map((message) => [message.seq, JSON.stringify(message)]);
}
