import type { Schedule } from '@hive/contract';
import { loadTimetable } from './timetable.js';

/** The schedule with the time when it is due next. @throws HiveError `validation` naming `when`. */
export async function planSchedule(schedule: Omit<Schedule, 'nextAt'>, nowMs: number): Promise<Schedule> {
  const timetable = await loadTimetable();
  timetable.check(schedule, nowMs);
  const next = schedule.on ? timetable.nextMs(schedule, nowMs) : null;
  return { ...schedule, nextAt: next === null ? null : new Date(next).toISOString() };
}

/** Whether two of its times have passed since it last came to a result, or since it began. */
export async function isStale(schedule: Schedule, lastAt: string | null, nowMs: number): Promise<boolean> {
  if (!schedule.on) return false;
  const { intervalMs } = await loadTimetable();
  const sinceMs = Date.parse(lastAt ?? schedule.createdAt);
  return nowMs - sinceMs > 2 * intervalMs(schedule, sinceMs) + 60_000;
}
