import type { Limit } from './limit.js';
import type { SessionRow } from './session.js';

/** The reason that a session gave for a kind that it did not reach, before what follows it. */
const NOT_REACHED = 'not reached in the last session';

/** This many of the newest sessions are asked why they did not reach a kind. */
export const SESSIONS_ASKED = 20;

/** Limits of which nothing was tried, with why the newest session that was asked for them did not reach them. `sessions`: newest first. */
export function withUnreached(
  limits: readonly Limit[],
  sessions: readonly Pick<SessionRow, 'kinds' | 'limits'>[],
): Limit[] {
  return limits.map((limit) => {
    if (!isUntried(limit)) return limit;
    const last = sessions.find(({ kinds }) => kinds.includes(limit.kind));
    const told = last?.limits.find(({ kind }) => kind === limit.kind);
    if (told === undefined || !isUntried(told) || told.reason === undefined) return limit;
    return { ...limit, reason: `${NOT_REACHED}: ${told.reason}` };
  });
}

/** Whether the reason of a limit says that a session did not reach it. */
export function isUnreached({ status, reason }: Pick<Limit, 'status' | 'reason'>): boolean {
  return status === 'unknown' && reason?.startsWith(NOT_REACHED) === true;
}

function isUntried({ status, scenarios }: Pick<Limit, 'status' | 'scenarios'>): boolean {
  return status === 'unknown' && scenarios === 0;
}
