import type { Incident, IncidentDetail, LiveMessage, Maintenance, Rule, Schedule, ScheduledRun } from '@hive/contract';
import { realClock } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen, startTestServer, TARGET, type TestServer } from '../test-server.js';

let server: TestServer;
let answers: number | 'refused' = 200;
let schedule: Schedule;
beforeAll(async () => {
  server = await startTestServer(
    {},
    {
      ask: async () =>
        answers === 'refused'
          ? { type: 'failed', code: 'ECONNREFUSED', message: 'refused' }
          : { type: 'answered', status: answers, location: null, ms: 20 },
      // The pauses before a second look pass at once.
      clock: { ...realClock, sleep: (ms, signal) => realClock.sleep(ms === 20_000 || ms === 40_000 ? 0 : ms, signal) },
    },
  );
  const about = { labels: { team: 'shop' }, runbook: 'https://wiki.example.org/shop' };
  await server.ask('POST', '/api/targets', { ...TARGET, ...about });
  const written = { target: 'shop', what: { type: 'check' }, when: 'every 1h' };
  schedule = (await server.ask<Schedule>('POST', '/api/schedules', written)).body;
});
afterAll(() => server.end());

async function check(): Promise<void> {
  const { body: run } = await server.ask<ScheduledRun>('POST', `/api/schedules/${schedule.id}/run`);
  for (;;) {
    const { runs } = (await server.ask<{ runs: ScheduledRun[] }>('GET', `/api/schedules/${schedule.id}`)).body;
    if (runs.find(({ id }) => id === run.id)?.result !== 'running') return;
    await realClock.sleep(20);
  }
}

const incidents = async (query = ''): Promise<Incident[]> =>
  (await server.ask<{ incidents: Incident[] }>('GET', `/api/incidents${query}`)).body.incidents;

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

