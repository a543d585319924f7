'use client';

import type { Schedule } from '@hive/contract';
import { useState, type FormEvent } from 'react';
import { useLive } from '../../live/feed-provider';
import { useChange } from '../../live/use-change';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field, Select } from '../../ui/field';
import { SenderField } from '../sender-field';
import { describeSchedule, scheduleOf, type DescribedSchedule, type PartProps } from './described-schedule';
import { WhatFields } from './what-fields';
import { WhenFields } from './when-fields';

const FIELDS = [
  'target',
  'what.kinds',
  'what.budgetSeconds',
  'what.atPerSecond',
  'what.forSeconds',
  'what.kind',
  'what.intensity',
  'when',
  'timeZone',
];
const TYPES: readonly [type: DescribedSchedule['type'], text: string][] = [
  ['check', 'Check: does it answer?'],
  ['train', 'Find limit'],
  ['verify', 'Can it take a rate?'],
  ['run', 'One run'],
];

/** Adds a schedule, or changes one. */
export function ScheduleDialog(props: {
  schedule: Schedule | null;
  targets: readonly string[];
  /** The one that the list shows; null: all. */
  target: string | null;
  onClose: () => void;
}) {
  const { schedule, targets, onClose } = props;
  const [form, setForm] = useState(() =>
    describeSchedule(
      schedule,
      props.target ?? targets[0] ?? '',
      Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
    ),
  );
  const described = useLive(({ state }) => state.targets);
  const { busy, problems, run } = useChange({ renews: ['listSchedules'], fields: FIELDS });
  const part: PartProps = {
    form,
    onChange: (change) => setForm((before) => ({ ...before, ...change })),
    problems: problems.at,
  };
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const body = scheduleOf(form, schedule?.on ?? true);
    const done = await run((client) =>
      schedule === null
        ? client.call('createSchedule', { body })
        : client.call('replaceSchedule', { params: { id: schedule.id }, body }),
    );
    if (done) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={schedule === null ? 'Add a schedule' : 'Change a schedule'}
      description="A check sends five requests and is no measurement. Everything else loads the target."
    >
      <form noValidate onSubmit={(event) => void save(event)} className="mt-4 grid gap-3">
        <Field label="Target" problem={problems.at['target']}>
          {(field) => (
            <Select {...field} value={form.target} onChange={(event) => part.onChange({ target: event.target.value })}>
              {targets.map((id) => (
                <option key={id}>{id}</option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="What">
          {(field) => (
            <Select
              {...field}
              value={form.type}
              onChange={(event) => part.onChange({ type: event.target.value as DescribedSchedule['type'] })}
            >
              {TYPES.map(([type, text]) => (
                <option key={type} value={type}>
                  {text}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <WhatFields {...part} />
        <SenderField
          own={described.find(({ id }) => id === form.target)?.regions}
          regions={form.regions}
          onRegions={(regions) => part.onChange({ regions })}
        />
        <WhenFields {...part} />
        {problems.whole === null ? null : (
          <p role="alert" className="text-sm text-bad">
            {problems.whole}
          </p>
        )}
        <Button look="primary" type="submit" busy={busy} disabled={busy} className="justify-self-start">
          {schedule === null ? 'Add' : 'Save'}
        </Button>
      </form>
    </Dialog>
  );
}
