import { isSafetyEnd, type EndCode, type HiveError, type SessionRow } from '@hive/contract';

/** How a session came to its end. */
export interface SessionEnd {
  status: Exclude<SessionRow['status'], 'running' | 'interrupted'>;
  code: EndCode;
  /** In one sentence. */
  reason: string;
}

const DONE = { code: 'goal', reason: 'done' } as const;
const USED_UP = { code: 'budget', reason: 'the budget is used up' } as const;

/** What a session is that is over: broken off by an error, stopped from outside, or completed. */
export function sessionEnd(of: {
  error: HiveError | null;
  stopped: boolean;
  /** Why its events ended, where they said so. */
  said: Pick<SessionEnd, 'code' | 'reason'> | null;
  budgetSeconds: number | null;
}): SessionEnd {
  if (of.error !== null) return { status: 'failed', code: codeOf(of.error), reason: of.error.message };
  if (of.stopped) return { status: 'stopped', code: 'stopped', reason: 'stopped' };
  const { said } = of;
  if (said !== null && isSafetyEnd(said.code)) return { status: 'stopped', ...whyOf(said) };
  return { status: 'completed', ...whyOf(said ?? (of.budgetSeconds === null ? DONE : USED_UP)) };
}

function codeOf({ code }: HiveError): EndCode {
  return code === 'target_unreachable' ? code : 'failed';
}

function whyOf({ code, reason }: Pick<SessionEnd, 'code' | 'reason'>): Pick<SessionEnd, 'code' | 'reason'> {
  return { code, reason };
}
