import { newTrainingId, toTarget, type FinishedSession, type RouteOutput } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleResult, sampleScenario, sampleSession, sampleWindow } from '../store/samples.js';
import { startTestServer, type TestServer } from '../test-server.js';

const MIB = 1024 * 1024;
const RUNS = 12;
/** One run is a fifth of what an answer may be. */
const RUN_BYTES = 400_000;

let server: TestServer;
const target = toTarget({ url: 'http://127.0.0.1:9' }, 'large');
const session = sampleSession(target.id, { id: newTrainingId(), ended_at: '2026-01-31T12:59:00.000Z' });

/** A run with its windows, as another process measured it. */
function large(index: number): FinishedSession['scenarios'][number] {
  const scenario = sampleScenario(target.id, { description: `run ${index}` });
  const ids = { scenarioId: scenario.id, sessionId: session.id, targetId: target.id };
  const none = { responseTime: null, serviceTime: null };
  const windows = Array.from({ length: 20 }, (_, second) => ({
    window: sampleWindow(ids, { fromMs: second * 1_000, toMs: (second + 1) * 1_000 }),
    ...none,
  }));
  const result = sampleResult({ findings: ['x'.repeat(RUN_BYTES)] });
  return { startedAt: `2026-01-31T12:${10 + index}:00.000Z`, scenario, result, ...none, windows };
}

beforeAll(async () => {
  server = await startTestServer();
  const scenarios = Array.from({ length: RUNS }, (_, index) => large(index));
  const kept = await server.ask('POST', '/api/sessions', { target, session, scenarios });
  expect(kept.status).toBe(201);
  for (let index = 0; index < 8; index += 1) {
    const requests = [{ method: 'POST', body: 'x'.repeat(RUN_BYTES) }];
    await server.ask('POST', '/api/targets', { id: `t${index}`, url: 'http://127.0.0.1:9', requests });
  }
});
afterAll(() => server.end());

/** All pages of a list; none may be too large. */
async function paged<Row>(path: string, rowsOf: (body: never) => Row[]): Promise<Row[]> {
  const rows: Row[] = [];
  let after: string | null = null;
  do {
    const next: string = after === null ? '' : `${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(after)}`;
    const answer = await server.app.inject(`${path}${next}`);
    expect([answer.statusCode, answer.rawPayload.length < 2 * MIB]).toEqual([200, true]);
    const body = answer.json<{ next: string | null }>();
    rows.push(...rowsOf(body as never));
    after = body.next;
  } while (after !== null);
  return rows;
}

describe('no answer is larger than 2 MiB', () => {
  it('lists end a page earlier, and all pages together have every row once', async () => {
    const scenarios = await paged('/api/scenarios?limit=500', (body: RouteOutput<'listScenarios'>) => body.scenarios);
    expect(scenarios.map(({ description }) => description)).toEqual(
      Array.from({ length: RUNS }, (_, index) => `run ${RUNS - 1 - index}`),
    );
    const targets = await paged('/api/targets', (body: RouteOutput<'listTargets'>) => body.targets);
    expect(targets.map(({ id }) => id).toSorted()).toEqual(['large', ...Array.from({ length: 8 }, (_, i) => `t${i}`)]);
  });

  it('a session tells where its older runs are', async () => {
    const answer = await server.app.inject(`/api/sessions/${session.id}`);
    expect(answer.rawPayload.length).toBeLessThan(2 * MIB);
    const { scenarios, next } = answer.json<RouteOutput<'getSession'>>();
    expect(scenarios.length).toBeGreaterThan(0);
    const older = `/api/scenarios?session=${session.id}&limit=500&after=${next}`;
    const rest = await server.app.inject(older);
    expect(rest.json<RouteOutput<'listScenarios'>>().scenarios[0]?.description).toBe(
      `run ${RUNS - 1 - scenarios.length}`,
    );
  });

  it.each([
    ['/api/problems/recent?limit=200'],
    ['/api/metrics/latest?limit=5000'],
    ['/api/metrics/summary'],
    ['/api/analytics/performance'],
    ['/api/analytics/performance?target=large'],
    ['/api/sessions?limit=500'],
    ['/api/targets/large/limits'],
    ['/api/targets/t1'],
    ['/api/scenarios/counts'],
    ['/openapi.json'],
  ])('%s', async (path) => {
    const { statusCode, rawPayload } = await server.app.inject(path);
    expect(statusCode).toBe(200);
    expect(rawPayload.length).toBeLessThan(2 * MIB);
  });

  it('recent problems are all there, however large their runs are', async () => {
    const { body } = await server.ask<RouteOutput<'recentProblems'>>('GET', '/api/problems/recent?limit=200');
    expect(body.problems).toHaveLength(RUNS);
  });

  it('what would not fit is not stored', async () => {
    const scenarios = [{ ...large(0), result: sampleResult({ findings: ['x'.repeat(1.1 * MIB)] }) }];
    const { status, body } = await server.ask('POST', '/api/sessions', {
      target,
      session: { ...session, id: newTrainingId() },
      scenarios,
    });
    expect([status, body.error.details.problems[0]?.field]).toEqual([400, 'scenarios.0']);
  });
});
