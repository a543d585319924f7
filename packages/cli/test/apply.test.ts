import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Applied, Rule, Schedule, Target } from '@hive/contract';
import { loadConfig, startServer, type Server } from '@hive/server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { preparedData } from '../../../test/prepared-data.js';
import { hiveHosted } from './hive-process.js';

let data: string;
let folder: string;
let server: Server;
beforeAll(async () => {
  data = await preparedData('hive-apply-');
  server = await startServer(loadConfig({}, { port: 0, dataDir: data, logLevel: 'silent' }));
});
afterAll(async () => {
  await server.close();
  await rm(data, { recursive: true, force: true });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hive-files-'));
  return () => rm(folder, { recursive: true, force: true });
});

const hive = (...args: string[]) => hiveHosted([...args, '--data', data]);
const apply = (...args: string[]) => hive('apply', folder, ...args);
const get = async <Body>(url: string): Promise<Body> => (await server.app.inject({ url })).json();
async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

const FILES = {
  'shop/target.yaml':
    'kind: target\nid: shop\nspec:\n  url: http://127.0.0.1:9\n  labels: { team: shop }\n  objectives: ["p(95)<200"]\n',
  'shop/nightly.yml':
    "kind: schedule\nid: shop-nightly\nspec:\n  target: shop\n  what: { type: train, kinds: [load_balancing] }\n  when: '0 3 * * *'\n",
  'rules.json': JSON.stringify({
    kind: 'rule',
    id: 'slower',
    spec: { name: 'Slower', when: { type: 'worse' }, routes: [{ to: ['pd-shop'] }] },
  }),
  'channel.yaml':
    'kind: channel\nid: pd-shop\nspec:\n  type: pagerduty\n  routingKey: ${HIVE_SECRET_PD}\n  when: { team: shop }\n',
  'update.yaml':
    'kind: maintenance\nid: update\nspec: { target: shop, from: 2099-01-01T00:00:00Z, to: 2099-01-01T02:00:00Z, reason: update }\n',
};

