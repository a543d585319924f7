import type { CheckHistory, LiveMessage, ScheduledRun, Schedule, ServiceCheck, ShownSchedule } from '@hive/contract';
import { realClock } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen, startTestServer, TARGET, type TestServer } from '../test-server.js';

type WithRuns = ShownSchedule & { runs: ScheduledRun[] };

let server: TestServer;
let answers: number | 'refused' = 200;
beforeAll(async () => {
  server = await startTestServer(
    {},
    {
      ask: async () =>
        answers === 'refused'
          ? { type: 'failed', code: 'ECONNREFUSED', message: 'refused' }
          : { type: 'answered', status: answers, location: null, ms: 20 },
      // The pauses before a second look pass at once.
      clock: { ...realClock, sleep: (ms, signal) => realClock.sleep(ms >= 15_000 && ms <= 40_000 ? 50 : ms, signal) },
    },
  );
  await server.ask('POST', '/api/targets', TARGET);
});
afterAll(() => server.end());

async function create(schedule: object): Promise<Schedule> {
  const { status, body } = await server.ask<Schedule>('POST', '/api/schedules', { target: 'shop', ...schedule });
  expect(status).toBe(201);
  return body;
}

async function runOnce({ id }: Schedule): Promise<ScheduledRun> {
  const { status, body } = await server.ask<ScheduledRun>('POST', `/api/schedules/${id}/run`);
  expect([status, body.result]).toEqual([202, 'running']);
  for (;;) {
    const { runs } = (await server.ask<WithRuns>('GET', `/api/schedules/${id}`)).body;
    const run = runs.find((one) => one.id === body.id);
    if (run !== undefined && run.result !== 'running') return run;
    await realClock.sleep(20);
  }
}

describe('schedules', () => {
  it('are made, shown, changed and deleted', async () => {
    const made = await create({
      what: { type: 'train', budgetSeconds: 60 },
      when: '0 3 * * *',
      timeZone: 'Europe/Berlin',
    });
    expect(made).toMatchObject({ id: expect.stringMatching(/^sch_/), on: true, target: 'shop' });
    expect(Date.parse(made.nextAt ?? '')).toBeGreaterThan(Date.now());
    const { body: list } = await server.ask<{ schedules: ShownSchedule[] }>('GET', '/api/schedules?target=shop');
    expect(list.schedules).toEqual([{ ...made, last: null, stale: false }]);
    const change = { target: 'shop', what: { type: 'check' }, when: 'every 1h', on: false };
    const { body: changed } = await server.ask<Schedule>('PUT', `/api/schedules/${made.id}`, change);
    expect(changed).toMatchObject({ ...change, nextAt: null, createdAt: made.createdAt });
    expect((await server.ask('DELETE', `/api/schedules/${made.id}`)).body).toEqual({ deleted: made.id });
    expect((await server.ask('GET', `/api/schedules/${made.id}`)).status).toBe(404);
  });

  it.each<[object, number, string]>([
    [{ what: { type: 'check' }, when: 'sometimes' }, 400, 'when'],
    [{ what: { type: 'check' }, when: 'every 4s' }, 400, 'when'],
    [{ what: { type: 'train' }, when: 'every 5s' }, 400, 'when'],
    [{ what: { type: 'check' }, when: '99 3 * * *' }, 400, 'when'],
    [{ what: { type: 'check' }, when: 'every 5m', timeZone: 'Mars' }, 400, 'timeZone'],
    [{ what: { type: 'rest' }, when: 'every 5m' }, 400, 'what'],
    [{ what: { type: 'verify' }, when: 'every 5m' }, 400, 'atPerSecond'],
    [{ what: { type: 'check' }, when: 'every 5m', target: 'nobody' }, 404, 'nobody'],
  ])('refuse %j', async (schedule, status, field) => {
    const answer = await server.ask('POST', '/api/schedules', { target: 'shop', ...schedule });
    expect([answer.status, answer.body.error.message]).toEqual([status, expect.stringContaining(field)]);
  });

  it('check a target: five requests, told on the feed, counted by day', async () => {
    const feed = await listen(server, '?target=shop');
    const schedule = await create({ what: { type: 'check' }, when: 'every 1h' });
    const run = await runOnce(schedule);
    expect(run).toMatchObject({ result: 'pass', reason: null, checkId: expect.stringMatching(/^chk_/) });
    const told = (await feed.hear(({ type }) => type === 'check_completed')) as Extract<
      LiveMessage,
      { type: 'check_completed' }
    >;
    feed.socket.close();
    expect(told.data).toMatchObject({ id: run.checkId, result: 'pass', asked: 5, good: 5, medianMs: 20, attempts: 1 });
    answers = 'refused';
    expect(await runOnce(schedule)).toMatchObject({ result: 'fail', reason: expect.stringContaining('refused') });
    answers = 200;
    const { body } = await server.ask<CheckHistory>('GET', '/api/checks?target=shop');
    expect(body.checks.map(({ result, attempts }: ServiceCheck) => [result, attempts])).toEqual([
      ['fail', 3],
      ['pass', 1],
    ]);
    expect(body.days).toMatchObject([{ counts: { pass: 1, fail: 1, degraded: 0 } }]);
    expect(body.uptime).toBe(0.5);
  });

  it('measure a target; what loads it is no failed check', async () => {
    const verify = await create({ what: { type: 'verify', atPerSecond: 50, forSeconds: 1 }, when: '0 3 * * *' });
    const ended = runOnce(verify);
    await server.until(({ running }) => running);
    answers = 503;
    const check = await runOnce(await create({ what: { type: 'check' }, when: 'every 1h' }));
    answers = 200;
    expect(check.result).toBe('under_load');
    const run = await ended;
    const { body: session } = await server.ask<{ labels: object }>('GET', `/api/sessions/${run.sessionId}`);
    expect(session.labels).toEqual({ schedule: verify.id });
    expect(['pass', 'invalid', 'fail']).toContain(run.result);
    expect((await server.ask<CheckHistory>('GET', '/api/checks?target=shop')).body.uptime).toBe(0.5);
  });
});
