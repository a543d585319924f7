import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../../test/prepared-data.js';
import { lockDataDirectory, readLock } from '../../src/store/lock.js';
import { openStore } from '../../src/store/open.js';
import { processStart } from '../../src/process-identity.js';

const token = randomUUID();
let dataDir: string;
beforeAll(async () => {
  dataDir = await preparedData('hive-lock-');
});
afterEach(() => rm(join(dataDir, 'lock'), { force: true }));
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const files = async () => (await readdir(dataDir)).filter((name) => name.startsWith('lock'));
const write = (content: string) => writeFile(join(dataDir, 'lock'), content);
const record = (pid: number, started: string) => JSON.stringify({ pid, started, token, url: null });

describe('the lock of a data directory', () => {
  it('is held by one, leaves nothing behind, and can be taken again', async () => {
    const lock = await lockDataDirectory(dataDir);
    await expect(lockDataDirectory(dataDir)).rejects.toMatchObject({
      code: 'data_directory',
      message: expect.stringContaining(String(process.pid)),
    });
    await lock.announce('http://127.0.0.1:1');
    expect(await files()).toEqual(['lock']);
    expect(await readLock(dataDir)).toEqual({ pid: process.pid, url: 'http://127.0.0.1:1' });
    await lock.release();
    await lock.release();
    expect(await files()).toEqual([]);
    expect(await readLock(dataDir)).toBeNull();
    await (await lockDataDirectory(dataDir)).release();
  });

  it.each([
    ['of a process that is gone', () => record(2 ** 22 + 1, 'then')],
    ['of an earlier process with the same pid', () => record(process.pid, 'long ago')],
    ['that is empty', () => ''],
    ['that is torn', () => '{"pid": 1'],
  ])('%s is taken over', async (_, content) => {
    await write(content());
    expect(await readLock(dataDir)).toBeNull();
    const lock = await lockDataDirectory(dataDir);
    expect(await readLock(dataDir)).toEqual({ pid: process.pid, url: null });
    await lock.release();
    expect(await files()).toEqual([]);
  });

  it.each([
    ['a dead one', () => write(record(2 ** 22 + 1, 'then'))],
    ['a torn one', () => write('{')],
    [
      'one that had been taken over by a process that died',
      async () => {
        await write(record(2 ** 22 + 1, 'then'));
        await writeFile(join(dataDir, `lock.${token}`), record(2 ** 22 + 1, 'then'));
      },
    ],
    ['none', () => Promise.resolve()],
  ])('is taken by one of many: %s', async (_, prepare) => {
    for (let round = 0; round < 5; round += 1) {
      await prepare();
      const taken = await Promise.allSettled(Array.from({ length: 12 }, () => lockDataDirectory(dataDir)));
      const winners = taken.filter((result) => result.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      expect(await files()).toEqual(['lock']);
      await winners[0]?.value.release();
    }
  });

  it('is not given back by one who no longer holds it', async () => {
    const lost = await lockDataDirectory(dataDir);
    await write(record(process.pid, processStart(process.pid) ?? ''));
    await lost.release();
    expect(await readFile(join(dataDir, 'lock'), 'utf8')).toContain('"token":"' + token);
  });
});

describe('a Hive that is killed', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  it('keeps what it had stored, and its directory is taken over at once', async () => {
    const dist = new URL('../../dist/store/open.js', import.meta.url).href;
    const target = { id: 'kept', nodes: [{ url: 'http://127.0.0.1:9', weight: 1 }] };
    const program = `
      const { openStore } = await import(${JSON.stringify(dist)});
      const store = await openStore({ dataDir: ${JSON.stringify(dataDir)} });
      await store.saveTarget(${JSON.stringify(target)});
      console.log('stored');
      for (let index = 0; ; index += 1) await store.saveTarget({ ...${JSON.stringify(target)}, id: 'n' + index });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    await once(child.stdout, 'data');
    expect(await readLock(dataDir)).toEqual({ pid: child.pid, url: null });
    await expect(openStore({ dataDir })).rejects.toMatchObject({
      message: expect.stringContaining(`pid ${child.pid}`),
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = await openStore({ dataDir });
    expect(await store.getTarget('kept')).toEqual(target);
    await store.close();
  }, 60_000);
});