describe('hive apply', () => {
  it('says what would change, changes it, and then has nothing to change', async () => {
    await write(FILES);
    const planned = await apply('--dry-run');
    expect(planned).toMatchObject({ code: 0, stderr: '' });
    expect(planned.stdout).toContain('target shop: would be created');
    expect((await get<{ targets: Target[] }>('/api/targets')).targets).toEqual([]);

    expect((await apply()).stdout.split('\n')).toEqual([
      'target shop: created',
      'channel pd-shop: created',
      'schedule shop-nightly: created',
      'rule slower: created',
      'maintenance update: created',
      '',
    ]);
    expect(await get('/api/targets/shop')).toMatchObject({ labels: { team: 'shop', managedBy: 'files' } });
    expect(await get('/api/schedules/sch_file_shop-nightly')).toMatchObject({ target: 'shop', timeZone: 'UTC' });
    expect(await get('/api/rules/rul_file_slower')).toMatchObject({ name: 'Slower', severity: 'page' });
    expect((await apply()).stdout).toBe('Nothing to change: 5 as described.\n');
    const { changes } = JSON.parse((await apply('--json')).stdout) as Applied;
    expect(changes.map(({ change }) => change)).toEqual(Array.from({ length: 5 }, () => 'unchanged'));
  });

  it.each<['PUT' | 'DELETE', string, object | undefined]>([
    ['PUT', 'targets/shop', { url: 'http://127.0.0.1:10' }],
    ['DELETE', 'targets/shop', undefined],
    ['PUT', 'channels/pd-shop', { type: 'pagerduty', routingKey: 'x' }],
    ['DELETE', 'channels/pd-shop', undefined],
    ['PUT', 'schedules/sch_file_shop-nightly', { target: 'shop', what: { type: 'check' }, when: 'every 5m' }],
    ['DELETE', 'schedules/sch_file_shop-nightly', undefined],
    ['PUT', 'rules/rul_file_slower', { name: 'x', when: { type: 'worse' } }],
    ['DELETE', 'rules/rul_file_slower', undefined],
    ['DELETE', 'maintenance/mnt_file_update', undefined],
  ])('owns what it made: %s /api/%s says where it is changed', async (method, path, payload) => {
    const answer = await server.app.inject({ method, url: `/api/${path}`, ...(payload !== undefined && { payload }) });
    const { error } = answer.json<{ error: { message: string; hint: string; details: object } }>();
    expect([answer.statusCode, error.details]).toEqual([409, expect.objectContaining({ managedBy: 'files' })]);
    expect(error.message).toContain('is described in a file: only hive apply changes it');
    expect(error.hint).toContain('run hive apply');
  });

  it('changes what a file says otherwise', async () => {
    await write({ ...FILES, 'shop/nightly.yml': FILES['shop/nightly.yml'].replace('0 3', '0 4') });
    const { stdout } = await apply();
    expect(stdout).toBe('schedule shop-nightly: changed\n4 as described already.\n');
    expect(await get('/api/schedules/sch_file_shop-nightly')).toMatchObject({ when: '0 4 * * *' });
  });

  it('deletes what came from files that are gone, if it is told to, and nothing that was made by hand', async () => {
    const payload = { target: 'shop', what: { type: 'check' }, when: 'every 5m' };
    const byHand = (await server.app.inject({ method: 'POST', url: '/api/schedules', payload })).json<Schedule>();
    await write({ 'target.yaml': FILES['shop/target.yaml'] });
    expect((await apply()).stdout).toBe('Nothing to change: 1 as described.\n');
    expect((await apply('--prune', '--dry-run')).stdout).toContain('schedule shop-nightly: would be deleted');
    const { stdout } = await apply('--prune');
    for (const gone of ['maintenance update', 'rule slower', 'schedule shop-nightly', 'channel pd-shop'])
      expect(stdout).toContain(`${gone}: deleted`);
    expect((await get<{ schedules: Schedule[] }>('/api/schedules')).schedules.map(({ id }) => id)).toEqual([byHand.id]);
    expect((await get<{ rules: Rule[] }>('/api/rules')).rules.map(({ id }) => id)).not.toContain('rul_file_slower');
  });

  it.each([
    ['a.yaml', 'kind: target\nid: shop\nspec:\n  url: ftp://x\n', 'a.yaml:4:8: spec.url'],
    [
      'a.yaml',
      'kind: target\nid: shop\nspec:\n  url: http://127.0.0.1:9\n  objektives: []\n',
      'a.yaml:5:3: spec.objektives: is unknown',
    ],
    [
      'a.yaml',
      'kind: schedule\nid: x\nspec: { target: shop, what: { type: check }, when: never }\n',
      'a.yaml:3:52: spec.when: write',
    ],
    ['a.yaml', 'kind: service\nid: x\nspec: {}\n', 'a.yaml:1:7: kind'],
    ['a.yaml', 'kind: [\n', 'a.yaml:'],
    ['a.yaml', '- 1\n', 'a.yaml:1:1: is not a document'],
    [
      'a.yaml',
      'kind: schedule\nid: x\nspec: { target: nobody, what: { type: check }, when: every 5m }\n',
      "a.yaml: schedule x: spec.target: there is no target with the id 'nobody'",
    ],
    ['a.yaml', 'kind: target\nid: far\nspec: { url: http://10.9.8.7 }\n', 'a.yaml: target far: '],
    [
      'a.yaml',
      'kind: channel\nid: x\nspec: { type: pagerduty, routingKey: plain-text }\n',
      'spec.routingKey: a file holds no secret',
    ],
    ['a.txt', 'x', 'has no .yaml, .yml or .json file'],
  ])('refuses %s: %j', async (name, text, message) => {
    await write({ [name]: text });
    const { code, stderr } = await apply();
    expect([code, stderr.replaceAll(/\s+/g, ' ')]).toEqual([
      expect.toBeOneOf([92, 104]),
      expect.stringContaining(message),
    ]);
  });

  it('refuses two files for one thing, and changes nothing where one is wrong', async () => {
    await write({ 'a.yaml': 'kind: target\nid: new\nspec: { url: "http://127.0.0.1:9" }\n' });
    await write({ 'b.yaml': 'kind: target\nid: new\nspec: { url: "http://127.0.0.1:9" }\n' });
    const { code, stderr } = await apply();
    expect([code, stderr]).toEqual([104, expect.stringContaining('b.yaml: target new: is described twice')]);
    expect((await server.app.inject('/api/targets/new')).statusCode).toBe(404);
  });
});

describe('hive export', () => {
  it('writes files that change nothing but whose they are', async () => {
    await rm(folder, { recursive: true });
    const written = await hive('export', folder);
    expect(written.code).toBe(0);
    expect((await readdir(folder)).toSorted()).toEqual(['rule', 'schedule', 'target']);
    const target = await readFile(join(folder, 'target', 'shop.yaml'), 'utf8');
    expect(target).toBe(
      'kind: target\nid: shop\nspec:\n  url: http://127.0.0.1:9\n  objectives:\n    - p(95)<200\n  labels:\n    team: shop\n',
    );
    const applied = await apply();
    expect([applied.stderr, applied.stdout]).toEqual([
      '',
      expect.stringMatching(/^Nothing to change: \d+ as described\.\n$/),
    ]);
    const again = await hive('export', folder);
    expect([again.code, again.stderr]).toEqual([104, expect.stringContaining('EEXIST')]);
    expect((await hive('export', folder, '--force')).code).toBe(0);
  });
});
