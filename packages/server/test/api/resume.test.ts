import { newTrainingId, toTarget, type RouteOutput, type TrainingStatus } from '@hive/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sampleSession } from '../store/samples.js';
import { startTestServer, TARGET, type TestServer } from '../test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.ask('POST', '/api/targets', TARGET);
});
beforeEach(() => {
  server.load.tickEveryMs = 0;
});
afterAll(() => server.end());

type Session = RouteOutput<'getSession'>;
const session = async (id: string): Promise<Session> => (await server.ask<Session>('GET', `/api/sessions/${id}`)).body;
const resume = (id: string) => server.ask('POST', `/api/sessions/${id}/resume`);
/** A session that was stopped in its second run. */
async function stopped(): Promise<Session> {
  const request = { kinds: ['load_balancing'], budgetSeconds: 60, objectives: ['p(99)<30'] };
  const { body } = await server.ask('POST', '/api/training/start', request);
  await server.until(({ scenarios_completed: done }) => done >= 1);
  server.load.tickEveryMs = 50;
  await server.until(({ current }) => current !== null);
  await server.ask('POST', '/api/training/stop');
  return session(body.session_id);
}

describe('a session that was stopped', () => {
  it('goes on: what it learned counts, and it has the rest of its budget', async () => {
    const before = await stopped();
    expect(before.status).toBe('stopped');
    server.load.tickEveryMs = 50;
    expect(await resume(before.id)).toMatchObject({
      status: 202,
      body: { status: 'training_started', session_id: before.id },
    });
    const status = await server.until(({ current }) => current !== null);
    expect(status).toMatchObject({ session_id: before.id, budget_seconds: 60 });
    expect(status.scenarios_completed).toBeGreaterThanOrEqual(before.total_scenarios);
    expect(status.budget_left_seconds).toBeLessThanOrEqual(60 - (before.runtime_seconds ?? 0));
    expect(status.runtime_seconds).toBeGreaterThanOrEqual(before.runtime_seconds ?? 0);
    server.load.tickEveryMs = 0;
    await server.until(({ scenarios_completed: done, running }) => done > before.total_scenarios || !running);
    await server.ask('POST', '/api/training/stop');
    const after = await session(before.id);
    expect(after.total_scenarios).toBeGreaterThan(before.total_scenarios);
    expect(after.scenarios.map(({ id }) => id)).toEqual(expect.arrayContaining(before.scenarios.map(({ id }) => id)));
    for (const { parameters } of after.scenarios) expect(parameters.objectives).toEqual(['p(99)<30']);
    expect(after.started_at).toBe(before.started_at);
    expect(after.metrics['requests']).toBeGreaterThan(before.metrics['requests'] as number);
  });

  it('is refused while another runs, and while it runs itself', async () => {
    const before = await stopped();
    server.load.tickEveryMs = 50;
    await resume(before.id);
    expect(await resume(before.id)).toMatchObject({ status: 409, body: { error: { code: 'busy' } } });
    await server.ask('POST', '/api/training/stop');
  });

  it('is not known', async () => {
    expect((await resume('nothing')).status).toBe(404);
  });
});

describe('a session that has nothing left to do', () => {
  it('is refused, with what to do instead', async () => {
    const { body } = await server.ask('POST', '/api/scenarios/generate', { kind: 'load_balancing', intensity: 100 });
    await server.ask('POST', `/api/scenarios/${body.id}/execute?wait=true`);
    const { body: run } = await server.ask<TrainingStatus>('GET', '/api/training/status');
    expect(await resume(run.session_id as string)).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict', hint: expect.stringContaining('execute') as string } },
    });
  });
});

describe('stop-all', () => {
  it('stops what runs, and is no fault where nothing does', async () => {
    server.load.tickEveryMs = 50;
    const { body } = await server.ask('POST', '/api/training/start', { kinds: ['load_balancing'] });
    await server.until(({ current }) => current !== null);
    for (let time = 0; time < 2; time += 1) {
      expect(await server.ask('POST', '/api/stop-all')).toEqual({ status: 200, body: { status: 'all_stopped' } });
    }
    expect((await session(body.session_id)).status).toBe('stopped');
  });
});

describe('a session that another process ran', () => {
  it('goes on as it was asked for: precision, soak and its own caps', async () => {
    const target = toTarget({ ...TARGET, id: 'capped' }, 'capped');
    const row = sampleSession(target.id, {
      id: newTrainingId(),
      ended_at: '2026-01-31T12:00:10.000Z',
      status: 'interrupted',
      budget_seconds: 400,
      runtime_seconds: 10,
      precision: 0.2,
      hold_seconds: 90,
      max_rate_per_second: 60,
      max_connections: 3,
    });
    expect((await server.ask('POST', '/api/sessions', { target, session: row, scenarios: [] })).status).toBe(201);
    server.load.orders.length = 0;
    expect(await resume(row.id)).toMatchObject({ status: 202 });
    const status = await server.until(({ scenarios_completed: done, running }) => done >= 2 || !running);
    expect(status).toMatchObject({ precision: 0.2, hold_seconds: 90, budget_seconds: 400 });
    await server.ask('POST', '/api/training/stop');
    const { max_rate_per_second, max_connections, paused_seconds } = await session(row.id);
    expect([max_rate_per_second, max_connections]).toEqual([60, 3]);
    expect(paused_seconds).toBeGreaterThan(1_000);
    expect(server.load.orders.length).toBeGreaterThan(0);
    for (const { arrivals } of server.load.orders) {
      expect(arrivals.model === 'open' ? arrivals.maxConnections : arrivals.connections).toBeLessThanOrEqual(3);
      if (arrivals.model === 'closed') continue;
      for (const { toPerSecond } of arrivals.stages) expect(toPerSecond).toBeLessThanOrEqual(60);
    }
  });

  it('does not go beyond what its target was given since', async () => {
    const target = toTarget({ ...TARGET, id: 'lowered', safety: { maxRatePerSecond: 20 } }, 'lowered');
    const row = sampleSession(target.id, {
      id: newTrainingId(),
      ended_at: '2026-01-31T12:00:10.000Z',
      status: 'stopped',
      budget_seconds: 400,
      runtime_seconds: 10,
      max_rate_per_second: 60,
    });
    await server.ask('POST', '/api/sessions', { target, session: row, scenarios: [] });
    server.load.orders.length = 0;
    await resume(row.id);
    await server.until(({ scenarios_completed: done, running }) => done >= 1 || !running);
    await server.ask('POST', '/api/training/stop');
    expect(server.load.orders.length).toBeGreaterThan(0);
    for (const { arrivals } of server.load.orders) {
      if (arrivals.model === 'closed') continue;
      for (const { toPerSecond } of arrivals.stages) expect(toPerSecond).toBeLessThanOrEqual(20);
    }
  });
});
