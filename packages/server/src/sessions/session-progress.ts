import {
  currentScenario,
  statusLater,
  statusOf,
  type Kind,
  type Limit,
  type Scenario,
  type SessionRow,
  type TrainingStatus,
  type Window,
} from '@hive/contract';
import type { Clock, TrainingEvent } from '@hive/engine';
import type { SessionEnd } from './session-end.js';

/** How a session stands: a fold over its events. */
export interface SessionProgress {
  note(event: TrainingEvent): void;
  /** Ends the session. */
  end(end: SessionEnd): void;
  session(): SessionRow;
  status(): TrainingStatus;
  newestWindow(): Window | null;
}

/**
 * Begins to follow a session. A scenario that was aborted is not counted: it says nothing.
 */
export function followProgress(begun: SessionRow, clock: Clock): SessionProgress {
  const startedMs = clock.now();
  const successRates: number[] = [];
  const limits = new Map<string, Limit>();
  const row: SessionRow = { ...begun };
  const totals = { requests: 0, good: 0, peakThroughputPerSecond: 0 };
  let current: { scenario: Scenario; startedMs: number } | null = null;
  let nextReason: string | null = null;
  let newest: Window | null = null;

  const average = (): number | null =>
    successRates.length === 0 ? null : successRates.reduce((sum, rate) => sum + rate, 0) / successRates.length;

  const session = (): SessionRow => ({
    ...row,
    average_performance: average(),
    metrics: { ...row.metrics, ...totals },
    limits: [...limits.values()],
  });
  const shown = (): TrainingStatus['current'] =>
    current && { ...currentScenario(current.scenario), elapsedMs: clock.now() - current.startedMs };

  return {
    note(event) {
      switch (event.type) {
        case 'scenario_chosen':
          nextReason = event.reason;
          break;
        case 'scenario_started':
          current = { scenario: event.scenario, startedMs: clock.now() };
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
      current = null;
      Object.assign(row, { status, end_reason: reason, ended_at: new Date(clock.wall()).toISOString() });
    },
    session,
    status() {
      const status = statusLater(statusOf(session()), clock.now() - startedMs);
      if (!status.running) return status;
      return { ...status, current: shown(), next_reason: nextReason };
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
