import type { Limit, SessionRow, TrainingStatus } from '@hive/contract';
import { count, duration, percent, plural } from '../ui/format';

/** Whether it is on its way now. */
export function isRunning(session: SessionRow, status: TrainingStatus): boolean {
  return status.running && status.session_id === session.id;
}

/** The limits of which a session found something. */
export function foundBy({ limits }: SessionRow): Limit[] {
  return limits.filter(({ status }) => status !== 'unknown' && status !== 'not_applicable');
}

/** How many runs it did, how they went, and how long it took. */
export function saySession(session: SessionRow, status: TrainingStatus): string {
  const { started_at, ended_at, total_scenarios, successful_scenarios, average_performance } = session;
  if (isRunning(session, status)) return `${plural(status.scenarios_completed, 'run')} so far`;
  const parts = [`${count(successful_scenarios)} of ${plural(total_scenarios, 'run')} passed`];
  if (average_performance !== null) parts.push(`success rate ${percent(average_performance)}`);
  if (ended_at !== null) parts.push(duration((Date.parse(ended_at) - Date.parse(started_at)) / 1_000));
  return parts.join(' · ');
}
