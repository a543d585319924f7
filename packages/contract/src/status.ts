import type { Scenario } from './scenario.js';
import type { SessionRow, TrainingStatus } from './session.js';

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

/** How a session stands by its row alone: at its beginning while it runs, else at its end. */
export function statusOf(session: SessionRow): TrainingStatus {
  const running = session.status === 'running';
  return {
    running,
    session_id: session.id,
    target: session.target_id,
    scenarios_completed: session.total_scenarios,
    current: null,
    average_success_rate: session.average_performance,
    runtime_seconds: session.ended_at === null ? 0 : secondsBetween(session.started_at, session.ended_at),
    budget_left_seconds: running ? session.budget_seconds : null,
    next_reason: null,
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
  return { scenario_id: id, kind, difficulty, intensity, unit, elapsedMs: 0, plannedMs };
}

function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1_000;
}
