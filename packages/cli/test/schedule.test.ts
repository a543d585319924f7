import { rm } from 'node:fs/promises';
import type { Schedule, ShownSchedule } from '@hive/contract';
import { loadConfig, startServer, type Server } from '@hive/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../test/prepared-data.js';
import { hiveHosted } from './hive-process.js';

let data: string;
let server: Server;
beforeAll(async () => {
  data = await preparedData('hive-schedule-');
  server = await startServer(loadConfig({}, { port: 0, dataDir: data, logLevel: 'silent' }));
  await server.app.inject({ method: 'POST', url: '/api/targets', payload: { id: 'shop', url: 'http://127.0.0.1:9' } });
});
afterAll(async () => {
  await server.close();
  await rm(data, { recursive: true, force: true });
});

const schedule = (...args: string[]) => hiveHosted(['schedule', ...args, '--data', data]);

describe('hive schedule', () => {
  it('adds, lists, turns off and on, and removes', async () => {
    expect((await schedule()).stdout).toBe('Nothing is scheduled.\n');
    const night = ['--do', 'train', '--kinds', 'load_balancing', '--budget', '2m', '--cron', '0 3 * * *'];
    const added = await schedule('add', 'shop', ...night, '--time-zone', 'Europe/Berlin', '--json');
    const { schedule: made } = JSON.parse(added.stdout) as { schedule: Schedule };
    expect(made).toMatchObject({
      target: 'shop',
      what: { type: 'train', kinds: ['load_balancing'], budgetSeconds: 120 },
      when: '0 3 * * *',
      timeZone: 'Europe/Berlin',
    });
    expect((await schedule('off', made.id)).stdout).toBe(`${made.id} is off.\n`);
    expect((await schedule('list', 'shop')).stdout).toBe(`${made.id}  shop  train  0 3 * * * Europe/Berlin  off\n`);
    await schedule('on', made.id);
    const { schedules } = JSON.parse((await schedule('--json')).stdout) as { schedules: ShownSchedule[] };
    expect(schedules).toMatchObject([{ id: made.id, on: true, last: null, stale: false }]);
    expect((await schedule('remove', made.id)).code).toBe(0);
  });

  it.each([
    [['add', 'shop'], 'write either --every or --cron'],
    [['add', 'shop', '--every', '4s'], "when: write 'every 15m'"],
    [['add', 'shop', '--every', '5s', '--do', 'train'], 'only a check may come more often than every 1m'],
    [['add', 'shop', '--every', '5m', '--do', 'verify'], 'what.atPerSecond'],
    [['add', 'nobody', '--every', '5m'], "no target with the id 'nobody'"],
    [['add'], 'needs the id of a target'],
    [['off'], 'needs the id of a schedule'],
    [['run', 'sch_0'], "no schedule with the id 'sch_0'"],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await schedule(...args);
    expect([code, stderr.replaceAll(/\s+/g, ' ')]).toEqual([104, expect.stringContaining(message)]);
  });

  it('says where no Hive answers', async () => {
    const { code, stderr } = await schedule('list', '--url', 'http://127.0.0.1:9');
    expect([code, stderr]).toEqual([106, expect.stringContaining('no Hive answers at http://127.0.0.1:9')]);
  });
});
