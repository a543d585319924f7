import type { Clock } from '@hive/engine';
import type { Storage } from '@hive/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepStorage } from '../../src/history/keep-storage.js';
import { startTestServer, type TestServer } from '../test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.end());

const checks = { checks: 14, check_hours: 395 };
const keptFor = ({ stores }: Storage) => Object.fromEntries(stores.map(({ name, keepDays }) => [name, keepDays]));

it('says what is stored, and sets how long it is kept', async () => {
  const { body } = await server.ask<Storage>('GET', '/api/storage');
  expect(body.stores.map(({ name }) => name)).toEqual([
    'seconds',
    'minutes',
    'runs',
    'sessions',
    'checks',
    'check_hours',
    'targets',
  ]);
  expect(body.stores).toContainEqual({
    name: 'runs',
    bytes: expect.any(Number),
    rows: 0,
    oldest: null,
    keepDays: null,
  });
  const { body: set } = await server.ask<Storage>('PUT', '/api/storage', { keepDays: { seconds: 7, runs: 730 } });
  expect(keptFor(set)).toEqual({ seconds: 7, minutes: 395, runs: 730, sessions: null, ...checks, targets: null });
  const again = await server.ask<Storage>('GET', '/api/storage');
  expect(keptFor(again.body)).toEqual(keptFor(set));
});

it.each<[unknown, string]>([
  [{}, 'keepDays'],
  [{ keepDays: { seconds: 0 } }, 'keepDays.seconds'],
  [{ keepDays: { minutes: 1.5 } }, 'keepDays.minutes'],
  [{ keepDays: { runs: '30' } }, 'keepDays.runs'],
  [{ keepDays: { targets: 30 } }, 'keepDays'],
  [{ keepDays: { seconds: 30 }, more: 1 }, 'more'],
])('refuses %j', async (body, field) => {
  const answer = await server.ask('PUT', '/api/storage', body);
  expect([answer.status, answer.body.error.code]).toEqual([400, 'validation']);
  expect(answer.body.error.message).toContain(field);
});

it('tidies a minute after the start and then every hour, also after a failure', async () => {
  const pauses: number[] = [];
  const ending = new AbortController();
  let tidied = 0;
  const clock = { sleep: async (ms: number) => void pauses.push(ms) } as unknown as Clock;
  const store = {
    async upkeep() {
      tidied += 1;
      if (tidied === 2) throw new Error('the database is away');
      if (tidied === 4) ending.abort();
    },
  };
  const warnings: string[] = [];
  const log = { warn: (_: object, text: string) => void warnings.push(text) } as never;
  await keepStorage({ store, clock, log }, ending.signal);
  expect(pauses).toEqual([60_000, 3_600_000, 3_600_000, 3_600_000, 3_600_000]);
  expect([tidied, warnings.length]).toEqual([4, 1]);
});
