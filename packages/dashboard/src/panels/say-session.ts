import { ANSWER_WORDS, secondsOf, type Limit, type SessionRow, type TrainingStatus } from '@hive/contract';
import { count, duration, figure, percent, plural } from '../ui/format';

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

/** What a session was asked about one rate, and its answer: `Yes: 500 requests/s held for 60 s`; null where it was asked for limits. */
export function sayAnswer({ question, answer, end_reason }: SessionRow): string | null {
  if (question === null) return null;
  const { at_per_second: rate, for_seconds: seconds } = question;
  if (answer === null) return `Can it take ${figure(rate)} requests/s for ${duration(seconds)}?`;
  return `${ANSWER_WORDS[answer]}: ${end_reason ?? `${figure(rate)} requests/s for ${duration(seconds)}`}`;
}
