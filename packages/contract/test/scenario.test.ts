import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arrivalsSchema,
  ceilingSchema,
  evidenceSchema,
  finishedSessionSchema,
  limitSchema,
  planSchema,
  predictionSchema,
  scenarioRowSchema,
  scenarioSchema,
  sessionRowSchema,
  trainingStatusSchema,
  windowSchema,
  type FinishedSession,
} from '@hive/contract';
import type { z } from 'zod';
import { refusedFields } from './inputs.js';
import { limit, result, scenario, scenarioRow, session, status, target, window } from './samples.js';

const { plan } = scenario;
const { arrivals } = plan;
const finished: FinishedSession = {
  target,
  session: { ...session, ended_at: '2026-01-31T12:01:00.000Z', status: 'completed' },
  scenarios: [
    {
      startedAt: '2026-01-31T12:00:00.000Z',
      scenario,
      result,
      responseTime: 'AAEC',
      serviceTime: null,
      windows: [{ window, responseTime: null, serviceTime: 'AAEC' }],
    },
  ],
};
const prediction = {
  kind: 'load_balancing',
  intensity: 400,
  unit: 'requests/s',
  seconds: 30,
  pass: 0.5,
  p50Ms: { estimate: 2, low: 1, high: 3 },
  p95Ms: null,
  p99Ms: null,
  extrapolated: false,
};
const ceiling = {
  version: 1,
  measuredAt: '2026-01-31T12:00:00.000Z',
  machine: { host: 'a', cpu: 'b', cores: 2, node: '20.0.0' },
  threads: 1,
  shapes: [{ shape: 'plain', ratePerSecond: 100, atLeast: false, cpuMicrosPerRequest: 20 }],
  timers: [],
};

describe('what is stored, sent and written', () => {
  it.each<[string, z.ZodType, unknown]>([
    ['a scenario', scenarioSchema, scenario],
    ['its row', scenarioRowSchema, scenarioRow],
    ['the row of one that was not run', scenarioRowSchema, { ...scenarioRow, results: null, verdict: null }],
    ['a session', sessionRowSchema, session],
    ['a status', trainingStatusSchema, status],
    ['a limit', limitSchema, limit],
    ['a limit of which nothing is known', limitSchema, { ...limit, status: 'unknown', estimate: null, band: null }],
    ['a window', windowSchema, window],
    ['a prediction', predictionSchema, prediction],
    ['a ceiling', ceilingSchema, ceiling],
    ['a session that is over', finishedSessionSchema, finished],
  ])('%s comes out as it went in', (_, schema, value) => {
    expect(schema.parse(JSON.parse(JSON.stringify(value)))).toEqual(value);
  });

  it.each<[z.ZodType, unknown, string]>([
    [scenarioSchema, { ...scenario, intensity: -1 }, 'intensity'],
    [scenarioSchema, { ...scenario, seed: 0.5 }, 'seed'],
    [scenarioSchema, { ...scenario, predictedFailure: 2 }, 'predictedFailure'],
    [scenarioSchema, { ...scenario, base: { ratePerSecond: 0, connections: 1 } }, 'base.ratePerSecond'],
    [scenarioRowSchema, { ...scenarioRow, parameters: {} }, 'parameters.intensity'],
    [scenarioRowSchema, { ...scenarioRow, verdict: 'good' }, 'verdict'],
    [sessionRowSchema, { ...session, status: 'lost' }, 'status'],
    [limitSchema, { ...limit, band: [1] }, 'band'],
    [windowSchema, { ...window, errors: { odd: 1 } }, 'errors.odd'],
    [ceilingSchema, { ...ceiling, version: 2 }, 'version'],
    [ceilingSchema, { ...ceiling, shapes: [{ ...ceiling.shapes[0], shape: 'round' }] }, 'shapes.0.shape'],
    [finishedSessionSchema, { ...finished, session: { ...session, status: 'running' } }, 'session.status'],
    [finishedSessionSchema, { ...finished, session: { ...session, ended_at: null } }, 'session.ended_at'],
    [
      finishedSessionSchema,
      { ...finished, scenarios: [{ ...finished.scenarios[0], responseTime: '%' }] },
      'scenarios.0.responseTime',
    ],
    [finishedSessionSchema, { ...finished, more: 1 }, 'more'],
  ])('%# is refused, naming the field', (schema, value, field) => {
    expect(refusedFields(schema, value)[0]).toBe(field);
  });
});

