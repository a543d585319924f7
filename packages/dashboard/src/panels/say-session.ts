import { secondsOf, type Limit, type SessionRow, type TrainingStatus } from '@hive/contract';
import { count, duration, percent, plural } from '../ui/format';

/** Whether it is on its way now. */
export function isRunning(session: SessionRow, status: TrainingStatus): boolean {
  return status.running && status.session_id === session.id;
}

/** The limits of which a session found something. */
export function foundBy({ limits }: SessionRow): Limit[] {
  return limits.filter(({ status }) => status !== 'unknown' && status !== 'not_applicable');
}

/** How many runs it did, how many passed (ramps and unusable runs never do), how its requests went, and how long it took. */
export function saySession(session: SessionRow, status: TrainingStatus): string {
  const { total_scenarios, successful_scenarios, average_performance } = session;
  if (isRunning(session, status)) return `${plural(status.scenarios_completed, 'run')} so far`;
  const parts = [plural(total_scenarios, 'run'), `${count(successful_scenarios)} passed`];
  if (average_performance !== null) parts.push(`${percent(average_performance)} of requests good`);
  const seconds = secondsOf(session);
  if (seconds !== null) parts.push(duration(seconds));
  return parts.join(' · ');
}
