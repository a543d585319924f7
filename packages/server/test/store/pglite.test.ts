import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../../test/prepared-data.js';
import { readLock } from '../../src/store/lock.js';
import { openPglite } from '../../src/store/embedded/pglite.js';
import { migrate, openStore, type OpenedStore } from '../../src/store/open.js';
import { daysConformance } from './days-conformance.js';
import { applyConformance } from './apply-conformance.js';
import { channelsConformance } from './channels-conformance.js';
import { incidentsConformance } from './incidents-conformance.js';
import { labelsConformance } from './labels-conformance.js';
import { storeConformance, storeTime } from './conformance.js';
import { marksConformance } from './marks-conformance.js';
import { minutesConformance } from './minutes-conformance.js';
import { resultsConformance } from './results-conformance.js';
import { sampleTarget } from './samples.js';

let store: OpenedStore;
let dataDir: string;
beforeAll(async () => {
  dataDir = await preparedData('hive-store-');
  store = await openStore({ dataDir, now: () => storeTime.at });
}, 60_000);
afterAll(async () => {
  await store.close();
  await rm(dataDir, { recursive: true, force: true });
}, 30_000);

describe('the store on the embedded database', () => {
  storeConformance(() => store);
  labelsConformance(() => store);
  incidentsConformance(() => store);
  applyConformance(() => store);
  channelsConformance(() => store);
  resultsConformance(
    () => store,
    (at) => {
      storeTime.at = at;
    },
  );
  marksConformance(
    () => store,
    (at) => {
      storeTime.at = at;
    },
  );
  minutesConformance(
    () => store,
    (at) => {
      storeTime.at = at;
    },
  );

  it('refuses a second Hive on the same directory, naming the first and how to fix it', async () => {
    await expect(openStore({ dataDir })).rejects.toMatchObject({
      code: 'data_directory',
      message: expect.stringContaining(`pid ${process.pid}`),
      hint: expect.stringMatching(/--data.*DATABASE_URL/),
    });
  });

  it('tells other processes where its API is', async () => {
    expect(await readLock(dataDir)).toEqual({ pid: process.pid, url: null });
    await store.announce('http://127.0.0.1:8000');
    expect(await readLock(dataDir)).toEqual({ pid: process.pid, url: 'http://127.0.0.1:8000' });
  });

  it('keeps everything over a close, migrates once, and gives the directory back', async () => {
    const target = sampleTarget();
    await store.saveTarget(target);
    await store.close();
    await store.close();
    expect(await readLock(dataDir)).toBeNull();
    await expect(store.ping()).rejects.toMatchObject({ code: 'database_unreachable' });
    expect(await migrate({ dataDir })).toBe(0);
    store = await openStore({ dataDir, now: () => storeTime.at });
    expect(await store.getTarget(target.id)).toEqual(target);
  }, 60_000);

  it('refuses a directory that cannot be written', async () => {
    const file = join(dataDir, 'file');
    await writeFile(file, '');
    for (const refused of [file, join(file, 'below')]) {
      await expect(openStore({ dataDir: refused })).rejects.toMatchObject({
        code: 'data_directory',
        message: expect.stringContaining(refused),
        hint: expect.stringContaining('--data'),
      });
    }
  });
});

describe('the days of an embedded database', () => {
  daysConformance(async () => {
    const place = await preparedData('hive-days-');
    const opened = await openPglite(place);
    return {
      db: opened.db,
      async end() {
        await opened.close();
        await rm(place, { recursive: true, force: true });
      },
    };
  });
});
