import { WEEKDAYS, type Weekday } from '@hive/contract';
import type { StoredChannel } from '../../store/store.js';

/** UTC. */
const HOUR = 7;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** Who was away longer than this sends none for that week: the next one comes soon. */
const LATE_MS = 3 * DAY_MS;

/** For which week a channel is owed a mail: when that was due, ms; null: for none. It says nothing of whether it was sent. Pure. */
export function weekOwed({ type, on, settings, changedAt }: StoredChannel, nowMs: number): number | null {
  const day = settings['weekly'] as Weekday | undefined;
  if (type !== 'email' || !on || day === undefined) return null;
  const dueMs = latestDue(day, nowMs);
  // Whoever asks for it today hears of this week when it is over.
  return dueMs <= Date.parse(changedAt) || nowMs - dueMs > LATE_MS ? null : dueMs;
}

/** The week that ends at a time, ISO 8601. */
export function weekUntil(dueMs: number): { from: string; to: string } {
  return { from: new Date(dueMs - WEEK_MS).toISOString(), to: new Date(dueMs).toISOString() };
}

function latestDue(day: Weekday, nowMs: number): number {
  const midnight = new Date(nowMs).setUTCHours(0, 0, 0, 0);
  const daysAgo = (new Date(nowMs).getUTCDay() - WEEKDAYS.indexOf(day) + 7) % 7;
  const dueMs = midnight - daysAgo * DAY_MS + HOUR * 3_600_000;
  return dueMs <= nowMs ? dueMs : dueMs - WEEK_MS;
}
