import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { requestClassSchema } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../../test/prepared-data.js';
import { createTestDatabase, describeWith, postgres } from '../../../../test/services.js';
import { itSlow } from '../../../../test/slow.js';
import { backup, restore } from '../../src/index.js';
import { openStore, type StoreOptions } from '../../src/store/open.js';
import { sampleResult, sampleScenario, sampleSession, sampleTarget, sampleWindow } from './samples.js';

const SECRETS = ['abc123', 'abc124', 'abc125', 'abc126', 'v1.sealed'];
const [SECRET, MIXED, FALLBACK, PLANNED] = SECRETS as [string, string, string, string];
const target = sampleTarget({ id: 'shop' });
const [request] = target.requests;
if (request !== undefined)
  request.headers = {
    Authorization: `Bearer ${SECRET}`,
    'x-api-key': '${KEY}',
    'proxy-authorization': 'Bearer ${PROXY_KEY}',
    cookie: `session=\${SESSION}; id=${MIXED}`,
    'x-token': `\${TOKEN:-${FALLBACK}}`,
    accept: 'text/über',
  };
const { plan: plain } = sampleScenario(target.id);
const planned = { ...requestClassSchema.parse({}), headers: { authorization: `Bearer ${PLANNED}` } };
const plan = { ...plain, requests: [planned] };

/** More values than are written or read at once, in each run. */
const SECONDS = 40;

let folder: string;
let source: string;
let scenarioId: string;
let written: Awaited<ReturnType<typeof backup>>;
const file = (name: string): string => join(folder, name);
const linesOf = async (name: string): Promise<string[]> =>
  gunzipSync(await readFile(file(name)))
    .toString()
    .trimEnd()
    .split('\n');
const contentOf = async (name: string) => (await linesOf(name)).slice(1);

/** A backup that is refused, how it comes to be, and what is said of it. */
type Broken = [name: string, change: (lines: string[]) => Buffer | string, code: string, message: RegExp];

async function empty(): Promise<StoreOptions> {
  return { dataDir: await preparedData('hive-restored-') };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hive-backup-'));
  source = await preparedData('hive-backed-');
  const store = await openStore({ dataDir: source });
  await store.saveTarget(target);
  const session = sampleSession(target.id, { average_performance: 0.1 + 0.2 });
  await store.createSession(session);
  const ids = { sessionId: session.id, targetId: target.id };
  for (let number = 0; number < 4; number += 1) {
    const { id } = await store.createScenario(sampleScenario(target.id, { intensity: 100 + number, plan }), session.id);
    scenarioId = id;
    const windows = Array.from({ length: SECONDS }, (_, second) => {
      const at = new Date(Date.UTC(2026, number, 28, 23, 59, second)).toISOString();
      const window = sampleWindow(
        { ...ids, scenarioId: id },
        { at, fromMs: second * 1_000, waitingMs: Math.PI * second },
      );
      return { window, responseTime: Uint8Array.of(0, 1, 255, second), serviceTime: null };
    });
    await store.appendWindows(windows);
    await store.completeScenario(id, sampleResult(), { responseTime: Uint8Array.of(1), serviceTime: null });
    // Its values then stand for themselves.
    if (number === 1) await store.restartScenario(id, session.id);
  }
  const release = { text: 'shop 4.2.1', url: 'https://example.org/4.2.1', labels: { branch: 'main' } };
  const at = '2026-01-31T12:00:00.001Z';
  await store.createMark({ ...release, id: 'mrk_1', at, target: target.id });
  const made = { createdAt: at, changedAt: at, name: null, when: {}, on: true, settings: {} };
  await store.createChannel({ ...made, id: 'chat', type: 'slack', sealed: { url: 'v1.sealed' } });
  await store.setSecret({ name: 'KEY', changedAt: at, sealed: 'v1.sealed' });
  await store.setKeepDays({ seconds: 400, runs: null });
  await store.close();
  written = await backup({ dataDir: source }, file('whole'), { secrets: true });
}, 60_000);
afterAll(() => Promise.all([folder, source].map((path) => rm(path, { recursive: true, force: true }))));

