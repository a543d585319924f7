import type { CheckHistory, RouteParsed, Schedule, ScheduledRun, ShownSchedule } from '@hive/contract';
import type { Verb } from '../verb.js';

/** What a caller can do with schedules and checks. */
export interface ScheduleActions {
  listSchedules: Verb<string | undefined, ShownSchedule[]>;
  getSchedule: Verb<string, ShownSchedule & { runs: ScheduledRun[] }>;
  /** With an id of its own, where a file names it. */
  createSchedule: Verb<RouteParsed<'createSchedule'>['body'] & { id?: string }, Schedule>;
  replaceSchedule: Verb<{ id: string; schedule: RouteParsed<'replaceSchedule'>['body'] }, Schedule>;
  deleteSchedule: Verb<string, void>;
  runSchedule: Verb<string, ScheduledRun>;
  listChecks: Verb<RouteParsed<'listChecks'>['query'], CheckHistory>;
}
