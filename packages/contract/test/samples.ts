import {
  toTarget,
  type LiveData,
  type LiveMessageType,
  type Limit,
  type Scenario,
  type ScenarioResult,
  type ScenarioRow,
  type SessionRow,
  type TrainingStatus,
  type Window,
} from '@hive/contract';

const at = '2026-01-31T12:00:00.000Z';
const latency = { count: 2, min: 1, mean: 2, p50: 2, p90: 3, p95: 3, p99: 3, p999: 3, max: 3 };
const counts = {
  planned: 3,
  sent: 2,
  droppedTarget: 1,
  droppedGenerator: 0,
  answered: 2,
  good: 1,
  failed: 0,
  timedOut: 0,
  cutOff: 0,
};

export const target = toTarget({ url: 'http://127.0.0.1:8080' }, 'shop');

export const scenario: Scenario = {
  id: 'scn_1',
  targetId: 'shop',
  kind: 'load_balancing',
  intensity: 400,
  unit: 'requests/s',
  difficulty: 'hard',
  calibrated: true,
  predictedFailure: null,
  seed: 7,
  base: { ratePerSecond: 10, connections: 2 },
  objectives: ['p(99)<250'],
  description: '400 requests/s for 5 s',
  expectedOutcomes: [],
  plan: {
    arrivals: {
      model: 'open',
      arrivals: 'poisson',
      stages: [{ durationMs: 5_000, fromPerSecond: 0, toPerSecond: 400 }],
      maxConnections: 100,
      maxWaiting: 0,
    },
    warmupMs: 0,
    durationMs: 5_000,
    timeoutMs: 10_000,
    graceMs: 0,
  },
};

export const result: ScenarioResult = {
  verdict: 'passed',
  validity: { status: 'suspect', reasons: ['late'] },
  reason: 'p99 was 3 ms',
  objectives: [{ expression: 'p(99)<250', observed: 3, outcome: 'passed' }],
  evidence: { type: 'counts', clauses: [{ expression: 'p(99)<250', bad: 0, planned: 3, allowedShare: 0.01 }] },
  measurement: null,
  executionSeconds: 5,
};

export const scenarioRow: ScenarioRow = {
  id: scenario.id,
  created_at: at,
  scenario_type: scenario.kind,
  difficulty: scenario.difficulty,
  parameters: {
    intensity: scenario.intensity,
    unit: scenario.unit,
    predictedFailure: null,
    seed: scenario.seed,
    base: scenario.base,
    objectives: scenario.objectives,
    plan: scenario.plan,
  },
  completed: true,
  success_rate: 1,
  execution_time: 5,
  results: result,
  target_id: 'shop',
  session_id: 'ses_1',
  description: scenario.description,
  expected_outcomes: [],
  calibrated: true,
  intensity: scenario.intensity,
  unit: scenario.unit,
  verdict: result.verdict,
  validity: result.validity,
  reason: result.reason,
};

export const limit: Limit = {
  kind: 'load_balancing',
  unit: 'requests/s',
  status: 'known',
  method: 'belief',
  estimate: 400,
  low: 390,
  high: 410,
  level: 0.95,
  safe: 380,
  band: [385, 415],
  horizonSeconds: 30,
  binding: 'p(99)<250',
  scenarios: 9,
  updatedAt: at,
};

export const session: SessionRow = {
  id: 'ses_1',
  started_at: at,
  ended_at: '2026-01-31T12:01:00.000Z',
  total_scenarios: 4,
  successful_scenarios: 3,
  average_performance: 0.75,
  metrics: {},
  target_id: 'shop',
  status: 'completed',
  kinds: ['load_balancing'],
  budget_seconds: 120,
  end_reason: 'the limits are known',
  limits: [limit],
};

export const status: TrainingStatus = {
  running: true,
  session_id: 'ses_1',
  target: 'shop',
  scenarios_completed: 1,
  current: {
    scenario_id: 'scn_1',
    kind: 'load_balancing',
    difficulty: 'hard',
    intensity: 400,
    unit: 'requests/s',
    elapsedMs: 100,
    plannedMs: 5_000,
  },
  average_success_rate: 0.5,
  runtime_seconds: 10,
  budget_left_seconds: 110,
  next_reason: 'to begin with',
};

export const window: Window = {
  scenarioId: 'scn_1',
  sessionId: 'ses_1',
  targetId: 'shop',
  at,
  fromMs: 0,
  toMs: 250,
  phase: 'judged',
  counts,
  errors: { http_5xx: 1 },
  offeredPerSecond: 12,
  throughputPerSecond: 4,
  responseTimeMs: latency,
  serviceTimeMs: latency,
  waitingMs: 0,
  connections: 1,
  outstanding: 0,
  waiting: 0,
  bytesIn: 10,
  bytesOut: 20,
  latenessP99Ms: 0.1,
  generatorBusy: 0.2,
  nodes: { a: 1 },
};

/** The data of one message of each type. */
export const NEWS: { [Type in LiveMessageType]: LiveData<Type> } = {
  hello: { version: '0.1.0', status },
  window,
  session_started: { session },
  session_updated: { status },
  session_completed: { session },
  scenario_started: { session_id: 'ses_1', scenario: scenarioRow, reason: 'to begin with' },
  scenario_completed: { session_id: 'ses_1', scenario: scenarioRow },
  limit_updated: {
    session_id: 'ses_1',
    target_id: 'shop',
    limit,
    lesson: { scenario_id: 'scn_1', verdict: 'passed', predictedFailure: 0.5, informationBits: 1, before: limit },
  },
  alert: { severity: 'warning', text: 'slow', session_id: null, target_id: 'shop' },
  gap: { from: 3, to: 7 },
};
