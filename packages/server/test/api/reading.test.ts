import { readFileSync } from 'node:fs';
import { ROUTES, type RouteName, type RouteOutput } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOneScenario, startTestServer, TARGET, type TestServer } from '../test-server.js';

let server: TestServer;
let scenario: Awaited<ReturnType<typeof runOneScenario>>;

beforeAll(async () => {
  server = await startTestServer();
  scenario = await runOneScenario(server);
});
afterAll(() => server.end());

const read = async (name: RouteName, path: string): Promise<unknown> => {
  const { status, body } = await server.ask('GET', path);
  expect({ status, body }).toMatchObject({ status: 200 });
  expect(ROUTES[name].output.safeParse(body).error).toBeUndefined();
  return body;
};

describe('what can be read', () => {
  it('says what runs', async () => {
    expect(await read('service', '/')).toMatchObject({ service: 'hive', status: 'running' });
    expect(await read('health', '/api/health')).toMatchObject({
      status: 'healthy',
      checks: { database: { status: 'up' }, bus: { status: 'up' } },
    });
  });

  it('gives the newest metrics, newest first, each with a number and a scenario', async () => {
    const { metrics } = (await server.ask<RouteOutput<'latestMetrics'>>('GET', '/api/metrics/latest?limit=500')).body;
    expect(metrics.length).toBeGreaterThan(0);
    const times = metrics.map(({ timestamp }) => timestamp);
    expect(times).toEqual(times.toSorted().toReversed());
    for (const { value, scenario_id } of metrics) {
      expect(Number.isFinite(value)).toBe(true);
      expect(scenario_id).toBe(scenario.id);
    }
    const some = await server.ask<RouteOutput<'latestMetrics'>>(
      'GET',
      '/api/metrics/latest?metric_type=throughput&limit=2',
    );
    expect(some.body.metrics.map((row) => row.metric_type)).toEqual(['throughput', 'throughput']);
    expect((await server.ask('GET', '/api/metrics/latest?scenario_id=none')).body).toEqual({ metrics: [] });
  });

  it('sums up one session or all, from merged histograms', async () => {
    for (const query of ['', `?session_id=${scenario.session_id}`]) {
      const summary = await read('metricsSummary', `/api/metrics/summary${query}`);
      expect(summary).toMatchObject({ scenarios: 1, successes: 1, success_rate: 1 });
      const { counts, response_time_ms: latency } = summary as {
        counts: { good: number };
        response_time_ms: { count: number; p50: number };
      };
      expect(counts.good).toBe(scenario.results?.measurement?.counts.good);
      expect(latency.count).toBe(counts.good);
      expect(latency.p50).toBeCloseTo(20, 0);
    }
  });

  it('analyses what was measured', async () => {
    const analytics = await read('performanceAnalytics', '/api/analytics/performance?target=shop');
    expect(analytics).toMatchObject({
      target: 'shop',
      kinds: [
        {
          kind: 'load_balancing',
          pass_rates: [{ difficulty: scenario.difficulty, scenarios: 1, passed: 1 }],
          curve: [{ intensity: 100 }],
        },
      ],
    });
    expect(await read('performanceAnalytics', '/api/analytics/performance?from=2099-01-01T00:00:00Z')).toEqual({
      target: null,
      kinds: [],
      limits_since: null,
      recommendations: [],
    });
  });

  it('counts scenarios, with the filters of the list', async () => {
    expect(await read('countScenarios', '/api/scenarios/counts')).toEqual({
      total: 1,
      byVerdict: { passed: 1 },
      byValidity: { valid: 1 },
      byKind: { load_balancing: 1 },
    });
    expect(await read('countScenarios', '/api/scenarios/counts?verdict=failed&target=shop')).toEqual({
      total: 0,
      byVerdict: {},
      byValidity: {},
      byKind: {},
    });
  });

  it('lists targets, sessions, scenarios and problems', async () => {
    expect(await read('listTargets', '/api/targets')).toMatchObject({ targets: [{ id: 'shop' }] });
    expect(await read('getTarget', '/api/targets/shop')).toMatchObject({
      id: 'shop',
      objectives: ['p(99)<250', 'rate<0.01'],
    });
    expect(await read('listSessions', '/api/sessions')).toMatchObject({
      sessions: [
        {
          id: scenario.session_id,
          status: 'completed',
          end_reason: 'the run has ended',
          total_scenarios: 1,
          successful_scenarios: 1,
        },
      ],
      next: null,
    });
    expect(await read('getSession', `/api/sessions/${scenario.session_id}`)).toMatchObject({
      scenarios: [{ id: scenario.id }],
    });
    expect(await read('listScenarios', '/api/scenarios?kind=load_balancing&verdict=passed')).toMatchObject({
      scenarios: [{ id: scenario.id }],
    });
    expect(await read('listScenarios', '/api/scenarios?verdict=failed')).toEqual({ scenarios: [], next: null });
    const detail = await read('getScenario', `/api/scenarios/${scenario.id}`);
    expect((detail as { windows: unknown[] }).windows.length).toBeGreaterThan(0);
    expect(await read('recentProblems', '/api/problems/recent')).toMatchObject({
      problems: [{ id: scenario.id, type: 'load_balancing', verdict: 'passed' }],
    });
  });

  it('gives a limit for each of the eight kinds, and says why one does not apply', async () => {
    const limits = (await read('targetLimits', '/api/targets/shop/limits')) as {
      limits: { kind: string; status: string; reason?: string }[];
    };
    expect(limits.limits).toHaveLength(8);
    const unsupported = limits.limits.find(({ kind }) => kind === 'cache_efficiency');
    expect(unsupported).toMatchObject({ status: 'not_applicable', reason: expect.any(String) });
  });

  it('shows how the last session stood', async () => {
    expect(await read('trainingStatus', '/api/training/status')).toMatchObject({
      running: false,
      session_id: scenario.session_id,
      scenarios_completed: 1,
      current: null,
    });
  });

  it('knows no DELETE /api/sessions', async () => {
    expect((await server.ask('DELETE', '/api/sessions')).status).toBe(404);
    expect((await server.ask('PUT', '/api/training/start', TARGET)).status).toBe(404);
  });
});

