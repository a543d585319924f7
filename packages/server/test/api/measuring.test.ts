import { executedScenarioSchema, scenarioRowSchema, type RouteOutput, type ScenarioRow } from '@hive/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import { startTestServer, TARGET, type TestServer } from '../test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  await server.ask('POST', '/api/training/stop');
  server.load.tickEveryMs = 0;
  for (const { id } of (await server.ask<RouteOutput<'listTargets'>>('GET', '/api/targets')).body.targets) {
    await server.ask('DELETE', `/api/targets/${id}`);
  }
});
afterAll(() => server.end());

const generate = async (body: object = {}) =>
  (await server.ask<ScenarioRow>('POST', '/api/scenarios/generate', body)).body;
const getSession = async (id: string) =>
  (await server.ask<RouteOutput<'getSession'>>('GET', `/api/sessions/${id}`)).body;

describe('training', () => {
  it.each([
    ['?kind=nothing', 'kind', 'must be one of concurrent_requests,'],
    ['?intensity=fast', 'intensity', 'write a number, such as 300'],
    ['?intensity=-1', 'intensity', 'write a number above 0'],
  ])('says what is wrong with %s', async (query, field, told) => {
    await server.ask('POST', '/api/targets', TARGET);
    const { status, body } = await server.ask('GET', `/api/targets/shop/predict${query}`);
    expect(status).toBe(400);
    expect(body.error.details.problems[0]?.field).toContain(field);
    expect(body.error.message).toContain(`${field}: ${told}`);
  });

  it('runs one at a time, and a stop is heeded at once and can be repeated', async () => {
    server.load.tickEveryMs = 50;
    await server.ask('POST', '/api/targets', TARGET);
    const first = await server.ask('POST', '/api/training/start');
    expect(first.status).toBe(202);
    await server.until(({ current }) => current !== null);

    const second = await server.ask('POST', '/api/training/start');
    expect(second.status).toBe(409);
    expect(second.body.error).toMatchObject({ code: 'busy', details: { session_id: first.body.session_id } });
    const scenario = await generate({ kind: 'load_balancing' });
    expect((await server.ask('POST', `/api/scenarios/${scenario.id}/execute`)).status).toBe(409);
    expect((await server.ask('DELETE', '/api/targets/shop')).status).toBe(409);
    expect((await server.app.inject('/metrics')).body).toContain('hive_session_running 1');

    for (let times = 0; times < 2; times += 1) {
      expect(await server.ask('POST', '/api/training/stop')).toEqual({
        status: 200,
        body: { status: 'training_stopped' },
      });
    }
    const status = (await server.ask('GET', '/api/training/status')).body;
    expect(status).toMatchObject({ running: false, session_id: first.body.session_id, current: null });
    const session = await getSession(first.body.session_id);
    expect(session).toMatchObject({ status: 'stopped', end_reason: 'stopped' });
    expect(session.scenarios[0]?.verdict).toBe('aborted');
    expect((await server.ask('POST', '/api/training/start')).status).toBe(202);
  });

  it('does not start on a target that nobody answers, and says why', async () => {
    const refusing = await startTestServer(
      {},
      { ask: () => Promise.resolve({ type: 'failed', code: 'ECONNREFUSED', message: 'refused' }) },
    );
    try {
      await refusing.ask('POST', '/api/targets', TARGET);
      const { status, body } = await refusing.ask('POST', '/api/training/start');
      expect(status).toBe(502);
      expect(body.error).toMatchObject({ code: 'target_unreachable', hint: expect.stringContaining('service runs') });
      expect(body.error.message).toContain('connection was refused');
      expect((await refusing.ask<RouteOutput<'trainingStatus'>>('GET', '/api/training/status')).body).toMatchObject({
        running: false,
        session_id: null,
      });
      expect(refusing.load.orders).toEqual([]);
    } finally {
      await refusing.end();
    }
  });

  it('stops only the session that is named', async () => {
    server.load.tickEveryMs = 50;
    await server.ask('POST', '/api/targets', TARGET);
    const done = await server.ask('POST', '/api/training/start');
    await server.ask('POST', '/api/training/stop', { session_id: done.body.session_id });
    await server.ask('POST', '/api/training/start');
    expect((await server.ask('POST', '/api/training/stop', { session_id: done.body.session_id })).status).toBe(200);
    expect((await server.ask<RouteOutput<'trainingStatus'>>('GET', '/api/training/status')).body.running).toBe(true);
    expect((await server.ask('POST', '/api/training/stop', { session_id: 'nobody' })).status).toBe(404);
  });

  it('ends with its budget', async () => {
    server.load.tickEveryMs = 250;
    await server.ask('POST', '/api/targets', TARGET);
    const startedAt = performance.now();
    const { body } = await server.ask('POST', '/api/training/start', { budgetSeconds: 5 });
    await server.until(({ running }) => !running);
    expect(performance.now() - startedAt).toBeLessThan(8_000);
    expect((await getSession(body.session_id)).status).toBe('completed');
  });

  itSlow('goes on until it is stopped when it is continuous', async () => {
    server.load.tickEveryMs = 1;
    await server.ask('POST', '/api/targets', TARGET);
    const { body } = await server.ask('POST', '/api/training/start', { continuous: true, kinds: ['load_balancing'] });
    expect(body).toMatchObject({ status: 'training_started' });
    // One that ends by itself is done after seven.
    const status = await server.until(({ scenarios_completed }) => scenarios_completed > 10);
    expect(status).toMatchObject({ running: true, budget_left_seconds: null });
    await server.ask('POST', '/api/training/stop');
    const session = await getSession(body.session_id);
    expect(session).toMatchObject({ status: 'stopped', budget_seconds: null });
  });

  it('takes the practice target when none is named, else the only one, and says so when there is none', async () => {
    const none = await server.ask('POST', '/api/training/start');
    expect(none.status).toBe(400);
    expect(none.body.error).toMatchObject({ code: 'no_target', hint: expect.stringContaining('--demo') });
    await server.ask('POST', '/api/targets', TARGET);
    await server.ask('POST', '/api/targets', { ...TARGET, id: 'other' });
    expect((await server.ask('POST', '/api/training/start')).body.error.message).toContain('shop, other');
    await server.ask('POST', '/api/targets', { ...TARGET, id: 'practice' });
    expect((await generate()).target_id).toBe('practice');
  });

  it('knows no session and no target that never was', async () => {
    expect((await server.ask('POST', '/api/training/start', { target: 'nobody' })).status).toBe(404);
    expect((await server.ask('POST', '/api/training/stop', { session_id: 4 })).status).toBe(400);
  });
});

