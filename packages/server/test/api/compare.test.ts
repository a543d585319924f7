import { newTrainingId, type Comparison, type Limit } from '@hive/contract';
import type { TrainingEvent } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatherSession } from '../../src/index.js';
import { sampleResult, sampleScenario, sampleTarget } from '../store/samples.js';
import { startTestServer, type AnyBody, type TestServer } from '../test-server.js';

const target = sampleTarget();

/** What a session found by itself, ±4 %, whatever it knew before. */
function found(estimate: number): Limit {
  const ends = { estimate, low: 0.96 * estimate, high: estimate / 0.96, band: null, safe: 0.9 * estimate };
  const shared = {
    kind: 'load_balancing',
    unit: 'requests/s',
    status: 'known',
    method: 'belief',
    level: 0.95,
  } as const;
  const more = { horizonSeconds: 30, binding: null, scenarios: 8, updatedAt: new Date(0).toISOString() };
  return { ...shared, ...ends, ...more, estimate: 400, own: { status: 'known', ...ends, seconds: 120, scenarios: 8 } };
}

describe('two stored sessions compared', () => {
  let server: TestServer;
  const compare = <Body = Comparison>(query: string) => server.ask<Body>('GET', `/api/compare?${query}`);
  /** Stores a session that found this limit. */
  async function store(limits: Limit[]): Promise<string> {
    const sessionId = newTrainingId();
    const scenario = { ...sampleScenario(target.id), kind: 'load_balancing' as const };
    async function* events(): AsyncGenerator<TrainingEvent> {
      yield { type: 'scenario_started', scenario, reason: 'to begin with', plannedMs: 1_000 };
      yield { type: 'scenario_completed', scenario, result: sampleResult(), responseTime: null, serviceTime: null };
      yield { type: 'ended', code: 'goal', reason: 'the limits are known', stopped: false, limits };
    }
    const { signal } = new AbortController();
    const own = { target, sessionId, kinds: [scenario.kind], budgetSeconds: 60, signal, events };
    const { session } = await gatherSession(own);
    expect((await server.ask('POST', '/api/sessions', session)).status).toBe(201);
    return sessionId;
  }
  let before: string;
  let after: string;
  beforeAll(async () => {
    server = await startTestServer();
    before = await store([found(400)]);
    after = await store([found(300)]);
  });
  afterAll(() => server.end());

  it('say by how much the second is worse', async () => {
    const { status, body } = await compare(`a=${before}&b=${after}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      answer: 'worse',
      tolerance: 0.1,
      items: [{ of: 'limit', name: 'load_balancing', base: 400, candidate: 300, ratio: expect.closeTo(0.75, 6) }],
    });
    expect((await compare(`a=${after}&b=${before}`)).body.answer).toBe('better');
  });

  it('allow as much as is asked', async () => {
    expect((await compare(`a=${before}&b=${after}&tolerance=0.3`)).body.answer).toBe('no_evidence');
  });

  it('stand for their target by the newest that found a limit', async () => {
    await store([]);
    const { body } = await compare(`a=${before}&b=${target.id}`);
    expect(body.items).toMatchObject([{ candidate: 300 }]);
  });

  it('are the newest and the one before it where none is named', async () => {
    expect((await compare('')).body.items).toMatchObject([{ base: 400, candidate: 300 }]);
    const answer = await compare<AnyBody>(`b=${before}`);
    expect([answer.status, answer.body.error.message]).toEqual([404, expect.stringContaining(`before ${before}`)]);
  });

  it.each([
    ['a=ses_none&b=ses_none', 404, 'not_found', /ses_none/],
    ['a=x&b=y&tolerance=2', 400, 'validation', /tolerance: /],
  ])('refuse %s', async (query, status, code, message) => {
    const answer = await compare<AnyBody>(query);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(answer.body.error.message).toMatch(message);
  });
});
