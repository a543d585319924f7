import type { HiveError, SessionRow } from '@hive/contract';

/** How a session came to its end. */
export interface SessionEnd {
  status: Exclude<SessionRow['status'], 'running' | 'interrupted'>;
  /** In one sentence. */
  reason: string;
}

/** What a session is that is over: broken off by an error, stopped from outside, or completed. */
export function sessionEnd(of: {
  error: HiveError | null;
  stopped: boolean;
  /** Why its events ended, where they said so. */
  reason: string | null;
  budgetSeconds: number | null;
}): SessionEnd {
  if (of.error !== null) return { status: 'failed', reason: of.error.message };
  if (of.stopped) return { status: 'stopped', reason: 'stopped' };
  return { status: 'completed', reason: of.reason ?? (of.budgetSeconds === null ? 'done' : 'the budget is used up') };
}
