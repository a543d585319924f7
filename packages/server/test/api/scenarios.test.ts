import {
  heatmapSchema,
  scenarioPreviewSchema,
  scenarioRowSchema,
  type CreateScenario,
  type ScenarioPreview,
  type ScenarioRow,
} from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOneScenario, startTestServer, type TestServer } from '../test-server.js';
import { measuredSession } from './measured-session.js';

let server: TestServer;
let executed: ScenarioRow;

beforeAll(async () => {
  server = await startTestServer();
  executed = await runOneScenario(server);
  expect((await server.ask('POST', '/api/sessions', await measuredSession())).status).toBe(201);
});
afterAll(() => server.end());

const create = (body: Partial<CreateScenario>) =>
  server.ask<ScenarioRow>('POST', '/api/scenarios', {
    target: 'shop',
    kind: 'load_balancing',
    intensity: 120,
    ...body,
  });
const file = (path: string) => server.app.inject({ method: 'GET', url: path });

describe('a run that somebody describes', () => {
  it('has the load, the time and the faults that were asked for, and is run', async () => {
    const faults = [
      { type: 'latency', attributes: { latency: 40 } },
      { type: 'latency', attributes: { latency: 200 }, fromMs: 2_000, toMs: 4_000 },
    ];
    const { status, body } = await create({ durationSeconds: 12, faults, seed: 3 });
    expect(status).toBe(201);
    const { intensity, parameters, description } = scenarioRowSchema.parse(body);
    const { warmupMs, durationMs } = parameters.plan;
    expect({ intensity, durationMs, predicted: parameters.predictedFailure }).toEqual({
      intensity: 120,
      durationMs: 12_000,
      predicted: null,
    });
    expect(parameters.plan.faults).toEqual([
      {
        link: 'client',
        type: 'latency',
        stream: 'downstream',
        attributes: { latency: 40, jitter: 0 },
        share: 1,
        fromMs: warmupMs,
        toMs: warmupMs + 12_000,
      },
      expect.objectContaining({ attributes: { latency: 200, jitter: 0 }, fromMs: 2_000, toMs: 4_000 }),
    ]);
    expect(description).toMatch(
      /, with faults on the client link: latency from .+, latency from 2,000 ms to 4,000 ms$/,
    );
    const plain = await create({ durationSeconds: 10, seed: 3 });
    const run = await server.ask<ScenarioRow>('POST', `/api/scenarios/${plain.body.id}/execute?wait=true`);
    expect(run.body).toMatchObject({ id: plain.body.id, completed: true, verdict: 'passed' });
  });

  it('is shown as it would be, with what else may be asked for, and nothing is kept', async () => {
    const body = { target: 'shop', kind: 'load_balancing', intensity: 90, durationSeconds: 12, seed: 3 };
    const before = (await server.ask<{ total: number }>('GET', '/api/scenarios/counts')).body.total;
    const shown = await server.ask<ScenarioPreview>('POST', '/api/scenarios/preview', body);
    expect(shown.status).toBe(200);
    expect((await server.ask<{ total: number }>('GET', '/api/scenarios/counts')).body.total).toBe(before);
    const { bounds, plan, description } = scenarioPreviewSchema.parse(shown.body);
    const { body: created } = await server.ask<ScenarioRow>('POST', '/api/scenarios', body);
    expect({ plan, description }).toEqual({ plan: created.parameters.plan, description: created.description });
    expect(bounds.intensity).toMatchObject({ most: 10_000 });
    for (const durationSeconds of [bounds.seconds?.least, bounds.seconds?.most])
      expect((await create({ durationSeconds })).status).toBe(201);
    expect((await create({ durationSeconds: bounds.seconds!.most + 1 })).status).toBe(400);
    expect((await server.ask('POST', '/api/scenarios/preview', { ...body, intensity: 1e9 })).status).toBe(400);
  });

  it.each([
    [{ intensity: 1e9 }, 'intensity', 'safety.maxRatePerSecond'],
    [{ intensity: 0.1 }, 'intensity', 'more'],
    [{ durationSeconds: 80_000 }, 'durationSeconds', 'safety.maxSeconds'],
    [{ kind: 'memory_optimization', intensity: 1, durationSeconds: 20 }, 'kind', ''],
    [{ kind: 'network_latency', intensity: 20, faults: [{ type: 'latency' }] }, 'faults', 'leave'],
    [{ faults: [{ type: 'gremlins' }] }, 'faults.0.type', 'latency'],
    [{ faults: [{ type: 'latency', attributes: { speed: 3 } }] }, 'faults.0.attributes.speed', 'jitter'],
    [{ faults: [{ type: 'latency', attributes: { latency: 0.5 } }] }, 'faults.0.type', ''],
    [{ faults: [{ type: 'latency', link: 'db' }] }, 'faults.0.link', 'client'],
    [{ faults: [{ type: 'latency', fromMs: 3_000, toMs: 2_000 }] }, 'faults.0.toMs', 'after'],
    [{ faults: [{ type: 'latency', fromMs: 9e6, toMs: 9.1e6 }] }, 'faults.0.fromMs', ''],
  ] as [Partial<CreateScenario>, string, string][])('refuses %o, naming %s', async (body, field, hint) => {
    const { status, body: answer } = await create(body);
    const { error } = answer as unknown as { error: { code: string; message: string; hint?: string } };
    expect({ status, code: error.code }).toEqual({ status: 400, code: 'validation' });
    expect(error.message).toContain(`${field}: `);
    expect(error.hint ?? '').toContain(hint);
  });
});