describe('incidents', () => {
  it('open at a failed check, tell what one needs to know, and close after two passes', async () => {
    const feed = await listen(server, '?target=shop');
    await check();
    await server.ask('POST', '/api/marks', { target: 'shop', text: 'shop 4.2.1' });
    answers = 'refused';
    await check();
    const told = (await feed.hear(({ type }) => type === 'incident_changed')) as Extract<
      LiveMessage,
      { type: 'incident_changed' }
    >;
    expect(told.data).toMatchObject({ status: 'open', target: 'shop', rule: 'Checks fail', labels: { team: 'shop' } });
    const { id } = told.data;
    const { body } = await server.ask<IncidentDetail>('GET', `/api/incidents/${id}`);
    expect(body).toMatchObject({
      incident: { summary: expect.stringContaining('5 of 5 requests failed: the connection was refused') },
      events: [{ type: 'opened', who: null }],
      lastGood: { result: 'pass' },
      firstBad: { result: 'fail', problems: [{ count: 5, problem: expect.stringContaining('refused') }] },
      marks: [{ text: 'shop 4.2.1' }],
      runbook: 'https://wiki.example.org/shop',
      scheduleId: schedule.id,
      machine: { cores: expect.any(Number) },
    });
    expect(body.checks.map(({ result }) => result)).toEqual(['pass', 'fail']);

    const said = await server.ask<Incident>('POST', `/api/incidents/${id}/acknowledge`, { note: 'looking' });
    expect(said.body.acknowledgedBy).toEqual(expect.any(String));
    const muted = await server.ask<Incident>('POST', `/api/incidents/${id}/mute`, { minutes: 60 });
    expect(Date.parse(muted.body.mutedUntil ?? '')).toBeGreaterThan(Date.now() + 59 * 60_000);
    expect((await server.ask('POST', `/api/incidents/${id}/notes`, { text: 'a deploy' })).status).toBe(201);
    expect(
      (await server.ask<Incident>('POST', `/api/incidents/${id}/mute`, { minutes: 0 })).body.mutedUntil,
    ).toBeNull();

    answers = 200;
    await check();
    expect(await incidents('?status=open')).toHaveLength(1);
    await check();
    feed.socket.close();
    expect(await incidents('?status=open&target=shop')).toEqual([]);
    const after = (await server.ask<IncidentDetail>('GET', `/api/incidents/${id}`)).body;
    expect(after.events.map(({ type, text }) => [type, text])).toEqual([
      ['opened', expect.stringContaining('refused')],
      ['acknowledged', 'looking'],
      ['muted', 'for 60 min'],
      ['note', 'a deploy'],
      ['unmuted', null],
      ['closed', 'it answers'],
    ]);
  });

  it('are opened by rules, which can be changed; what a rule opened ends with it', async () => {
    const input = {
      name: 'Degraded at night',
      target: 'shop',
      when: { type: 'checks', results: ['fail', 'degraded'] },
    };
    const { status, body: rule } = await server.ask<Rule>('POST', '/api/rules', { ...input, severity: 'ticket' });
    expect([status, rule.severity, rule.remindMinutes]).toEqual([201, 'ticket', null]);
    answers = 'refused';
    await check();
    answers = 200;
    const [one, other] = await incidents('?status=open');
    expect([one?.groupId ?? other?.groupId, [one?.rule, other?.rule].toSorted()]).toEqual([
      expect.stringMatching(/^inc_/),
      ['Checks fail', 'Degraded at night'],
    ]);
    const renamed = await server.ask<Rule>('PUT', `/api/rules/${rule.id}`, { ...input, name: 'Renamed' });
    expect(renamed.body).toMatchObject({ name: 'Renamed', changedAt: rule.changedAt });
    expect(await incidents('?status=open')).toHaveLength(2);
    expect((await server.ask('DELETE', `/api/rules/${rule.id}`)).body).toEqual({ deleted: rule.id });
    expect(await incidents('?status=open')).toMatchObject([{ rule: 'Checks fail' }]);
    const listed = (await server.ask<{ rules: Rule[] }>('GET', '/api/rules?target=shop')).body.rules;
    expect(listed.map(({ id }) => id)).toEqual(['rul_checks_degraded', 'rul_checks_fail']);
  });

  it('are not opened within maintenance', async () => {
    const to = new Date(Date.now() + 3_600_000).toISOString();
    const asked = { target: 'shop', to, reason: 'update' };
    const { status, body: window } = await server.ask<Maintenance>('POST', '/api/maintenance', asked);
    expect(status).toBe(201);
    const before = await incidents();
    answers = 'refused';
    await check();
    answers = 200;
    expect(await incidents()).toEqual(before);
    const listed = (await server.ask<{ maintenance: object[] }>('GET', '/api/maintenance')).body.maintenance;
    expect(listed).toMatchObject([{ id: window.id, before: 'fail', after: null }]);
    expect((await server.ask('DELETE', `/api/maintenance/${window.id}`)).status).toBe(200);
  });

  it.each<['POST' | 'GET' | 'PUT' | 'DELETE', string, object | undefined, number, string]>([
    ['POST', '/api/rules', { name: 'x', when: { type: 'moon' } }, 400, 'when'],
    ['POST', '/api/rules', { name: 'x\n', when: { type: 'worse' }, remindMinutes: 4 }, 400, 'remindMinutes'],
    ['POST', '/api/rules', { name: 'x', target: 'nobody', when: { type: 'worse' } }, 404, 'nobody'],
    ['GET', '/api/rules/nothing', undefined, 404, 'nothing'],
    ['PUT', '/api/rules/nothing', { name: 'x', when: { type: 'worse' } }, 404, 'nothing'],
    ['DELETE', '/api/rules/nothing', undefined, 404, 'nothing'],
    ['GET', '/api/incidents/nothing', undefined, 404, 'nothing'],
    ['POST', '/api/incidents/nothing/acknowledge', {}, 404, 'nothing'],
    ['POST', '/api/incidents/nothing/mute', { minutes: -1 }, 400, 'minutes'],
    ['POST', '/api/incidents/nothing/notes', { text: ' ' }, 400, 'text'],
    ['POST', '/api/maintenance', { to: '2020-01-01T00:00:00Z', reason: 'x' }, 400, 'to'],
    ['POST', '/api/maintenance', { to: inDays(32), reason: 'x' }, 400, 'to: must be at most 31 days'],
    ['DELETE', '/api/maintenance/nothing', undefined, 404, 'nothing'],
  ])('%s %s %j: %i', async (method, path, body, status, named) => {
    const answer = await server.ask(method, path, body);
    expect([answer.status, answer.body.error.message]).toEqual([status, expect.stringContaining(named)]);
  });
});
