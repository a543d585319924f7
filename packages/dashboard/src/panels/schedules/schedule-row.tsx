'use client';

import { everyMs, isOfFiles, type ScheduleInput, type ShownSchedule } from '@hive/contract';
import { Pencil, Play, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useMay } from '../../live/me';
import { useChange } from '../../live/use-change';
import { toast } from '../../live/toast';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Moment } from '../../ui/moment';
import { FromFile } from '../from-file';
import { ResultBadge } from '../result-badge';
import { sayWhat, sayWhen } from './say-schedule';

const DAY_MS = 86_400_000;

/** One schedule: what and when, how it went last, when it comes next, and what can be done with it. */
export function ScheduleRow({ schedule, onEdit }: { schedule: ShownSchedule; onEdit: () => void }) {
  const { target, what, on, last, stale } = schedule;
  return (
    <li className="grid gap-x-6 gap-y-2 py-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] sm:items-center">
      <div className="min-w-0">
        <p className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <Link
            href={`/targets/${encodeURIComponent(target)}`}
            className="truncate rounded font-semibold underline-offset-4 hover:underline"
          >
            {target}
          </Link>
          <span className="min-w-0 text-pretty">{sayWhat(what)}</span>
        </p>
        <p className="text-sm text-pretty text-ink-soft">
          {sayWhen(schedule)}
          <Next {...schedule} />
        </p>
      </div>
      <div className="min-w-0 text-sm">
        <p className="flex flex-wrap items-center gap-2">
          {isOfFiles('schedule', schedule) ? <FromFile /> : null}
          {on ? null : <Badge>off</Badge>}
          {last === null ? (
            <span className="text-ink-soft">has not run yet</span>
          ) : (
            <ResultBadge result={last.result} />
          )}
          {stale ? (
            <Badge tone="bad" title="Its last two times have no result">
              stale
            </Badge>
          ) : null}
          {last === null ? null : (
            <span className="text-ink-soft">
              <Moment at={last.endedAt ?? last.startedAt} withDate={isLong(schedule)} />
            </span>
          )}
          {last?.sessionId ? (
            <Link
              href={`/sessions/${encodeURIComponent(last.sessionId)}`}
              prefetch={false}
              className="rounded text-xs font-medium text-honey-ink underline underline-offset-4"
            >
              its session
            </Link>
          ) : null}
        </p>
        {last?.reason ? <p className="mt-0.5 text-xs text-pretty text-ink-soft">{last.reason}</p> : null}
      </div>
      <Actions schedule={schedule} onEdit={onEdit} />
    </li>
  );
}

/** Whether its last time may be days ago: then the day is told too. */
function isLong({ when }: ShownSchedule): boolean {
  return (everyMs(when) ?? DAY_MS) >= DAY_MS / 4;
}

function Next({ nextAt, ...schedule }: ShownSchedule) {
  if (nextAt === null) return null;
  return (
    <>
      {' · next '}
      <Moment at={nextAt} withDate={isLong({ nextAt, ...schedule })} />
    </>
  );
}

function Actions({ schedule, onEdit }: { schedule: ShownSchedule; onEdit: () => void }) {
  const { id, target, what, on } = schedule;
  const name = `${target}: ${sayWhat(what)}`;
  const mayWrite = useMay('schedule.write') && !isOfFiles('schedule', schedule);
  const mayRun = useMay('run');
  const [asking, setAsking] = useState(false);
  const { busy, run } = useChange({ renews: ['listSchedules'] });
  const turn = (): Promise<boolean> =>
    run((client) => client.call('replaceSchedule', { params: { id }, body: inputOf(schedule, !on) }));
  const start = async (): Promise<void> => {
    if (await run((client) => client.call('runSchedule', { params: { id } }))) toast.success(`Started: ${name}`);
  };
  const remove = (): Promise<boolean> => run((client) => client.call('deleteSchedule', { params: { id } }));
  if (!mayWrite && !mayRun) return null;
  if (asking) {
    return (
      <div className="flex flex-wrap gap-2">
        <Button look="danger" busy={busy} onClick={() => void remove()}>
          Remove this schedule
        </Button>
        <Button onClick={() => setAsking(false)}>Keep</Button>
      </div>
    );
  }
  return (
    <div className="flex items-center gap-1">
      {mayRun ? (
        <Button
          look="quiet"
          square
          icon={Play}
          disabled={busy}
          aria-label={`Run now, ${name}`}
          title="Run now"
          onClick={() => void start()}
        />
      ) : null}
      {mayWrite ? (
        <>
          <Button disabled={busy} aria-label={`Turn ${on ? 'off' : 'on'}, ${name}`} onClick={() => void turn()}>
            {on ? 'Turn off' : 'Turn on'}
          </Button>
          <Button look="quiet" square icon={Pencil} aria-label={`Edit, ${name}`} title="Edit" onClick={onEdit} />
          <Button
            look="quiet"
            square
            icon={Trash2}
            aria-label={`Remove, ${name}`}
            title="Remove"
            onClick={() => setAsking(true)}
          />
        </>
      ) : null}
    </div>
  );
}

function inputOf({ target, what, when, timeZone }: ShownSchedule, on: boolean): ScheduleInput {
  return { target, what, when, timeZone, on };
}
