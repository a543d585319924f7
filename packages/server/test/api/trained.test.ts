import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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

  it('tells how the limit closed in, and each second of it', async () => {
    const { body } = await server.ask<RouteOutput<'sessionCourse'>>('GET', `/api/sessions/${sessionId}/course`);
    const { body: session } = await server.ask<RouteOutput<'getSession'>>('GET', `/api/sessions/${sessionId}`);
    const [trail] = body.trails;
    const last = trail?.steps.at(-1);
    expect(trail).toMatchObject({ kind: 'load_balancing', unit: 'requests/s' });
    expect(last).toMatchObject({ status: 'known', scenarios: session.total_scenarios });
    expect((last?.estimate ?? 0) / (session.limits[0]?.estimate ?? 1)).toBeCloseTo(1, 1);
    expect(new Set(body.points.map(({ scenario_id }) => scenario_id))).toEqual(
      new Set(session.scenarios.map(({ id }) => id)),
    );
    expect(body.points.map(({ at }) => at)).toEqual(body.points.map(({ at }) => at).toSorted());
    const sent = body.points.reduce((sum, { offered, ms }) => sum + ((offered ?? 0) * ms) / 1_000, 0);
    const planned = session.scenarios.reduce((sum, { results }) => sum + (results?.measurement?.counts.sent ?? 0), 0);
    expect(sent).toBeGreaterThanOrEqual(planned);
    expect((await server.ask('GET', '/api/sessions/nobody/course')).status).toBe(404);
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
    const { chances = [] } = await predict('?intensity=200&upTo=600');
    expect(chances).toHaveLength(40);
    expect(chances.at(-1)).toEqual({ intensity: 600, pass: above.pass });
    for (const [index, { pass }] of chances.entries()) expect(pass).toBeLessThanOrEqual(chances[index - 1]?.pass ?? 1);
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
    // What could not be judged, because something else used the machine, teaches nothing.
    const taught = later.map((lesson, i) => ({ ...lesson, i })).filter(({ verdict }) => verdict !== 'undecided');
    expect(taught.length).toBeGreaterThan(1);
    for (const { i, informationBits, before, predictedFailure } of taught) {
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

  it('is compared with the traffic of its target', async () => {
    const trafficOf = async (traffic?: number) => {
      await server.ask('PUT', '/api/targets/shop', { ...TARGET, traffic });
      return (await server.ask<RouteOutput<'targetLimits'>>('GET', '/api/targets/shop/limits')).body.traffic;
    };
    expect(await trafficOf()).toBeNull();
    const safe = (await shopLimits()).find(({ kind }) => kind === 'load_balancing')?.safe ?? 0;
    expect(safe).toBeGreaterThan(200);
    const predicted = await predict('?intensity=200');
    expect(await trafficOf(100)).toEqual({
      peakPerSecond: 100,
      headroom: safe / 100,
      atTwice: { pass: predicted.pass, p99Ms: predicted.p99Ms },
      at: null,
    });
    expect((await trafficOf(300))?.atTwice).toMatchObject({ p99Ms: null });
  });

  it('is compared with what Prometheus knows, asked once in a while', async () => {
    let asked = 0;
    const prometheus = createServer((_, response) => {
      asked += 1;
      response.end(JSON.stringify({ data: { resultType: 'vector', result: [{ value: [1, '50'] }] } }));
    });
    await new Promise<void>((resolve) => prometheus.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(prometheus.address() as AddressInfo).port}`;
    try {
      await server.ask('POST', '/api/targets', { ...TARGET, id: 'busy', traffic: { prometheus: url, query: 'up' } });
      const ask = async () =>
        (await server.ask<RouteOutput<'targetLimits'>>('GET', '/api/targets/busy/limits')).body.traffic;
      const first = await ask();
      expect(first).toEqual({ peakPerSecond: 50, headroom: null, atTwice: null, at: expect.any(String) as string });
      expect([await ask(), asked]).toEqual([first, 1]);
    } finally {
      prometheus.closeAllConnections();
      prometheus.close();
    }
    for (const [address, code] of [
      ['http://10.9.9.9:9090', 'refused_by_safety'],
      ['http://me:secret@127.0.0.1', 'validation'],
    ]) {
      const traffic = { prometheus: address, query: 'up' };
      const { body } = await server.ask('POST', '/api/targets', { ...TARGET, id: 'refused', traffic });
      expect(body.error.code).toBe(code);
    }
  });
});
