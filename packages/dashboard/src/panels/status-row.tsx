import type { MetricsSummary } from '@hive/contract';
import type { LiveState } from '../live/state';
import { count, percent, plural, quantity, say } from '../ui/format';
import { StatusCard } from './status-card';

/** The five figures that say how it stands: of the running session or, when none runs, of the last one. */
export function StatusRow({ state }: { state: LiveState }) {
  const { status, total, session, newest, scenarios } = state;
  const summary = session ?? total;
  const live = status.running && newest !== null && newest.responseTimeMs.count > 0 ? newest.responseTimeMs.p95 : null;
  const measured = summary.response_time_ms.count > 0 ? summary.response_time_ms.p95 : null;
  const p95 = quantity(live ?? measured, 'ms');
  const errors = Object.entries(summary.errors).toSorted(([, a], [, b]) => b - a);
  const errorCount = errors.reduce((sum, [, number]) => sum + number, 0);
  const current = status.current ?? null;
  const last = scenarios[0];
  const difficulty = current?.difficulty ?? last?.difficulty ?? null;
  const load = current ?? last ?? null;
  const span = status.running ? 'this session' : 'last session';
  return (
    <section aria-label="Status" className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-5">
      <StatusCard
        label="Runs"
        value={count(total.scenarios)}
        note={status.session_id === null ? 'none yet' : `${count(status.scenarios_completed)} in ${span}`}
      />
      <StatusCard
        label="p95 response time"
        value={p95.value}
        unit={p95.unit}
        note={live === null ? span : `now · session ${say(quantity(measured, 'ms'))}`}
      />
      <StatusCard
        label="Success rate"
        value={percent(status.average_success_rate)}
        note={
          summary.scenarios === 0
            ? 'of requests'
            : `${count(summary.successes)} of ${plural(summary.scenarios, 'run')} passed`
        }
      />
      <StatusCard
        label="Errors"
        value={count(errorCount)}
        tone={errorCount > 0 ? 'bad' : 'plain'}
        note={errors[0] && errors[0][1] > 0 ? `mostly ${errors[0][0]}` : sayUnanswered(summary, span)}
      />
      <div className="col-span-2 md:col-span-1">
        <StatusCard
          label="Difficulty"
          value={difficulty ?? '–'}
          note={
            load === null
              ? 'relative to the measured limit'
              : `${say(quantity(load.intensity, load.unit))}${current ? '' : ' · last run'}`
          }
        />
      </div>
    </section>
  );
}

/** What never got an answer is no error, but should not be hidden behind a zero either. */
function sayUnanswered({ counts }: MetricsSummary, otherwise: string): string {
  const { droppedTarget, droppedGenerator, cutOff } = counts;
  const unanswered = droppedTarget + droppedGenerator + cutOff;
  return unanswered === 0 ? otherwise : `${count(unanswered)} dropped or cut off`;
}
