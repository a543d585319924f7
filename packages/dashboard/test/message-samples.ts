import {
  NOTHING_RAN,
  type Limit,
  type LiveMessage,
  type MetricsSummary,
  type ScenarioRow,
  type SessionRow,
  type TrainingStatus,
  type Window,
} from '@hive/contract';
import type { Snapshot, TargetView } from '../src/live/snapshot.js';

/** Plain valid data for the tests of the live state. */

const AT_MS = Date.parse('2026-01-31T12:00:00Z');
export const at = (offsetMs: number): string => new Date(AT_MS + offsetMs).toISOString();
const latency = { count: 100, min: 1, mean: 2, p50: 20, p90: 30, p95: 40, p99: 50, p999: 60, max: 70 };
const counts = {
  planned: 100,
  sent: 100,
  droppedTarget: 0,
  droppedGenerator: 0,
  answered: 100,
  good: 100,
  failed: 0,
  timedOut: 0,
  cutOff: 0,
};

export const status = (change: Partial<TrainingStatus> = {}): TrainingStatus => ({
  ...NOTHING_RAN,
  ...change,
});

export const window = (scenarioId: string, offsetMs: number): Window => ({
  scenarioId,
  sessionId: 'session-1',
  targetId: 'practice',
  at: at(offsetMs),
  fromMs: 0,
  toMs: 250,
  phase: 'judged',
  counts,
  errors: {},
  offeredPerSecond: 400,
  throughputPerSecond: 390,
  responseTimeMs: latency,
  serviceTimeMs: latency,
  waitingMs: 0,
  connections: 8,
  outstanding: 3,
  waiting: 0,
  bytesIn: 1,
  bytesOut: 1,
  latenessP99Ms: 0.1,
  generatorBusy: 0.1,
  nodes: {},
});

export const scenario = (id: string, change: Partial<ScenarioRow> = {}): ScenarioRow => ({
  id,
  created_at: at(0),
  scenario_type: 'load_balancing',
  difficulty: 'medium',
  parameters: {
    intensity: 400,
    unit: 'requests/s',
    predictedFailure: null,
    seed: 1,
    base: { ratePerSecond: 10, connections: 2 },
    objectives: ['p(99)<250'],
    plan: {
      arrivals: { model: 'closed', connections: 1, thinkMs: 0 },
      warmupMs: 1_000,
      durationMs: 3_000,
      timeoutMs: 1_000,
      graceMs: 1_000,
    },
  },
  completed: false,
  success_rate: null,
  execution_time: null,
  results: null,
  target_id: 'practice',
  session_id: 'session-1',
  description: 'Spread 400 requests/s over two nodes',
  expected_outcomes: [],
  calibrated: true,
  intensity: 400,
  unit: 'requests/s',
  verdict: null,
  validity: null,
  outcome: null,
  reason: null,
  ...change,
});

export const session = (id: string, change: Partial<SessionRow> = {}): SessionRow => ({
  id,
  started_at: at(0),
  ended_at: null,
  total_scenarios: 0,
  successful_scenarios: 0,
  average_performance: null,
  metrics: {},
  target_id: 'practice',
  status: 'running',
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
});

export const limit = (low: number, high: number): Limit => ({
  kind: 'load_balancing',
  unit: 'requests/s',
  status: 'known',
  method: 'bracket',
  estimate: (low + high) / 2,
  low,
  high,
  level: null,
  safe: null,
  band: null,
  horizonSeconds: 30,
  binding: 'p(99)<250',
  scenarios: 3,
  updatedAt: at(0),
});

/** The totals of a session. */
export const summary = (session_id: string, change: Partial<MetricsSummary> = {}): MetricsSummary => ({
  session_id,
  scenarios: 0,
  successes: 0,
  outcomes: {},
  success_rate: null,
  counts,
  errors: {},
  response_time_ms: latency,
  service_time_ms: latency,
  throughput_per_second: null,
  ...change,
});

/** What is shown of a target of which nothing is known. */
export const view = (change: Partial<TargetView> = {}): TargetView => ({
  scenarios: [],
  sessions: [],
  summary: null,
  limits: [],
  points: [],
  traffic: null,
  marks: [],
  ...change,
});

/** The practice target is looked at. */
export const snapshot = (change: Partial<Snapshot> = {}): Snapshot => ({
  targets: [],
  status: status(),
  sessions: [],
  views: { practice: view() },
  ...change,
});

type Body = {
  [Type in LiveMessage['type']]: Omit<Extract<LiveMessage, { type: Type }>, 'v' | 'seq' | 'at'>;
}[LiveMessage['type']];

/** A message of the feed. */
export const message = (seq: number, body: Body): LiveMessage => ({ v: 1, seq, at: at(seq * 250), ...body });

/** The `hello` of a server whose newest message is `seq`. */
export const hello = (seq: number, of: TrainingStatus = status()): LiveMessage =>
  message(seq, { type: 'hello', data: { version: '0.1.0', status: of } });
