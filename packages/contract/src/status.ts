import { isRamp } from './outcome.js';
import type { Scenario } from './scenario.js';
import { secondsOf, type SessionRow, type TrainingStatus } from './session.js';

/** The status before anything ever ran. */
export const NOTHING_RAN: TrainingStatus = {
  running: false,
  session_id: null,
  target: null,
  kinds: [],
  budget_seconds: null,
  precision: null,
  hold_seconds: null,
  scenarios_completed: 0,
  current: null,
  average_success_rate: null,
  runtime_seconds: 0,
  budget_left_seconds: null,
  next_reason: null,
  plan: null,
};

/** How a session stands by its row alone: at its beginning while it runs, else at its end. */
export function statusOf(session: SessionRow): TrainingStatus {
  const running = session.status === 'running';
  return {
    running,
    session_id: session.id,
    target: session.target_id,
    kinds: session.kinds,
    budget_seconds: session.budget_seconds,
    precision: session.precision,
    hold_seconds: session.hold_seconds,
    scenarios_completed: session.total_scenarios,
    current: null,
    average_success_rate: session.average_performance,
    runtime_seconds: secondsOf(session) ?? 0,
    budget_left_seconds: running ? session.budget_seconds : null,
    next_reason: null,
    plan: null,
  };
}

/** A status as it is some time later: while its session runs, its times go on. */
export function statusLater(status: TrainingStatus, elapsedMs: number): TrainingStatus {
  if (!status.running) return status;
  const { current, budget_left_seconds: left } = status;
  const seconds = elapsedMs / 1_000;
  return {
    ...status,
    current: current && { ...current, elapsedMs: current.elapsedMs + elapsedMs },
    runtime_seconds: status.runtime_seconds + seconds,
    budget_left_seconds: left === null ? null : Math.max(0, left - seconds),
  };
}

/** A scenario that begins, as a status shows it. */
export function currentScenario(
  scenario: Pick<Scenario, 'id' | 'kind' | 'difficulty' | 'intensity' | 'unit' | 'plan'>,
): NonNullable<TrainingStatus['current']> {
  const { id, kind, difficulty, intensity, unit, plan } = scenario;
  const plannedMs = plan.warmupMs + plan.durationMs;
  return { scenario_id: id, kind, difficulty, intensity, unit, ramp: isRamp({ plan }), elapsedMs: 0, plannedMs };
}
