'use client';

import { KIND_LABELS } from '@hive/contract';
import Link from 'next/link';
import { useLive } from '../../live/feed-provider';
import { percent, quantity, say } from '../../ui/format';
import { Moment } from '../../ui/moment';
import { VerdictBadge } from '../verdict-badge';
import type { ShownRun } from './shown-run';

const HEAD = 'py-2 pr-4 font-medium';
/** What a telephone shows below the run. */
const ROOMY = 'hidden sm:table-cell';
const NUMBER = 'py-2 pr-4 text-right whitespace-nowrap';

/** Runs as rows: when, what was sent, what came of it and how fast the answers were. */
export function RunsTable({ runs, form }: { runs: readonly ShownRun[]; form: string }) {
  const runningId = useLive(({ state }) => state.status.current?.scenario_id ?? null);
  return (
    <div className="-mx-4 overflow-x-auto px-4 sm:-mx-5 sm:px-5">
      <table className="w-full text-left text-sm">
        <thead className="border-b border-line text-xs text-ink-soft">
          <tr>
            <th scope="col" className="w-8 py-2">
              <span className="sr-only">Choose</span>
            </th>
            <th scope="col" className={HEAD}>
              Run
            </th>
            <th scope="col" className={`${HEAD} ${ROOMY}`}>
              Outcome
            </th>
            <th scope="col" className={`${HEAD} ${ROOMY} text-right`}>
              Load
            </th>
            <th scope="col" className={`${HEAD} ${ROOMY} text-right`}>
              p99 response time
            </th>
            <th scope="col" className={`${HEAD} hidden text-right lg:table-cell`}>
              Good
            </th>
            <th scope="col" className={`${HEAD} hidden xl:table-cell`}>
              Why
            </th>
            <th scope="col" className={`${HEAD} ${ROOMY}`}>
              When
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {runs.map((run) => (
            <Row key={run.id} run={run} form={form} running={run.id === runningId} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ run, form, running }: { run: ShownRun; form: string; running: boolean }) {
  // A ramp has no load of its own.
  const load = run.isRamp ? '–' : say(quantity(run.intensity, run.unit));
  const p99 = say(quantity(run.p99Ms, 'ms'));
  const badge = <VerdictBadge outcome={run.outcome} validity={run.validity} running={running} />;
  return (
    <tr data-run className="align-top focus-within:bg-sunken hover:bg-sunken">
      <td className="py-2 pr-3">
        {run.session_id === null ? null : (
          <input
            type="checkbox"
            name="session"
            form={form}
            value={run.session_id}
            aria-label={`Choose the session of this run for a comparison: ${run.description}`}
            className="size-4 accent-honey"
          />
        )}
      </td>
      <td className="max-w-96 py-2 pr-4 sm:min-w-48">
        <Link
          href={`/runs/${encodeURIComponent(run.id)}`}
          prefetch={false}
          className="rounded font-medium underline-offset-4 hover:underline"
        >
          {run.description}
        </Link>
        <span className="block text-xs text-ink-soft">
          {KIND_LABELS[run.scenario_type].label} · {run.target_id}
          {run.isRamp ? '' : ` · ${run.difficulty}`}
        </span>
        <span className="mt-1 flex flex-wrap items-center gap-x-2 text-xs text-ink-soft sm:hidden">
          {badge}
          <span>
            {run.isRamp ? '' : `${load} · `}p99 {p99} · <Moment at={run.created_at} withDate />
          </span>
        </span>
      </td>
      <td className={`py-2 pr-4 ${ROOMY}`}>{badge}</td>
      <td className={`${NUMBER} ${ROOMY}`}>{load}</td>
      <td className={`${NUMBER} ${ROOMY}`}>{p99}</td>
      <td className={`${NUMBER} hidden lg:table-cell`}>{percent(run.success_rate)}</td>
      <td className="hidden max-w-112 py-2 pr-4 text-xs text-pretty text-ink-soft xl:table-cell">{run.reason}</td>
      <td className={`py-2 whitespace-nowrap ${ROOMY}`}>
        <Moment at={run.created_at} withDate />
      </td>
    </tr>
  );
}
