import { rm } from 'node:fs/promises';
import { createClient, type Mark } from '@hive/contract';
import { openData } from '@hive/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../test/prepared-data.js';
import { hive, hiveHosted, startHive } from './hive-process.js';

let data: string;
beforeAll(async () => {
  data = await preparedData('hive-mark-');
});
afterAll(() => rm(data, { recursive: true, force: true }));

const whole = ['--at', '2026-01-31T12:00:00+01:00', '--url', 'https://example.org/4.2.1'];
const labels = ['--label', 'branch=main', '--label', 'sha=a=b'];
const expected = {
  id: expect.stringMatching(/^mrk_/) as string,
  at: '2026-01-31T11:00:00.000Z',
  target: null,
  text: 'shop 4.2.1',
  url: 'https://example.org/4.2.1',
  labels: { branch: 'main', sha: 'a=b' },
};

describe('hive mark', () => {
  it('keeps a mark in the store where no Hive runs', async () => {
    const { code, stdout } = await hiveHosted(['mark', 'shop 4.2.1', '--data', data, ...whole, ...labels]);
    expect([code, stdout]).toEqual([0, "Recorded 'shop 4.2.1' at 2026-01-31T11:00:00.000Z.\n"]);
    const opened = await openData({ databaseUrl: null, dataDir: data });
    if (!('here' in opened)) throw new Error('is held');
    const { marks } = await opened.here.query('listMarks');
    await opened.here.close();
    expect(marks).toEqual([expected]);
  });

  it('sends it to a running Hive, with its token', async () => {
    const withToken = { HIVE_TOKEN: 'secret' };
    const running = startHive(['up', '--no-dashboard', '--port', '0', '--data', data, '--json'], withToken);
    try {
      const { api } = JSON.parse(await running.prints('stdout', /\n/)) as { api: string };
      const args = ['mark', 'shop 4.2.1', '--data', data, ...whole, ...labels];
      const { code, stdout } = await hive([...args, '--json'], withToken);
      const { mark } = JSON.parse(stdout) as { mark: Mark };
      expect([code, mark]).toEqual([0, expected]);
      const { marks } = await createClient({ baseUrl: api, token: 'secret' }).call('listMarks');
      expect(marks).toContainEqual(mark);
      expect(await hiveHosted([...args, '--target', 'nobody'], withToken)).toMatchObject({
        code: 104,
        stderr: expect.stringContaining("no target with the id 'nobody'") as string,
      });
    } finally {
      running.child.kill('SIGTERM');
      await running.ended;
    }
  });

  it.each([
    [['x', '--url', 'ftp://example.org'], '--url: must be an http://'],
    [['x', '--at', 'yesterday'], '--at: write an ISO 8601 time'],
    [['x'.repeat(201)], 'text: must have at most 200 characters'],
    [['x', '--label', 'main'], "'main' is not a label"],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await hiveHosted(['mark', ...args, '--data', data]);
    expect([code, stderr]).toEqual([104, expect.stringContaining(message)]);
  });
});
