import {
  newCheckId,
  toTarget,
  type Scenario,
  type ScenarioResult,
  type ServiceCheck,
  type SessionRow,
  type Target,
  type Window,
} from '@hive/contract';
import { randomUUID } from 'node:crypto';

/** Ids are random, so that tests that share one database do not meet. */
export function sampleTarget(change: Partial<Target> = {}): Target {
  return { ...toTarget({ url: 'http://127.0.0.1:9' }, `target-${randomUUID()}`), ...change };
}

export function sampleSession(targetId: string, change: Partial<SessionRow> = {}): SessionRow {
  return {
    id: randomUUID(),
    started_at: '2026-01-31T12:00:00.123Z',
    ended_at: null,
    total_scenarios: 0,
    successful_scenarios: 0,
    average_performance: null,
    metrics: {},
    target_id: targetId,
    status: 'completed',
    kinds: ['load_balancing'],
    budget_seconds: 60,
    precision: 0.05,
    hold_seconds: null,
    mode: 'train',
    labels: {},
    question: null,
    answer: null,
    max_rate_per_second: null,
    max_connections: null,
    paused_seconds: 0,
    runtime_seconds: null,
    end_code: null,
    end_reason: null,
    limits: [],
    ...change,
  };
}

export function sampleScenario(targetId: string, change: Partial<Scenario> = {}): Scenario {
  return {
    id: randomUUID(),
    targetId,
    kind: 'load_balancing',
    intensity: 400,
    unit: 'requests/s',
    difficulty: 'hard',
    calibrated: true,
    predictedFailure: 0.5,
    seed: 7,
    base: { ratePerSecond: 10, connections: 2 },
    objectives: ['p(99)<250', 'rate<0.01'],
    description: '400 requests/s for 5 s',
    expectedOutcomes: ['every node takes its share'],
    plan: {
      arrivals: {
        model: 'open',
        arrivals: 'poisson',
        stages: [{ durationMs: 5_000, fromPerSecond: 400, toPerSecond: 400 }],
        maxConnections: 100,
        maxWaiting: 1_000,
      },
      warmupMs: 1_000,
      durationMs: 5_000,
      timeoutMs: 10_000,
      graceMs: 10_000,
    },
    ...change,
  };
}

const latency = { count: 100, min: 1, mean: 21, p50: 20, p90: 25, p95: 30, p99: 40, p999: 45, max: 50 };
const counts = {
  planned: 100,
  sent: 100,
  droppedTarget: 0,
  droppedGenerator: 0,
  answered: 99,
  good: 95,
  failed: 1,
  timedOut: 0,
  cutOff: 0,
};

export function sampleResult(change: Partial<ScenarioResult> = {}): ScenarioResult {
  return {
    verdict: 'passed',
    validity: { status: 'valid', reasons: [] },
    reason: 'p99 was 40 ms',
    objectives: [{ expression: 'p(99)<250', observed: 40, outcome: 'passed' }],
    evidence: { type: 'counts', clauses: [{ expression: 'p(99)<250', bad: 5, planned: 100, allowedShare: 0.01 }] },
    measurement: {
      durationMs: 5_000,
      counts,
      errors: { refused: 1, http_5xx: 4 },
      offeredPerSecond: 20,
      throughputPerSecond: 19,
      bytesIn: 1_000,
      bytesOut: 500,
      responseTimeMs: latency,
      serviceTimeMs: latency,
      waitingMs: 0.5,
      successRate: 0.95,
      peakConnections: 12,
      nodes: { a: 50, b: 45 },
    },
    executionSeconds: 6.25,
    ...change,
  };
}

export function sampleWindow(
  ids: { scenarioId: string; sessionId: string; targetId: string },
  change: Partial<Window> = {},
): Window {
  return {
    ...ids,
    at: '2026-01-31T12:00:01.000Z',
    fromMs: 0,
    toMs: 1_000,
    phase: 'judged',
    counts,
    errors: { refused: 1, http_5xx: 4 },
    offeredPerSecond: 100,
    throughputPerSecond: 95,
    responseTimeMs: latency,
    serviceTimeMs: { ...latency, p99: 39 },
    waitingMs: 0.5,
    connections: 12,
    outstanding: 3,
    waiting: 0,
    bytesIn: 1_000,
    bytesOut: 500,
    latenessP99Ms: 0.25,
    generatorBusy: 0.125,
    nodes: { a: 50, b: 45 },
    ...change,
  };
}

/** A check that failed. */
export function sampleCheck(change: Partial<ServiceCheck> = {}): ServiceCheck {
  return {
    id: newCheckId(),
    target: 'shop',
    scheduleId: null,
    at: '2026-01-31T12:00:00.000Z',
    result: 'fail',
    reason: '3 of 5 requests failed: the connection was refused (a)',
    asked: 5,
    good: 2,
    medianMs: 20,
    slowestMs: 25,
    attempts: 3,
    objectives: [{ expression: 'p(99)<250', asked: 5, missed: 3 }],
    certificateDays: null,
    ...change,
  };
}
