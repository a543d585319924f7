'use client';

import type { TrainingStatus } from '@hive/contract';
import { Progress } from 'radix-ui';
import { duration, figure } from '../ui/format';
import { useNow } from '../ui/use-now';

export interface TrainingProgressProps {
  status: TrainingStatus;
  /** When the status was true, ms. */
  statusAtMs: number;
  hasTarget: boolean;
  /** Whether the feed is live: otherwise nobody knows how far it is, and the clock stops. */
  live: boolean;
}

/** How far the running scenario and the session are. Between two messages the clock carries it on. */
export function TrainingProgress({ status, statusAtMs, hasTarget, live }: TrainingProgressProps) {
  const now = useNow(status.running && live);
  const sinceMs = now === null ? 0 : Math.max(0, now - statusAtMs);
  if (!status.running) return <Idle status={status} hasTarget={hasTarget} />;
  const { current, budget_left_seconds: left } = status;
  const runtime = status.runtime_seconds + sinceMs / 1_000;
  return (
    <div className="border-t border-line pt-3 text-sm">
      {current === null ? (
        <p className="text-ink-soft">Choosing the next scenario…</p>
      ) : (
        <>
          <p className="flex flex-wrap items-baseline justify-between gap-x-3">
            <span className="font-mono text-xs font-medium">{current.kind}</span>
            <span>
              <span className="font-semibold">{figure(current.intensity)}</span>{' '}
              <span className="text-ink-soft">{current.unit}</span>
            </span>
          </p>
          <Bar elapsedMs={current.elapsedMs + sinceMs} plannedMs={current.plannedMs} />
        </>
      )}
      <p className="mt-2 flex justify-between gap-3 text-xs text-ink-soft">
        <span>
          {status.scenarios_completed} {status.scenarios_completed === 1 ? 'scenario' : 'scenarios'} done
        </span>
        <span>
          {duration(runtime)}
          {left === null ? '' : ` · ${duration(Math.max(0, left - sinceMs / 1_000))} left`}
        </span>
      </p>
    </div>
  );
}

function Bar({ elapsedMs, plannedMs }: { elapsedMs: number; plannedMs: number }) {
  const share = plannedMs > 0 ? Math.min(1, elapsedMs / plannedMs) : 0;
  return (
    <Progress.Root
      aria-label="Progress of the running scenario"
      value={Math.round(share * 100)}
      className="mt-2 h-1.5 overflow-hidden rounded-full bg-sunken"
    >
      <Progress.Indicator
        className="h-full rounded-full bg-honey transition-[width] duration-300 ease-linear"
        style={{ width: `${share * 100}%` }}
      />
    </Progress.Root>
  );
}

function Idle({ status, hasTarget }: { status: TrainingStatus; hasTarget: boolean }) {
  const text = !hasTarget
    ? 'Add a target to begin.'
    : status.session_id === null
      ? 'No scenario yet: choose a target and press Start Training.'
      : `Last session: ${status.scenarios_completed} ${status.scenarios_completed === 1 ? 'scenario' : 'scenarios'} in ${duration(status.runtime_seconds)}.`;
  return <p className="border-t border-line pt-3 text-xs text-pretty text-ink-soft">{text}</p>;
}