describe('the list', () => {
  it('filters by validity as the counts do', async () => {
    for (const validity of ['valid', 'suspect', 'invalid']) {
      const list = await server.ask<{ scenarios: ScenarioRow[] }>(
        'GET',
        `/api/scenarios?validity=${validity}&limit=500`,
      );
      const counts = await server.ask<{ total: number }>('GET', `/api/scenarios/counts?validity=${validity}`);
      expect(list.body.scenarios.length).toBe(counts.body.total);
      for (const row of list.body.scenarios) expect(row.validity?.status).toBe(validity);
    }
  });

  it('is saved as CSV with a line a run, or as JSON', async () => {
    const { total } = (await server.ask<{ total: number }>('GET', '/api/scenarios/counts?verdict=passed')).body;
    expect(total).toBeGreaterThan(1);
    const csv = await file('/api/scenarios?verdict=passed&format=csv&limit=1');
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.headers['content-disposition']).toBe('attachment; filename="hive-runs.csv"');
    const lines = csv.body.trimEnd().split('\r\n');
    expect(lines).toHaveLength(total + 1);
    expect(lines[0]).toMatch(/^run,created_at,target,.*response_time_p99_ms/);
    expect(lines.find((line) => line.startsWith(executed.id))).toContain(',passed,passed,valid,');
    const json = await file('/api/scenarios?verdict=passed&format=json');
    expect(json.json<{ scenarios: unknown[] }>().scenarios).toHaveLength(total);
    expect((await file('/api/scenarios?verdict=failed&format=json')).json()).toEqual({ scenarios: [] });
    expect((await file('/api/scenarios?from=0000&format=csv')).statusCode).toBe(400);
  });
});

it('shows the heat map of a run that was executed, and of one that was not', async () => {
  const { body } = await server.ask('GET', `/api/scenarios/${executed.id}/heatmap?columns=60`);
  expect(body).toHaveProperty('columns');
  const map = heatmapSchema.parse(body);
  expect(map.columns.length).toBeGreaterThan(0);
  expect(map.columns.length).toBeLessThanOrEqual(60);
  expect(map.responseTimeMs[0]?.ms).toBeCloseTo(20, 0);
  const { body: other } = await create({});
  const empty = await server.ask('GET', `/api/scenarios/${other.id}/heatmap`);
  expect(empty.body).toMatchObject({ columns: [], counts: [], responseTimeMs: [] });
  expect((await server.ask('GET', '/api/scenarios/nobody/heatmap')).status).toBe(404);
  expect((await server.ask('GET', `/api/scenarios/${other.id}/heatmap?columns=601`)).status).toBe(400);
});