describeWith(postgres, 'a backup of one kind of database', () => {
  it('restores into the other and back, equal to the row', async () => {
    const database = await createTestDatabase();
    const between = { databaseUrl: database.url, dataDir: '/nowhere/unused' };
    const back = await empty();
    try {
      expect(written.rows).toMatchObject({
        targets: 1,
        training_sessions: 1,
        test_scenarios: 4,
        windows: 3 * SECONDS,
        performance_metrics: 4 * 14 * SECONDS,
        storage_settings: 2,
      });
      expect((await restore(between, file('whole'))).rows).toEqual(written.rows);
      await backup(between, file('two'), { secrets: true });
      expect((await restore(back, file('two'))).rows).toEqual(written.rows);
      await backup(back, file('three'), { secrets: true });
      expect(await contentOf('two')).toEqual(await contentOf('whole'));
      expect(await contentOf('three')).toEqual(await contentOf('whole'));

      // It goes on from there.
      const store = await openStore(between);
      const before = await store.latestMetrics({ limit: 1 });
      const window = sampleWindow(
        { scenarioId, sessionId: 's', targetId: target.id },
        { at: '2027-01-01T00:00:00.000Z' },
      );
      await store.appendWindows([{ window, responseTime: null, serviceTime: null }]);
      expect((await store.latestMetrics({ limit: 1 }))[0]?.id).toBeGreaterThan(before[0]?.id ?? Infinity);
      expect(await store.getTarget('shop')).toEqual(target);
      await store.close();
    } finally {
      await database.drop();
      await rm(back.dataDir, { recursive: true });
    }
  }, 120_000);
});

describe('a backup', () => {
  let into: StoreOptions;
  beforeAll(async () => {
    into = await empty();
  });
  afterAll(() => rm(into.dataDir, { recursive: true, force: true }));

  it('holds no secret unless it is asked to, and can be read by its owner alone', async () => {
    await backup({ dataDir: source }, file('open'), { secrets: false });
    const text = (await linesOf('open')).join('\n');
    for (const secret of SECRETS) expect(text).not.toContain(secret);
    expect(text).toContain('${HIVE_SECRET_LEFT_OUT_OF_BACKUP}');
    for (const reference of ['${KEY}', 'Bearer ${PROXY_KEY}']) expect(text).toContain(reference);
    const open = await empty();
    await restore(open, file('open'));
    const restored = await openStore(open);
    expect(await restored.listSecrets()).toMatchObject([{ name: 'KEY', sealed: null }]);
    expect(await restored.listChannels()).toMatchObject([{ id: 'chat', sealed: {} }]);
    await restored.close();
    await rm(open.dataDir, { recursive: true });
    expect((await stat(file('open'))).mode & 0o777).toBe(0o600);
  });

  const refused = async (change: Broken[1], code: string, message: RegExp): Promise<void> => {
    await writeFile(file('broken'), change(await linesOf('whole')));
    await expect(restore(into, file('broken'))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  };
  it.each<Broken>([
    [
      'that lost a row',
      (lines) => gzipSync(lines.toSpliced(-2, 1).join('\n')),
      'validation',
      /it holds \d+ of \d+ rows/,
    ],
    [
      'of a newer Hive',
      ([head = '', ...rest]) => gzipSync([head.replace(/"schema":\d+/, '"schema":9e15'), ...rest].join('\n')),
      'database_newer',
      /newer/,
    ],
  ])('%s is refused', (_, change, code, message) => refused(change, code, message));
  itSlow.each<Broken>([
    ['that is cut off', (lines) => gzipSync(lines.slice(0, -1).join('\n')), 'validation', /too early/],
    ['whose file is cut off', (lines) => gzipSync(lines.join('\n')).subarray(0, 900), 'validation', /damaged/],
    ['that is something else', () => 'hello', 'validation', /not a backup/],
    ['that is something else, compressed', () => gzipSync('{"a":1}\n'), 'validation', /not a backup/],
    [
      'with a table that is not known',
      (lines) => gzipSync([...lines.slice(0, -1), '{"table":"more","columns":[]}'].join('\n')),
      'validation',
      /no table more/,
    ],
  ])('%s is refused', (_, change, code, message) => refused(change, code, message));

  it('leaves nothing where it was refused: the next one finds an empty place', async () => {
    expect((await restore(into, file('whole'))).rows).toMatchObject({ targets: 1, test_scenarios: 4 });
  });

  it('is not restored over what is there, nor written or read where there is no such place', async () => {
    await expect(restore({ dataDir: source }, file('whole'))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('targets') as string,
    });
    const nowhere = file('no/such/place');
    await expect(backup({ dataDir: source }, nowhere, { secrets: true })).rejects.toMatchObject({ code: 'validation' });
    await expect(restore({ dataDir: source }, nowhere)).rejects.toMatchObject({ code: 'validation' });
  });
});