describe('a plan', () => {
  const closed = { model: 'closed', connections: 10, thinkMs: 0 };

  it.each<[string, unknown]>([
    ['a closed model', closed],
    ['a closed model with a cap', { ...closed, maxPerSecond: 5 }],
    ['an open model', arrivals],
    [
      'a ramp and a rest',
      {
        ...arrivals,
        stages: [
          { durationMs: 1, fromPerSecond: 0, toPerSecond: 5 },
          { durationMs: 1, fromPerSecond: 0, toPerSecond: 0 },
        ],
      },
    ],
  ])('has arrivals: %s', (_, one) => {
    expect(arrivalsSchema.parse(one)).toEqual(one);
  });

  it.each<[unknown, string]>([
    [{ ...closed, model: 'half' }, 'arrivals.model'],
    [{ ...closed, connections: 0 }, 'arrivals.connections'],
    [{ ...closed, thinkMs: -1 }, 'arrivals.thinkMs'],
    [{ ...arrivals, stages: [] }, 'arrivals.stages'],
    [{ ...arrivals, arrivals: 'bursts' }, 'arrivals.arrivals'],
    [{ ...arrivals, stages: [{ durationMs: 0, fromPerSecond: 1, toPerSecond: 1 }] }, 'arrivals.stages.0.durationMs'],
    [{ ...arrivals, stages: [{ durationMs: 1, fromPerSecond: 1 }] }, 'arrivals.stages.0.toPerSecond'],
    [{ ...arrivals, maxConnections: 0 }, 'arrivals.maxConnections'],
    [{ ...arrivals, maxWaiting: -1 }, 'arrivals.maxWaiting'],
  ])('with arrivals %j is refused, naming the field', (one, field) => {
    expect(refusedFields(planSchema, { ...plan, arrivals: one })).toEqual([field]);
  });

  it.each<[object, string]>([
    [{ durationMs: 0 }, 'durationMs'],
    [{ warmupMs: -1 }, 'warmupMs'],
    [{ timeoutMs: 0 }, 'timeoutMs'],
    [{ requests: [] }, 'requests'],
    [{ requests: [{ path: 'x' }] }, 'requests.0.path'],
    [{ groupBy: 'size' }, 'groupBy'],
    [{ preparation: { type: 'pray', maxMs: 1, connections: 1 } }, 'preparation.type'],
    [{ payloadBytes: 0 }, 'payloadBytes'],
    [{ faults: [{ link: 'client' }] }, 'faults.0.fromMs'],
  ])('with %j is refused, naming the field', (change, field) => {
    expect(refusedFields(planSchema, { ...plan, ...change })[0]).toBe(field);
  });

  it('of faults says where, when, which and on how much', () => {
    const fault = {
      link: 'client',
      fromMs: 0,
      toMs: 10,
      type: 'latency',
      stream: 'upstream',
      attributes: { latency: 5 },
      share: 0.5,
    };
    expect(planSchema.parse({ ...plan, faults: [fault] }).faults).toEqual([fault]);
    for (const change of [{ stream: 'sideways' }, { share: 1.1 }, { attributes: { latency: 'x' } }])
      expect(planSchema.safeParse({ ...plan, faults: [{ ...fault, ...change }] }).success).toBe(false);
  });

  it('of any stages is stored and read again as it was', () => {
    const rate = fc.double({ min: 0, max: 1e5, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    const stage = fc.record({
      durationMs: fc.integer({ min: 1, max: 1e7 }),
      fromPerSecond: rate,
      toPerSecond: rate,
    });
    fc.assert(
      fc.property(fc.array(stage, { minLength: 1, maxLength: 5 }), (stages) => {
        const whole = { ...plan, arrivals: { ...arrivals, stages } };
        expect(planSchema.parse(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
      }),
    );
  });
});

describe('evidence', () => {
  const clause = { expression: 'p(99)<250', bad: 1, planned: 100, allowedShare: 0.01 };
  const block = { seconds: 0.5, planned: 10, bad: [1] };

  it.each<[string, unknown]>([
    ['counts', { type: 'counts', clauses: [clause], blocks: [block], endedEarly: true }],
    ['a margin', { type: 'margin', expression: 'avg<80', margin: -0.5, standardError: 0.1 }],
    [
      'a ramp',
      { type: 'chirp', onset: null, restMs: [5, null], blocks: [{ ...block, rate: 5, decided: 10, outstanding: 0 }] },
    ],
    ['a verdict', { type: 'verdict', expression: 'recovers', passed: false }],
  ])('of %s comes out as it went in', (_, evidence) => {
    expect(evidenceSchema.parse(evidence)).toEqual(evidence);
  });

  it.each<[unknown, string]>([
    [{ type: 'hearsay' }, 'type'],
    [{ type: 'counts' }, 'clauses'],
    [{ type: 'counts', clauses: [{ ...clause, bad: 0.5 }] }, 'clauses.0.bad'],
    [{ type: 'margin', expression: 'x', margin: 0, standardError: 0 }, 'standardError'],
  ])('%j is refused, naming the field', (evidence, field) => {
    expect(refusedFields(evidenceSchema, evidence)).toEqual([field]);
  });
});
