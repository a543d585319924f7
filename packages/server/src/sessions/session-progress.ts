import type { Kind, Limit, SessionRow, TrainingStatus, Window } from '@hive/contract';
import type { Clock, TrainingEvent } from '@hive/engine';
import type { SessionEnd } from './session-end.js';

/** How a session stands: a fold over its events. */
export interface SessionProgress {
  note(event: TrainingEvent): void;
  /** Ends the session; from now on its times stand still. */
  end(end: SessionEnd): void;
  session(): SessionRow;
  status(): TrainingStatus;
  newestWindow(): Window | null;
}

interface Current {
  scenario: Extract<TrainingEvent, { type: 'scenario_started' }>['scenario'];
  startedMs: number;
  plannedMs: number;
}

/**
 * Begins to follow a session. `budgetMs` is null when it goes on until it is stopped. A scenario that was aborted is not counted: it
 * says nothing.
 */
export function followProgress(begun: SessionRow, clock: Clock, budgetMs: number | null): SessionProgress {
  const startedMs = clock.now();
  const successRates: number[] = [];
  const limits = new Map<string, Limit>();
  const row: SessionRow = { ...begun };
  const totals = { requests: 0, good: 0, peakThroughputPerSecond: 0 };
  let endedMs: number | null = null;
  let current: Current | null = null;
  let nextReason: string | null = null;
  let newest: Window | null = null;

  const average = (): number | null =>
    successRates.length === 0 ? null : successRates.reduce((sum, rate) => sum + rate, 0) / successRates.length;

  return {
    note(event) {
      switch (event.type) {
        case 'scenario_chosen':
          nextReason = event.reason;
          break;
        case 'scenario_started':
          current = { scenario: event.scenario, startedMs: clock.now(), plannedMs: event.plannedMs };
          nextReason = event.reason;
          break;
        case 'window':
          newest = event.window;
          break;
        case 'scenario_completed': {
          current = null;
          const { verdict, measurement } = event.result;
          if (verdict === 'aborted') break;
          row.total_scenarios += 1;
          if (verdict === 'passed') row.successful_scenarios += 1;
          if (measurement === null) break;
          successRates.push(measurement.successRate);
          totals.requests += measurement.counts.sent;
          totals.good += measurement.counts.good;
          totals.peakThroughputPerSecond = Math.max(totals.peakThroughputPerSecond, measurement.throughputPerSecond);
          break;
        }
        case 'limit_updated':
          limits.set(event.limit.kind, event.limit);
          break;
        case 'ended':
          for (const limit of event.limits) limits.set(limit.kind, limit);
          break;
        case 'row':
        case 'alert':
          break;
      }
    },
    end({ status, reason }) {
      endedMs = clock.now();
      current = null;
      Object.assign(row, { status, end_reason: reason, ended_at: new Date(clock.wall()).toISOString() });
    },
    session: () => ({
      ...row,
      average_performance: average(),
      metrics: { ...row.metrics, ...totals },
      limits: [...limits.values()],
    }),
    status() {
      const runtimeMs = (endedMs ?? clock.now()) - startedMs;
      return {
        running: row.status === 'running',
        session_id: row.id,
        target: row.target_id,
        scenarios_completed: row.total_scenarios,
        current: current === null ? null : showCurrent(current, clock.now()),
        average_success_rate: average(),
        runtime_seconds: runtimeMs / 1_000,
        budget_left_seconds: budgetMs === null ? null : Math.max(0, budgetMs - runtimeMs) / 1_000,
        next_reason: nextReason,
      };
    },
    newestWindow: () => newest,
  };
}

/** The row of a session that begins. */
export function firstRow(
  of: { sessionId: string; targetId: string; kinds: Kind[]; budgetSeconds: number | null },
  startedAt: string,
): SessionRow {
  return {
    id: of.sessionId,
    started_at: startedAt,
    ended_at: null,
    total_scenarios: 0,
    successful_scenarios: 0,
    average_performance: null,
    metrics: {},
    target_id: of.targetId,
    status: 'running',
    kinds: of.kinds,
    budget_seconds: of.budgetSeconds,
    end_reason: null,
    limits: [],
  };
}

/** The status of a session that is over, as its row tells it. */
export function statusOfRow(row: SessionRow): TrainingStatus {
  const endedAt = row.ended_at ?? row.started_at;
  return {
    running: false,
    session_id: row.id,
    target: row.target_id,
    scenarios_completed: row.total_scenarios,
    current: null,
    average_success_rate: row.average_performance,
    runtime_seconds: (Date.parse(endedAt) - Date.parse(row.started_at)) / 1_000,
    budget_left_seconds: null,
    next_reason: null,
  };
}

/** The status before anything ever ran. */
export const NOTHING_RAN: TrainingStatus = {
  running: false,
  session_id: null,
  target: null,
  scenarios_completed: 0,
  current: null,
  average_success_rate: null,
  runtime_seconds: 0,
  budget_left_seconds: null,
  next_reason: null,
};

function showCurrent({ scenario, startedMs, plannedMs }: Current, nowMs: number): TrainingStatus['current'] {
  return {
    scenario_id: scenario.id,
    kind: scenario.kind,
    difficulty: scenario.difficulty,
    intensity: scenario.intensity,
    unit: scenario.unit,
    elapsedMs: nowMs - startedMs,
    plannedMs,
  };
}
