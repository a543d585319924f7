import {
  currentScenario,
  isExecution,
  outcomeOf,
  secondsOf,
  statusLater,
  statusOf,
  tallyRuns,
  type Kind,
  type Labels,
  type Limit,
  type Measurement,
  type MachineState,
  type Outcome,
  type OnLostBee,
  type Regions,
  type RunTally,
  type Scenario,
  type ScenarioRow,
  type SessionMode,
  type SessionPlan,
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
export function followProgress(begun: SessionRow, clock: Clock, earlier: readonly ScenarioRow[] = []): SessionProgress {
  // Of one that is resumed, the time in which nothing ran it does not count.
  const startedMs = clock.now() - 1_000 * (begun.runtime_seconds ?? 0);
  const runs: { outcome: Outcome | null; successRate: number | null }[] = earlier.map((run) => ({
    outcome: run.outcome,
    successRate: run.success_rate,
  }));
  const limits = new Map<string, Limit>(begun.limits.map((limit) => [limit.kind, limit]));
  const row: SessionRow = { ...begun };
  const totals = { requests: 0, good: 0, peakThroughputPerSecond: 0 };
  for (const { results, verdict } of earlier) if (verdict !== 'aborted') count(results?.measurement ?? null);

  function count(measurement: Measurement | null): void {
    if (measurement === null) return;
    totals.requests += measurement.counts.sent;
    totals.good += measurement.counts.good;
    totals.peakThroughputPerSecond = Math.max(totals.peakThroughputPerSecond, measurement.throughputPerSecond);
  }

  let current: { scenario: Scenario; startedMs: number } | null = null;
  let nextReason: string | null = null;
  let plan: SessionPlan | null = null;
  let newest: Window | null = null;
  let machine: MachineState | null = null;

  /** Measured here once, on a clock that never jumps: all that is shown of it comes from this. */
  const elapsedSeconds = (): number => (clock.now() - startedMs) / 1_000;
  const session = (): SessionRow => ({
    ...row,
    ...countedIn(tallyRuns(runs)),
    runtime_seconds: row.ended_at === null ? elapsedSeconds() : row.runtime_seconds,
    metrics: { ...row.metrics, ...totals },
    limits: [...limits.values()],
  });
  const shown = (): TrainingStatus['current'] =>
    current && { ...currentScenario(current.scenario), elapsedMs: clock.now() - current.startedMs };

  return {
    note(event) {
      switch (event.type) {
        case 'planned':
          plan = event.plan;
          break;
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
          if (event.spent !== undefined) row.metrics = { ...row.metrics, spent: event.spent };
          const { verdict, validity, measurement } = event.result;
          const outcome = outcomeOf({ verdict, validity, parameters: event.scenario });
          runs.push({ outcome, successRate: measurement?.successRate ?? null });
          if (verdict !== 'aborted') count(measurement);
          break;
        }
        case 'limit_updated':
          limits.set(event.limit.kind, event.limit);
          break;
        case 'ended':
          for (const limit of event.limits) limits.set(limit.kind, limit);
          if (event.answer !== undefined) row.answer = event.answer;
          break;
        case 'machine':
          machine = event.machine.busy ? event.machine : null;
          break;
        case 'row':
        case 'alert':
          break;
      }
    },
    end({ status, code, reason }) {
      current = null;
      Object.assign(row, {
        status,
        end_code: code,
        end_reason: reason,
        ended_at: new Date(clock.wall()).toISOString(),
        runtime_seconds: elapsedSeconds(),
      });
    },
    session,
    status() {
      const status = statusLater(statusOf(session()), clock.now() - startedMs);
      if (!status.running) return status;
      return { ...status, current: shown(), next_reason: nextReason, plan, ...(machine === null ? {} : { machine }) };
    },
    newestWindow: () => newest,
  };
}

/** The columns of a session that count its runs. */
function countedIn({
  total,
  passed,
  averageSuccessRate,
}: RunTally): Pick<SessionRow, 'total_scenarios' | 'successful_scenarios' | 'average_performance'> {
  return { total_scenarios: total, successful_scenarios: passed, average_performance: averageSuccessRate };
}

/** What a session was asked for. */
export interface AskedSession {
  sessionId: string;
  targetId: string;
  kinds: Kind[];
  /** Null: until its events end, or it is stopped. */
  budgetSeconds: number | null;
  /** Half width of the wanted interval, as a share. */
  precision?: number | undefined;
  /** How long it soaks at its end. */
  holdSeconds?: number | undefined;
  /** Absent: it looks for limits, or runs one load. */
  mode?: SessionMode | undefined;
  labels?: Labels | undefined;
  question?: SessionRow['question'] | undefined;
  /** Its own caps, where it was given some. */
  maxRatePerSecond?: number | undefined;
  maxConnections?: number | undefined;
  /** Load generators on other machines that send its load; absent: this machine does. */
  regions?: Regions | undefined;
  onLostBee?: OnLostBee | undefined;
}

/** A session that is over, and what it measured. */
export interface ResumedSession {
  row: SessionRow;
  runs: ScenarioRow[];
}

/** The row of a session that goes on, at `nowMs` of the wall clock. */
export function resumedRow({ row, runs }: ResumedSession, nowMs: number): SessionRow {
  const ranSeconds = secondsOf(row) ?? 0;
  return {
    ...row,
    status: 'running',
    ended_at: null,
    end_code: null,
    end_reason: null,
    runtime_seconds: ranSeconds,
    paused_seconds: Math.max(0, (nowMs - Date.parse(row.started_at)) / 1_000 - ranSeconds),
    ...countedIn(tallyRuns(runs.map((run) => ({ outcome: run.outcome, successRate: run.success_rate })))),
  };
}

/** Where its load comes from, for a session that goes on later. */
function sendersOf({ regions, onLostBee }: AskedSession): SessionRow['metrics'] {
  if (regions === undefined) return {};
  return { regions, ...(onLostBee === 'continue' ? { on_lost_bee: onLostBee } : {}) };
}

/** The row of a session that begins. */
export function firstRow(of: AskedSession, startedAt: string): SessionRow {
  return {
    id: of.sessionId,
    started_at: startedAt,
    ended_at: null,
    total_scenarios: 0,
    successful_scenarios: 0,
    average_performance: null,
    metrics: sendersOf(of),
    target_id: of.targetId,
    status: 'running',
    kinds: of.kinds,
    budget_seconds: of.budgetSeconds,
    precision: of.precision ?? null,
    hold_seconds: of.holdSeconds ?? null,
    mode: of.mode ?? (isExecution(of.sessionId) ? 'run' : 'train'),
    labels: of.labels ?? {},
    question: of.question ?? null,
    answer: null,
    max_rate_per_second: of.maxRatePerSecond ?? null,
    max_connections: of.maxConnections ?? null,
    paused_seconds: 0,
    runtime_seconds: 0,
    end_code: null,
    end_reason: null,
    limits: [],
  };
}
