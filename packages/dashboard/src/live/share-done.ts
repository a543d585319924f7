import type { TrainingStatus } from '@hive/contract';

/** How far a session is, 0–1, some time after its status was true; null: it goes on until it is stopped. */
export function shareDone(status: TrainingStatus, sinceMs: number): number | null {
  const { runtime_seconds: runtime, budget_left_seconds: left } = status;
  if (left === null || runtime + left <= 0) return null;
  return Math.min(1, (runtime + Math.max(0, sinceMs) / 1_000) / (runtime + left));
}