describe('scenarios', () => {
  beforeEach(async () => {
    await server.ask('POST', '/api/targets', TARGET);
  });

  it('are generated, the same for the same seed', async () => {
    const request = { kind: 'concurrent_requests', difficulty: 'hard', seed: 7 };
    const { status, body } = await server.ask<ScenarioRow>('POST', '/api/scenarios/generate', request);
    expect(status).toBe(201);
    expect(scenarioRowSchema.parse(body)).toMatchObject({
      scenario_type: 'concurrent_requests',
      difficulty: 'hard',
      completed: false,
      calibrated: false,
      verdict: null,
    });
    expect((await generate(request)).intensity).toBe(body.intensity);
  });

  it('are executed at once or waited for, and again', async () => {
    const { id } = await generate({ kind: 'load_balancing', intensity: 100 });
    const { status, body } = await server.ask('POST', `/api/scenarios/${id}/execute`);
    expect({ status, body }).toEqual({ status: 202, body: { scenario_id: id, session_id: expect.any(String) } });
    await server.until(({ running }) => !running);
    const again = await server.ask('POST', `/api/scenarios/${id}/execute?wait=true`);
    expect(again.status).toBe(200);
    const row = executedScenarioSchema.parse(again.body);
    expect(row).toMatchObject({ id, completed: true, verdict: 'passed', validity: { status: 'valid' } });
    expect(row.session_id).not.toBe(body.session_id);
  });

  it('fail where the target gives in', async () => {
    const { id } = await generate({ kind: 'load_balancing', intensity: 800 });
    const { body } = await server.ask<ScenarioRow>('POST', `/api/scenarios/${id}/execute?wait=true`);
    expect(body.verdict).toBe('failed');
  });

  it('answer with the cause when they cannot be executed', async () => {
    const { id } = await generate({ kind: 'load_balancing' });
    const { run } = server.load;
    server.load.run = () => {
      throw new Error('the thread died');
    };
    const { status, body } = await server.ask('POST', `/api/scenarios/${id}/execute?wait=true`);
    server.load.run = run;
    expect(status).toBe(500);
    expect(body.error).toMatchObject({ code: 'internal', message: 'the thread died' });
    const { sessions } = (await server.ask<RouteOutput<'listSessions'>>('GET', '/api/sessions')).body;
    expect(sessions[0]).toMatchObject({ status: 'failed', end_reason: 'the thread died' });
  });

  it('that never were cannot be executed', async () => {
    expect((await server.ask('POST', '/api/scenarios/nobody/execute')).status).toBe(404);
    const { id } = await generate();
    const odd = await server.ask('POST', `/api/scenarios/${id}/execute?wait=perhaps`);
    expect(odd.status).toBe(400);
    expect(odd.body.error.message).toContain('wait');
  });
});
