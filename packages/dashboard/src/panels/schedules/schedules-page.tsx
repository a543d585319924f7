'use client';

import type { RouteOutput, ShownSchedule } from '@hive/contract';
import { Plus } from 'lucide-react';
import { useQueryState } from 'nuqs';
import { useState } from 'react';
import { useLive } from '../../live/feed-provider';
import { useMay } from '../../live/me';
import { useApi } from '../../live/use-api';
import { Button } from '../../ui/button';
import { Card, Nothing } from '../../ui/card';
import { Select } from '../../ui/field';
import { plural } from '../../ui/format';
import { ScheduleDialog } from './schedule-dialog';
import { ScheduleRow } from './schedule-row';

/** The feed tells checks and sessions; a scheduled run that was skipped it does not. */
const ASK_EVERY_MS = 15_000;

/** Everything that Hive does by itself: what, when, and how it went last. */
export function SchedulesPage({ loaded }: { loaded: RouteOutput<'listSchedules'> }) {
  const { data = loaded } = useApi('listSchedules', {}, { loaded, everyMs: ASK_EVERY_MS });
  const targets = useLive(({ state }) => state.targets);
  const mayWrite = useMay('schedule.write');
  const [target, setTarget] = useQueryState('target');
  /** What the dialog is about; null: something new; undefined: it is closed. */
  const [edited, setEdited] = useState<ShownSchedule | null | undefined>(undefined);
  const named = [...new Set(data.schedules.map((one) => one.target))].toSorted();
  const shown = data.schedules.filter((one) => target === null || one.target === target);
  return (
    <div className="mx-auto grid max-w-5xl gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-xl font-semibold tracking-tight">Schedules</h1>
        {mayWrite && targets.length > 0 ? (
          <Button look="primary" icon={Plus} onClick={() => setEdited(null)}>
            Add a schedule
          </Button>
        ) : null}
      </div>
      <p className="text-pretty">{saySchedules(shown)}</p>
      <Card
        label="List of schedules"
        title={plural(shown.length, 'schedule')}
        aside={
          named.length < 2 && target === null ? null : (
            <span className="w-44">
              <Select
                aria-label="Target"
                value={target ?? ''}
                onChange={(event) => void setTarget(event.target.value === '' ? null : event.target.value)}
              >
                <option value="">all targets</option>
                {named.map((id) => (
                  <option key={id}>{id}</option>
                ))}
              </Select>
            </span>
          )
        }
      >
        {shown.length === 0 ? (
          <Nothing>
            {mayWrite
              ? 'Nothing is scheduled. A check every 5 minutes is a good beginning.'
              : 'Nothing is scheduled. Whoever may change schedules can add one.'}
          </Nothing>
        ) : (
          <ul className="divide-y divide-line">
            {shown.map((schedule) => (
              <ScheduleRow key={schedule.id} schedule={schedule} onEdit={() => setEdited(schedule)} />
            ))}
          </ul>
        )}
      </Card>
      {edited === undefined ? null : (
        <ScheduleDialog
          schedule={edited}
          targets={targets.map(({ id }) => id)}
          target={target}
          onClose={() => setEdited(undefined)}
        />
      )}
    </div>
  );
}

/** The page in a sentence: what needs a look, and why. */
function saySchedules(schedules: readonly ShownSchedule[]): string {
  const on = schedules.filter((one) => one.on);
  if (on.length === 0) return 'Hive does nothing by itself now.';
  const bad = on.filter(({ last, stale }) => stale || last?.result === 'fail' || last?.result === 'interrupted');
  const of = plural(on.length, 'schedule');
  const rest = [
    sayNumber(on.filter(({ last }) => last?.result === 'skipped').length, 'was skipped', 'were skipped'),
    sayNumber(on.filter(({ last, stale }) => last === null && !stale).length, 'has not run yet', 'have not run yet'),
    sayNumber(schedules.length - on.length, 'is off', 'are off'),
  ].filter((text) => text !== null);
  const more = rest.length === 0 ? '' : ` ${rest.join(', ')}.`;
  if (bad.length === 0) return `Nothing needs a look: ${of}.${more}`;
  const why = bad.map(({ target, stale }) => `${target} ${stale ? 'has no result' : 'failed'}`).join(', ');
  return `${bad.length} of ${of} ${bad.length === 1 ? 'needs' : 'need'} a look: ${why}.${more}`;
}

function sayNumber(number: number, one: string, many: string): string | null {
  return number === 0 ? null : `${number} ${number === 1 ? one : many}`;
}
