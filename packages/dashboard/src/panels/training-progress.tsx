'use client';

import { OUTCOME_WORDS, type TrainingStatus } from '@hive/contract';
import { duration, plural, quantity } from '../ui/format';
import { Progress } from '../ui/progress';
import { useNow } from '../ui/use-now';
import { KindName } from './kind-name';

export interface TrainingProgressProps {
  status: TrainingStatus;
  /** When the status was true, ms. */
  statusAtMs: number;
  /** Whether the feed is live: otherwise nobody knows how far it is, and the clock stops. */
  live: boolean;
}

/** How far the run and the session on their way are. Between two messages the clock carries it on. */
export function TrainingProgress({ status, statusAtMs, live }: TrainingProgressProps) {
  const now = useNow(live);
  const sinceMs = now === null ? 0 : Math.max(0, now - statusAtMs);
  const { current, budget_left_seconds: left } = status;
  return (
    <div className="text-sm">
      {current === null ? (
        <p className="text-ink-soft">Choosing the next load…</p>
      ) : (
        <>
          <p className="flex flex-wrap items-baseline justify-between gap-x-3">
            <KindName kind={current.kind} />
            {current.ramp ? (
              <span className="font-semibold">{OUTCOME_WORDS.ramp}</span>
            ) : (
              <Load {...quantity(current.intensity, current.unit)} />
            )}
          </p>
          <Progress label="Progress of this run" share={shareDone(current.elapsedMs + sinceMs, current.plannedMs)} />
        </>
      )}
      <p className="mt-2 flex justify-between gap-3 text-xs text-ink-soft">
        <span>{plural(status.scenarios_completed, 'run')} done</span>
        <span>
          {duration(status.runtime_seconds + sinceMs / 1_000)}
          {left === null ? '' : ` · ${duration(Math.max(0, left - sinceMs / 1_000))} left`}
        </span>
      </p>
    </div>
  );
}

function Load({ value, unit }: { value: string; unit: string }) {
  return (
    <span>
      <span className="font-semibold">{value}</span> <span className="text-ink-soft">{unit}</span>
    </span>
  );
}

function shareDone(elapsedMs: number, plannedMs: number): number {
  return plannedMs > 0 ? Math.min(1, elapsedMs / plannedMs) : 0;
}