describe('what describes the API', () => {
  it('has an OpenAPI 3.1 document with every route of the contract', async () => {
    const { status, body } = await server.ask<{ openapi: string; paths: Record<string, Record<string, unknown>> }>(
      'GET',
      '/openapi.json',
    );
    expect(status).toBe(200);
    expect(body.openapi).toMatch(/^3\.1/);
    for (const { method, path } of Object.values(ROUTES)) {
      expect(body.paths[path]).toHaveProperty(method.toLowerCase());
    }
    expect(Object.keys(body.paths).toSorted()).toEqual(
      [...new Set(Object.values(ROUTES).map(({ path }) => path))].toSorted(),
    );
  });

  it('is readable at /docs without asking other hosts', async () => {
    const page = await server.app.inject('/docs');
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toMatch(/(?:src|href)="https?:/);
    expect(page.headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
  });

  it('is measured by Prometheus', async () => {
    const { body, headers } = await server.app.inject('/metrics');
    expect(headers['content-type']).toContain('text/plain');
    expect(body).toContain('hive_http_requests_total{');
    expect(body).toContain('hive_session_running 0');
    expect(body).toContain('process_cpu_seconds_total');
  });

  it('gives Grafana every figure that its dashboard asks for', async () => {
    const file = new URL('../../../../deploy/grafana/hive.json', import.meta.url);
    const { panels } = JSON.parse(readFileSync(file, 'utf8')) as { panels: { targets: { expr: string }[] }[] };
    const { body } = await server.app.inject('/metrics');
    const given = new Set([...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    const asked = panels
      .flatMap(({ targets }) => targets)
      .flatMap(({ expr }) =>
        [...expr.matchAll(/\b(?:hive|process)_\w+/g)].map(([name]) => name.replace(/_bucket$/, '')),
      );
    expect(asked.length).toBeGreaterThan(15);
    expect(asked.filter((name) => !given.has(name))).toEqual([]);
  });
});
