import {
  NOTHING_RAN,
  statusOf,
  type MetricsSummary,
  type ScenarioRow,
  type SessionRow,
  type TrainingStatus,
  type Window,
} from '@hive/contract';
import type { LiveState } from './state';

/** How one target stands: in the session that runs on it or, when none does, in its last one. */
export interface Standing {
  /** Of that session; {@link NOTHING_RAN} before the first. */
  status: TrainingStatus;
  /** Of that session; null while nothing of it is counted yet. */
  summary: MetricsSummary | null;
  /** The newest live window of that session, while it runs. */
  newest: Window | null;
  /** The newest run of that session. */
  last: ScenarioRow | null;
}

/** How a target stands. Nothing of another target, and nothing of an earlier session. */
export function standingOf(
  { status, views, newest }: Pick<LiveState, 'status' | 'views' | 'newest'>,
  target: string | null,
): Standing {
  const view = target === null ? undefined : views[target];
  const [session] = view?.sessions ?? [];
  const stands = statusOfTarget(target, status, session);
  const id = stands.session_id;
  const [last] = view?.scenarios ?? [];
  return {
    status: stands,
    summary: id !== null && view?.summary?.session_id === id ? view.summary : null,
    newest: stands.running && newest?.sessionId === id ? newest : null,
    last: id !== null && last?.session_id === id ? last : null,
  };
}

/** Of the session that runs on a target or, when none does, of its newest one. */
export function statusOfTarget(
  target: string | null,
  status: TrainingStatus,
  newest: SessionRow | undefined,
): TrainingStatus {
  if (status.target === target && status.session_id !== null) return status;
  return newest === undefined ? NOTHING_RAN : statusOf(newest);
}
