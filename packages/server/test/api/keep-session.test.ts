import {
  newExecutionId,
  newTrainingId,
  scenarioDetailSchema,
  type FinishedSession,
  type Limit,
  type ScenarioRow,
  type SessionRow,
} from '@hive/contract';
import type { LearnedResult } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { learnedFrom } from '../../src/index.js';
import { sampleResult } from '../store/samples.js';
import { listen, startTestServer, type TestServer } from '../test-server.js';
import { measuredSession } from './measured-session.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.end());

const keep = <Body = SessionRow>(session: unknown) => server.ask<Body>('POST', '/api/sessions', session);

describe('a session that another process measured', () => {
  it('is kept whole, as if it had been measured here, and told', async () => {
    const listener = await listen(server);
    const session = await measuredSession();
    const [{ scenario, startedAt, windows }] = session.scenarios as [FinishedSession['scenarios'][number]];
    const { status, body } = await keep(session);
    expect([status, body]).toEqual([201, session.session]);
    expect(body).toMatchObject({ total_scenarios: 1, successful_scenarios: 1, status: 'completed' });

    const { body: kept } = await server.ask('GET', `/api/sessions/${body.id}`);
    expect(kept).toMatchObject({ ...session.session, scenarios: [{ id: scenario.id, created_at: startedAt }] });
    const { body: detail } = await server.ask('GET', `/api/scenarios/${scenario.id}`);
    expect(scenarioDetailSchema.parse(detail)).toMatchObject({
      results: sampleResult(),
      windows: windows.map(({ window }) => window),
    });
    const { body: summary } = await server.ask('GET', `/api/metrics/summary?session_id=${body.id}`);
    expect(summary).toMatchObject({ scenarios: 1, response_time_ms: { count: 100 }, throughput_per_second: 19 });
    expect((await server.ask('GET', `/api/targets/${session.target.id}`)).body).toEqual(session.target);

    const told = await listener.hear(({ type }) => type === 'session_completed');
    expect(told.data).toEqual({ session: session.session });
    expect(listener.messages.map(({ type }) => type)).toEqual(['hello', 'scenario_completed', 'session_completed']);
    listener.socket.close();
  });

  it('teaches what it taught, but for a run of one scenario', async () => {
    const learned = async (session: FinishedSession): Promise<[Limit | undefined, LearnedResult[]]> => {
      await keep(session);
      const { id } = session.target;
      const { body } = await server.ask<{ limits: Limit[] }>('GET', `/api/targets/${id}/limits`);
      const rows = await server.ask<{ scenarios: ScenarioRow[] }>('GET', `/api/scenarios?target=${id}`);
      return [body.limits.find(({ kind }) => kind === 'load_balancing'), learnedFrom(rows.body.scenarios)];
    };
    const [limit, results] = await learned(await measuredSession());
    expect([limit?.scenarios, results.length]).toEqual([1, 1]);
    const [none, nothing] = await learned(await measuredSession(newExecutionId()));
    expect([none?.scenarios, nothing.length]).toEqual([0, 0]);
  });

  it('leaves a stored target as it is', async () => {
    const session = await measuredSession();
    const stored = {
      id: session.target.id,
      nodes: [{ url: 'http://127.0.0.1:9' }],
      objectives: ['p(95)<80'],
      safety: { maxRatePerSecond: 50 },
    };
    await server.ask('POST', '/api/targets', stored);
    const { body: before } = await server.ask('GET', `/api/targets/${stored.id}`);
    expect(before).not.toEqual(session.target);
    const target = { ...session.target, safety: { ...session.target.safety, allowWrites: true } };
    expect((await keep({ ...session, target })).status).toBe(201);
    expect((await server.ask('GET', `/api/targets/${stored.id}`)).body).toEqual(before);
  });

  it('may be large', async () => {
    const session = await measuredSession(newTrainingId(), 1_200);
    expect(JSON.stringify(session).length).toBeGreaterThan(1024 * 1024);
    expect((await keep(session)).status).toBe(201);
    const [{ scenario }] = session.scenarios as [FinishedSession['scenarios'][number]];
    const { body } = await server.ask<{ windows: unknown[] }>('GET', `/api/scenarios/${scenario.id}`);
    expect(body.windows).toHaveLength(1_200);
  });

  it('is kept once', async () => {
    const session = await measuredSession();
    expect((await keep(session)).status).toBe(201);
    const again = await keep(session);
    expect(again).toMatchObject({ status: 409, body: { error: { message: expect.stringContaining('session.id') } } });
    const other = { ...session, session: { ...session.session, id: newTrainingId() } };
    expect(await keep(other)).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
    expect((await server.ask('GET', `/api/sessions/${other.session.id}`)).status).toBe(404);
  });

  it('is kept whole or not at all, and can be sent again', async () => {
    const session = await measuredSession();
    const twice = { ...session, scenarios: [...session.scenarios, ...session.scenarios] };
    expect((await keep(twice)).status).toBe(409);
    const [{ scenario }] = session.scenarios as [FinishedSession['scenarios'][number]];
    for (const path of [`sessions/${session.session.id}`, `scenarios/${scenario.id}`, `targets/${session.target.id}`])
      expect((await server.ask('GET', `/api/${path}`)).status).toBe(404);
    expect((await keep(session)).status).toBe(201);
  });

  it.each<[string, (session: FinishedSession) => unknown, number, string]>([
    [
      'of a year that no database knows',
      (one) => ({ ...one, session: { ...one.session, started_at: '0000-01-01T00:00:00.000Z' } }),
      400,
      'session.started_at',
    ],
    [
      'with a run of a year that no database knows',
      (one) => ({ ...one, scenarios: one.scenarios.map((run) => ({ ...run, startedAt: '0000-01-01T00:00:00Z' })) }),
      400,
      'scenarios.0.startedAt',
    ],
    [
      'with a window of a year that no database knows',
      (one) => ({ ...one, scenarios: one.scenarios.map((run) => ({ ...run, windows: run.windows.map(undated) })) }),
      400,
      'scenarios.0.windows.0.window.at',
    ],
    ['still running', (one) => ({ ...one, session: { ...one.session, status: 'running' } }), 400, 'session.status'],
    ['without a target', ({ target: _, ...one }) => one, 400, 'target'],
    ['nothing', () => undefined, 400, 'target'],
    [
      'with an objective that is none',
      (one) => ({ ...one, target: { ...one.target, objectives: ['fast'] } }),
      400,
      'target.objectives.0',
    ],
    ['with a histogram that is no base64', (one) => withHistogram(one, '%'), 400, 'scenarios.0.responseTime'],
    ['with a histogram that is none', (one) => withHistogram(one, 'aGVsbG8='), 400, 'scenarios.0.responseTime'],
    [
      'of a target beyond loopback that nobody named',
      (one) => ({ ...one, target: { ...one.target, nodes: [{ url: 'http://10.0.0.1', weight: 1 }] } }),
      403,
      '10.0.0.1',
    ],
  ])('is refused when it is %s', async (_, change, status, words) => {
    const answer = await keep<{ error: { message: string } }>(change(await measuredSession()));
    expect(answer.status).toBe(status);
    expect(answer.body.error.message).toContain(words);
  });
});

function undated(kept: FinishedSession['scenarios'][number]['windows'][number]): unknown {
  return { ...kept, window: { ...kept.window, at: '0000-01-01T00:00:00.000Z' } };
}

function withHistogram(session: FinishedSession, responseTime: string): FinishedSession {
  return { ...session, scenarios: session.scenarios.map((one) => ({ ...one, responseTime })) };
}
