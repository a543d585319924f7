import { isRamp, OUTCOME_WORDS, OUTCOMES, type MetricsSummary } from '@hive/contract';
import type { Standing } from '../live/standing';
import { count, percent, quantity, say } from '../ui/format';
import { StatusCard } from './status-card';

/** The five figures that say how a target stands: of the session that runs on it or, when none does, of its last one. */
export function StatusRow({ standing }: { standing: Standing }) {
  const { status, summary, newest } = standing;
  const live = newest !== null && newest.responseTimeMs.count > 0 ? newest.responseTimeMs.p95 : null;
  const measured = summary !== null && summary.response_time_ms.count > 0 ? summary.response_time_ms.p95 : null;
  const p95 = quantity(live ?? measured, 'ms');
  const errors = Object.entries(summary?.errors ?? {}).toSorted(([, a], [, b]) => b - a);
  const errorCount = errors.reduce((sum, [, number]) => sum + number, 0);
  const span = spanOf(standing);
  return (
    <section aria-label="Status" className="@container">
      <div className="grid grid-cols-2 gap-3 *:last:col-span-2 @xl:grid-cols-6 @xl:*:col-span-2 @xl:*:nth-last-[-n+2]:col-span-3 @4xl:grid-cols-5 @4xl:*:col-span-1!">
        <StatusCard label="Runs" value={count(status.scenarios_completed)} note={sayOutcomes(standing) || span} />
        <StatusCard
          label="p95 response time"
          value={p95.value}
          unit={p95.unit}
          note={live === null ? span : `now · session ${say(quantity(measured, 'ms'))}`}
        />
        <StatusCard
          label="Good requests"
          value={percent(status.average_success_rate)}
          note={status.average_success_rate === null ? span : 'mean of the judged runs'}
        />
        <StatusCard
          label="Errors"
          value={count(errorCount)}
          tone={errorCount > 0 ? 'bad' : 'plain'}
          note={errors[0] && errors[0][1] > 0 ? `mostly ${errors[0][0]}` : sayUnanswered(summary, span)}
        />
        <StatusCard label="Difficulty" {...difficultyOf(standing)} />
      </div>
    </section>
  );
}

/** What the figures are of. */
export function spanOf({ status }: Standing): string {
  if (status.session_id === null) return 'nothing measured yet';
  return status.running ? 'this session' : 'last session';
}

/** How the runs of the session went, `5 passed · 1 failed · 1 ramp`: together as many as there are. Empty until they are counted. */
export function sayOutcomes({ status, summary }: Standing): string {
  if (summary === null || summary.scenarios !== status.scenarios_completed) return '';
  return OUTCOMES.flatMap((outcome) => {
    const number = summary.outcomes[outcome] ?? 0;
    return number === 0 ? [] : [`${count(number)} ${OUTCOME_WORDS[outcome]}`];
  }).join(' · ');
}

/** How hard the run is that runs now, or the last one of the session. A ramp has no load of its own. */
export function difficultyOf({ status, last }: Standing): { value: string; note: string } {
  const { current } = status;
  if (current?.ramp === true) return { value: OUTCOME_WORDS.ramp, note: 'the load rises until objectives break' };
  if (current) return { value: current.difficulty, note: say(quantity(current.intensity, current.unit)) };
  if (last === null) return { value: '–', note: 'relative to the measured limit' };
  if (isRamp(last.parameters)) return { value: OUTCOME_WORDS.ramp, note: 'last run' };
  return { value: last.difficulty, note: `${say(quantity(last.intensity, last.unit))} · last run` };
}

/** What never got an answer is no error, but should not be hidden behind a zero either. */
function sayUnanswered(summary: MetricsSummary | null, otherwise: string): string {
  if (summary === null) return otherwise;
  const { droppedTarget, droppedGenerator, cutOff } = summary.counts;
  const unanswered = droppedTarget + droppedGenerator + cutOff;
  return unanswered === 0 ? otherwise : `${count(unanswered)} dropped or cut off`;
}
