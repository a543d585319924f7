import { isRamp, type ScenarioRow } from '@hive/contract';

/** What the list shows of a run: a hundred with their plans and results would be several times as much to send and to read. */
export interface ShownRun extends Pick<
  ScenarioRow,
  | 'id'
  | 'session_id'
  | 'target_id'
  | 'created_at'
  | 'scenario_type'
  | 'description'
  | 'difficulty'
  | 'intensity'
  | 'unit'
  | 'outcome'
  | 'validity'
  | 'success_rate'
  | 'reason'
> {
  /** Null where nothing was answered. */
  p99Ms: number | null;
  isRamp: boolean;
}

/** A run without what the list does not show. */
export function shownRun(run: ScenarioRow): ShownRun {
  const { id, session_id, target_id, created_at, scenario_type, description, difficulty, intensity, unit } = run;
  const { outcome, validity, success_rate, reason, results, parameters } = run;
  const latency = results?.measurement?.responseTimeMs;
  return {
    id,
    session_id,
    target_id,
    created_at,
    scenario_type,
    description,
    difficulty,
    intensity,
    unit,
    outcome,
    validity,
    success_rate,
    reason,
    p99Ms: latency === undefined || latency.count === 0 ? null : latency.p99,
    isRamp: isRamp(parameters),
  };
}
