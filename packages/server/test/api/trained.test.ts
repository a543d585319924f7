import type { RouteOutput, ScenarioRow } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen, startTestServer, TARGET, type Listener, type TestServer } from '../test-server.js';

let server: TestServer;
let listener: Listener;
/** The session that all these look at. */
let sessionId: string;
beforeAll(async () => {
  server = await startTestServer();
  await server.ask('POST', '/api/targets', TARGET);
  listener = await listen(server);
  const { status, body } = await server.ask('POST', '/api/training/start', { kinds: ['load_balancing'], seed: 1 });
  expect(status).toBe(202);
  expect(body).toEqual({ status: 'training_started', session_id: expect.any(String) });
  sessionId = body.session_id;
  await listener.hear(({ type }) => type === 'session_completed');
  await server.until(({ running }) => !running);
});
afterAll(async () => {
  listener.socket.close();
  await server.end();
});

const predict = async (query: string, target = 'shop') =>
  (await server.ask<RouteOutput<'predict'>>('GET', `/api/targets/${target}/predict${query}`)).body;
const shopLimits = async () =>
  (await server.ask<RouteOutput<'targetLimits'>>('GET', '/api/targets/shop/limits')).body.limits;

describe('a training session', () => {
  it('finds the limit and leaves it in the session', async () => {
    const { body: session } = await server.ask<RouteOutput<'getSession'>>('GET', `/api/sessions/${sessionId}`);
    expect(session).toMatchObject({ status: 'completed', target_id: 'shop', kinds: ['load_balancing'] });
    expect(session.total_scenarios).toBeGreaterThan(3);
    expect(session.scenarios).toHaveLength(session.total_scenarios);
    const [limit] = session.limits;
    expect(limit).toMatchObject({ kind: 'load_balancing', status: 'known' });
    expect(limit?.low).toBeLessThanOrEqual(400);
    expect(limit?.high).toBeGreaterThanOrEqual(400 * 0.99);
    const learned = (await shopLimits()).find(({ kind }) => kind === 'load_balancing');
    // Folded again from what was stored, whose times differ by milliseconds.
    expect((learned?.estimate ?? 0) / (limit?.estimate ?? 1)).toBeCloseTo(1, 2);
  });

  it('predicts nothing of a target that was never tried', async () => {
    await server.ask('POST', '/api/targets', { ...TARGET, id: 'untried' });
    expect(await predict('?intensity=300', 'untried')).toMatchObject({
      kind: 'load_balancing',
      pass: null,
      p99Ms: null,
      extrapolated: true,
      reason: expect.stringContaining('measure this kind'),
    });
  });

  it('predicts what a run at another intensity would show', async () => {
    const below = await predict('?kind=load_balancing&intensity=200');
    expect(below).toMatchObject({ intensity: 200, unit: 'requests/s', seconds: 30, extrapolated: false });
    expect(below.pass).toBeGreaterThan(0.95);
    for (const [band, observed] of [
      [below.p50Ms, 20],
      [below.p99Ms, 40],
    ] as const) {
      expect(band?.low).toBeLessThan(observed);
      expect(band?.high).toBeGreaterThan(observed);
    }
    const above = await predict('?intensity=600');
    expect(above.pass).toBeLessThan(0.05);
    expect(above).toMatchObject({ p99Ms: null, reason: expect.stringContaining('above the limit') });
    const safe = await predict('');
    expect(safe.intensity).toBeLessThan(400);
    expect(safe.pass).toBeGreaterThan(0.9);

    const { body } = await server.ask<RouteOutput<'performanceAnalytics'>>(
      'GET',
      '/api/analytics/performance?target=shop',
    );
    const { predicted } = body.kinds.find(({ kind }) => kind === 'load_balancing')!;
    expect(predicted.length).toBeGreaterThan(8);
    const passes = predicted.map(({ pass }) => pass);
    expect(passes).toEqual(passes.toSorted((a, b) => b - a));
  });

  it('tells on the live feed what each scenario taught', () => {
    const told = listener.messages.flatMap((message) => (message.type === 'limit_updated' ? [message.data] : []));
    expect(told.length).toBeGreaterThan(3);
    const [first, ...later] = told.map(({ lesson }) => lesson!);
    expect(first).toMatchObject({ informationBits: null, predictedFailure: null, before: { status: 'unknown' } });
    for (const [i, { informationBits, before, predictedFailure, verdict }] of later.entries()) {
      // What could not be judged, because something else used the machine, teaches nothing.
      if (verdict === 'undecided') continue;
      expect(informationBits).toBeGreaterThan(0);
      expect(predictedFailure).not.toBeNull();
      expect(before).toEqual(told[i]?.limit);
    }
  });

  it('is not undone by single scenarios that are executed afterwards', async () => {
    const before = await shopLimits();
    const { body } = await server.ask<ScenarioRow>('POST', '/api/scenarios/generate', {
      target: 'shop',
      kind: 'load_balancing',
      intensity: 50,
    });
    await server.ask('POST', `/api/scenarios/${body.id}/execute?wait=true`);
    expect(await shopLimits()).toEqual(before);
  });
});
