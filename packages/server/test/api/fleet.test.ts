import type {
  CheckHistory,
  Fleet,
  Invitation,
  LiveMessage,
  ScenarioDetail,
  Schedule,
  ScheduledRun,
  ServiceCheck,
  SessionRow,
  Target,
} from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith, natsServer } from '../../../../test/services.js';
import { startAnswering, type Answering } from '../../../engine/test/load/answering.js';
import { joinAs, startTestFleet, type TestFleet } from '../../../fleet/test/bees.js';
import { listen, startTestServer, TARGET, type TestServer } from '../test-server.js';

describeWith(natsServer, 'the load generators of a server', (program) => {
  let fleet: TestFleet;
  let server: TestServer;
  let target: Answering;
  const bees: { close(): Promise<void> }[] = [];
  beforeAll(async () => {
    target = await startAnswering();
    fleet = await startTestFleet(program);
    server = await startTestServer({ natsUrl: fleet.url, fleetKeys: fleet.directory });
    await server.ask('POST', '/api/targets', { id: 'shop', url: target.url });
  });
  afterAll(async () => {
    await Promise.all(bees.map((bee) => bee.close()));
    await server.end();
    await fleet.close();
    await target.close();
  });

  const members = async () => (await server.ask<Fleet>('GET', '/api/fleet')).body.loadGenerators;

  it('are invited, join once, and are told live', async () => {
    const { socket, hear } = await listen(server);
    const { status, body } = await server.ask<Invitation>('POST', '/api/fleet/invite', { name: 'eu-1', region: 'eu' });
    expect([status, body.name, body.region]).toEqual([201, 'eu-1', 'eu']);
    expect(await members()).toMatchObject([{ name: 'eu-1', region: 'eu', state: 'never_seen', joined: false }]);
    bees.push(await joinAs(body.join));
    const isIdle = ({ type, data }: LiveMessage) =>
      type === 'fleet_updated' && data.loadGenerators[0]?.state === 'idle';
    await hear(isIdle);
    socket.close();
    expect(await members()).toMatchObject([{ state: 'idle', joined: true, invitedUntil: null, threads: 1 }]);
    const again = await server.ask('POST', '/api/fleet/invite', { name: 'eu-1' });
    expect([again.status, again.body.error.code]).toEqual([409, 'conflict']);
    const wrong = await server.ask('POST', '/api/fleet/invite', { name: 'Eu 1' });
    expect([wrong.status, wrong.body.error.details.problems[0]?.field]).toEqual([400, 'name']);
  });

  it('send the load of a session that asks for their region, and nobody else does', async () => {
    const { body } = await server.ask('POST', '/api/training/start', { target: 'shop', regions: { eu: 1 } });
    await expect.poll(() => target.seen.length, { timeout: 15_000 }).toBeGreaterThan(20);
    expect(server.load.orders).toEqual([]);
    await server.ask('POST', '/api/training/stop');
    const { body: session } = await server.ask<SessionRow>('GET', `/api/sessions/${body.session_id}`);
    expect(session).toMatchObject({ status: 'stopped', metrics: { regions: { eu: 1 } } });
  });

  it('send where the target says so, unless the session says otherwise', async () => {
    await server.ask('POST', '/api/targets', { id: 'from-eu', url: target.url, regions: { eu: 1 } });
    const { body: kept } = await server.ask<Target>('GET', '/api/targets/from-eu');
    expect(kept.regions).toEqual({ eu: 1 });
    const metricsOf = async (path: string, body: object): Promise<SessionRow['metrics']> => {
      const { body: begun } = await server.ask('POST', path, { target: 'from-eu', ...body });
      await server.ask('POST', '/api/training/stop');
      return (await server.ask<SessionRow>('GET', `/api/sessions/${begun.session_id}`)).body.metrics;
    };
    const sentBy = async (path: string, body: object) => (await metricsOf(path, body))['regions'];
    expect(await sentBy('/api/training/start', {})).toEqual({ eu: 1 });
    expect(await sentBy('/api/verify', { atPerSecond: 10 })).toEqual({ eu: 1 });
    expect(await sentBy('/api/training/start', { regions: 'all' })).toBe('all');
    expect(await sentBy('/api/training/start', { regions: 'here' })).toBeUndefined();
    expect(await metricsOf('/api/training/start', { onLostBee: 'continue' })).toMatchObject({
      regions: { eu: 1 },
      on_lost_bee: 'continue',
    });
    const wrong = await server.ask('POST', '/api/targets', { id: 'wrong', url: target.url, regions: { eu: 0 } });
    expect([wrong.status, wrong.body.error.details.problems[0]?.field]).toEqual([400, 'regions.eu']);
  });

  it('send a single run, where its target or its caller wants it from them', async () => {
    const { body: run } = await server.ask('POST', '/api/scenarios', {
      target: 'from-eu',
      kind: 'load_balancing',
      intensity: 50,
      durationSeconds: 1,
    });
    const execute = async (body?: object): Promise<ScenarioDetail & { session: SessionRow }> => {
      const done = await server.ask('POST', `/api/scenarios/${run.id}/execute?wait=true`, body);
      expect(done.status).toBe(200);
      const { body: detail } = await server.ask<ScenarioDetail>('GET', `/api/scenarios/${run.id}`);
      const { body: session } = await server.ask<SessionRow>('GET', `/api/sessions/${detail.session_id}`);
      return { ...detail, session };
    };
    const before = server.load.orders.length;
    const away = await execute({ onLostBee: 'continue' });
    expect(Object.keys(away.results?.measurement?.byRegion ?? {})).toEqual(['eu']);
    expect(away.session.metrics).toMatchObject({ regions: { eu: 1 }, on_lost_bee: 'continue' });
    expect(server.load.orders.length).toBe(before);
    const here = await execute({ regions: 'here' });
    expect([here.results?.measurement?.byRegion, here.session.metrics['regions']]).toEqual([undefined, undefined]);
    expect(server.load.orders.length).toBe(before + 1);
  });

  it('send no run whose faults are on connections of this machine', async () => {
    const faults = [{ type: 'latency', attributes: { latency: 50 } }];
    const body = { target: 'shop', kind: 'load_balancing', intensity: 10, durationSeconds: 1, faults };
    const { body: run } = await server.ask('POST', '/api/scenarios', body);
    const answer = await server.ask('POST', `/api/scenarios/${run.id}/execute`, { regions: { eu: 1 } });
    expect([answer.status, answer.body.error.message]).toEqual([400, expect.stringMatching(/^regions: the faults/)]);
  });

  it('send what a schedule does, from where it says', async () => {
    const { body: schedule } = await server.ask<Schedule>('POST', '/api/schedules', {
      target: 'shop',
      what: { type: 'verify', atPerSecond: 20, forSeconds: 1, regions: { eu: 1 }, onLostBee: 'continue' },
      when: 'every 1h',
    });
    expect(schedule.what).toMatchObject({ regions: { eu: 1 }, onLostBee: 'continue' });
    await server.ask('POST', `/api/schedules/${schedule.id}/run`);
    const sessionOf = async (): Promise<string | null> =>
      (await server.ask<{ runs: ScheduledRun[] }>('GET', `/api/schedules/${schedule.id}`)).body.runs[0]?.sessionId ??
      null;
    await expect.poll(sessionOf).not.toBeNull();
    await server.ask('POST', '/api/training/stop');
    const { body: session } = await server.ask<SessionRow>('GET', `/api/sessions/${await sessionOf()}`);
    expect(session.metrics).toMatchObject({ regions: { eu: 1 }, on_lost_bee: 'continue' });
  });

  it('ask what a check asks, where its schedule or its target wants it from them', async () => {
    const checked = async (what: object): Promise<ServiceCheck> => {
      const asked = { target: 'from-eu', what: { type: 'check', ...what }, when: 'every 1h' };
      const { body: schedule } = await server.ask<Schedule>('POST', '/api/schedules', asked);
      await server.ask('POST', `/api/schedules/${schedule.id}/run`);
      const newest = async (): Promise<ServiceCheck | undefined> =>
        (await server.ask<CheckHistory>('GET', '/api/checks?target=from-eu')).body.checks[0];
      await expect.poll(async () => (await newest())?.scheduleId).toBe(schedule.id);
      return (await newest())!;
    };
    const away = { result: 'pass', asked: 5, good: 5, byRegion: { eu: { asked: 5, good: 5 } } };
    expect(await checked({})).toMatchObject(away);
    expect(await checked({ regions: 'all' })).toMatchObject(away);
    expect((await checked({ regions: { eu: 1, us: 1 } })).byRegion).toMatchObject({
      eu: { good: 5 },
      us: { asked: 0, reason: 'no load generator of us is there' },
    });
    expect((await checked({ regions: 'here' })).byRegion).toBeUndefined();
    expect(await checked({ regions: { us: 1 } })).toMatchObject({ result: 'invalid', asked: 0 });
  });

  it('are refused where nobody of a region is there', async () => {
    const { status, body } = await server.ask('POST', '/api/training/start', { target: 'shop', regions: { us: 1 } });
    expect([status, body.error.code]).toEqual([400, 'validation']);
    expect(body.error).toMatchObject({ message: 'regions: no load generator is in us', hint: 'there are eu' });
  });

  it('do not hear a Hive that revoked them', async () => {
    expect((await server.ask('POST', '/api/fleet/eu-1/revoke')).body).toEqual({ revoked: 'eu-1' });
    expect(await members()).toEqual([]);
    const { status, body } = await server.ask('POST', '/api/fleet/eu-1/revoke');
    expect([status, body.error.code]).toEqual([404, 'not_found']);
  });
});

describe('a server without a fleet', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await server.ask('POST', '/api/targets', TARGET);
  });
  afterAll(() => server.end());

  it('says so, and how there comes to be one', async () => {
    expect((await server.ask('GET', '/api/fleet')).body).toEqual({ url: null, loadGenerators: [] });
    const asked: [path: string, body: object][] = [
      ['/api/fleet/invite', { name: 'eu-1' }],
      ['/api/training/start', { regions: 'all' }],
    ];
    for (const [path, body] of asked) {
      const answer = await server.ask('POST', path, body);
      expect(answer.body.error.message).toMatch(/this Hive leads no load generators on other machines$/);
      expect(answer.body.error.hint).toContain('NATS_URL');
    }
  });
});
