import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createClient } from '@hive/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { itSlow } from '../../../test/slow.js';
import { preparedData } from '../../../test/prepared-data.js';
import { hive, hiveHosted, runs, startHive, type HiveProcess } from './hive-process.js';

let data: string;
beforeEach(async () => {
  data = await preparedData('hive-up-');
});
afterEach(() => rm(data, { recursive: true, force: true }));

interface Places {
  api: string;
  dashboard: string | null;
  practice: string | null;
  firstAdmin: string | null;
  pid: number;
}

async function up(...given: (string | Record<string, string>)[]): Promise<HiveProcess & { places: Places }> {
  const args = given.filter((one) => typeof one === 'string');
  const env = given.find((one) => typeof one !== 'string');
  const started = startHive(['up', '--no-dashboard', '--port', '0', '--data', data, '--json', ...args], env);
  const places = JSON.parse(await started.prints('stdout', /\n/)) as Places;
  return { ...started, places };
}

async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as { port: number }).port };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

describe('hive up', () => {
  it('serves the API and the practice target, ends both with 0 at a signal, and starts again', async () => {
    const { child, ended, places } = await up('--demo');
    const client = createClient({ baseUrl: places.api });
    expect(await client.call('service')).toMatchObject({ service: 'hive', status: 'running' });
    const target = await client.call('getTarget', { params: { id: 'practice' } });
    expect(target.nodes[0]?.url).toBe(places.practice);
    expect((await fetch(places.practice as string)).headers.get('x-hive-node')).toBe('node-1');
    const before = Date.now();
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    expect(Date.now() - before).toBeLessThan(8_000);
    expect(await answers(places.practice as string)).toBe(false);

    // The practice target has another address the next time, and is registered there.
    const second = await up('--demo');
    const again = await createClient({ baseUrl: second.places.api }).call('getTarget', { params: { id: 'practice' } });
    expect(again.nodes[0]?.url).toBe(second.places.practice);
    second.child.kill('SIGINT');
    expect((await second.ended).code).toBe(0);
  });

  it('holds its data directory: another is refused, 106; after kill -9 no orphan is left, and it can be taken over at once', async () => {
    const first = await up('--demo');
    const { code, stderr } = await hive(['up', '--no-dashboard', '--port', '0', '--data', data]);
    expect(code).toBe(106);
    expect(stderr).toContain(data);
    expect(stderr).toContain(String(first.places.pid));
    first.child.kill('SIGKILL');
    await first.ended;
    await expect.poll(() => answers(first.places.practice as string), { timeout: 5_000 }).toBe(false);
    expect(runs(first.places.pid)).toBe(false);
    const second = await up();
    second.child.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
  });

  itSlow('shows what a lone `hive train` stored', async () => {
    const practice = startHive(['practice', '--port', '0', '--json']);
    const { url } = JSON.parse(await practice.prints('stdout', /\n/)) as { url: string };
    const train = ['train', '--kinds', 'load_balancing', '--budget', '3s', '--data', data, url];
    expect((await hive(train)).stderr).not.toMatch(/not (be )?stored/);
    const { child, ended, places } = await up();
    const client = createClient({ baseUrl: places.api });
    const { sessions } = await client.call('listSessions');
    expect(sessions).toMatchObject([{ status: 'completed', kinds: ['load_balancing'], budget_seconds: 3 }]);
    child.kill('SIGTERM');
    practice.child.kill('SIGTERM');
    await Promise.all([ended, practice.ended]);
  });

  it('names the port that is taken: 106', async () => {
    const { server, port } = await listen();
    for (const args of [
      ['--no-dashboard', '--port', String(port)],
      ['--port', '0', '--dashboard-port', String(port)],
    ]) {
      const { code, stderr } = await hive(['up', '--data', data, ...args]);
      expect(code).toBe(106);
      expect(stderr).toContain(`port ${port} on 127.0.0.1 is taken`);
      expect(stderr).toContain(args.at(-2));
    }
    await new Promise((resolve) => server.close(resolve));
  });

  it('refuses to bind beyond loopback where nobody has to sign in: 92', async () => {
    const { code, stderr } = await hiveHosted(['up', '--host', '0.0.0.0', '--data', data]);
    expect(code).toBe(92);
    expect(stderr).toContain('HIVE_TOKEN');
  });

  itSlow('prints a link that makes the first admin, and lets nobody in before', async () => {
    const { child, ended, places } = await up('--host', '0.0.0.0', { HIVE_FIRST_ADMIN: 'link' });
    expect((await fetch(`${places.api}/api/targets`)).status).toBe(401);
    const [page, code] = places.firstAdmin?.split('#') ?? [];
    expect(page).toBe(`${places.api}/first-admin`);
    const made = await createClient({ baseUrl: places.api }).call('becomeFirstAdmin', {
      body: { code: code ?? '', email: 'ada@example.org', password: 'correct horse battery' },
    });
    expect(made).toMatchObject({ mode: 'users', role: 'admin' });
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    // From now on it needs no setting: there is somebody.
    const second = await up('--host', '0.0.0.0');
    expect(second.places.firstAdmin).toBeNull();
    second.child.kill('SIGTERM');
    await second.ended;
  });

  it('names what is wrong in the environment: 104', async () => {
    const { code, stderr } = await hiveHosted(['up', '--data', data], {
      HIVE_PORT: 'eighty',
      DATABASE_URL: 'mysql://x',
    });
    expect(code).toBe(104);
    expect(stderr).toContain('HIVE_PORT');
    expect(stderr).toContain('DATABASE_URL');
  });

  it('names the database that cannot be reached: 106', async () => {
    const { server, port } = await listen();
    await new Promise((resolve) => server.close(resolve));
    const env = { DATABASE_URL: `postgres://hive@127.0.0.1:${port}/hive` };
    const { code, stderr } = await hive(['up', '--no-dashboard', '--port', '0', '--data', data], env);
    expect(code).toBe(106);
    expect(stderr).toContain(`127.0.0.1:${port}`);
  });

  itSlow('migrates: makes a database, and finds nothing to do the second time', async () => {
    const empty = join(data, 'empty');
    const first = await hive(['migrate', '--data', empty, '--json']);
    expect(first.code).toBe(0);
    expect((JSON.parse(first.stdout) as { applied: number }).applied).toBeGreaterThan(0);
    expect((await hive(['migrate', '--data', empty])).stdout).toContain('up to date');
  });
});
