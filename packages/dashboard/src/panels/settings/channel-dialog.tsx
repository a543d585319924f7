'use client';

import { CHANNEL_TYPES, type Channel, type ChannelType } from '@hive/contract';
import { useState, type FormEvent } from 'react';
import { useChange } from '../../live/use-change';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field, Input, Select } from '../../ui/field';
import {
  CHANNEL_FIELDS,
  CHANNEL_NAMES,
  channelOf,
  describeChannel,
  isSealed,
  type ChannelField,
  type DescribedChannel,
} from './described-channel';

const COMMON = ['id', 'name', 'when'];

/** Adds a channel, or changes one. */
export function ChannelDialog({ channel, onClose }: { channel: Channel | null; onClose: () => void }) {
  const [form, setForm] = useState(() => describeChannel(channel));
  const fields = [...COMMON, ...CHANNEL_FIELDS[form.type].map(({ name }) => name)];
  const { busy, problems, run } = useChange({ renews: ['listChannels'], fields });
  const set = (part: Partial<DescribedChannel>): void => setForm((before) => ({ ...before, ...part }));
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const body = channelOf(form, { isNew: channel === null, on: channel?.on ?? true });
    const done = await run((client) =>
      channel === null
        ? client.call('createChannel', { body })
        : client.call('replaceChannel', { params: { id: channel.id }, body }),
    );
    if (done) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={channel === null ? 'Add a channel' : `Change ${channel.name ?? channel.id}`}
      description="What is secret is kept encrypted and never shown again. ${NAME} stands for a stored secret."
    >
      <form noValidate onSubmit={(event) => void save(event)} className="mt-4 grid gap-3">
        <Field label="Type">
          {(field) => (
            <Select
              {...field}
              disabled={channel !== null}
              value={form.type}
              onChange={(event) => set({ type: event.target.value as ChannelType, values: {} })}
            >
              {CHANNEL_TYPES.map((type) => (
                <option key={type} value={type}>
                  {CHANNEL_NAMES[type]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {CHANNEL_FIELDS[form.type].map((one) => (
          <Setting
            key={`${form.type} ${one.name}`}
            one={one}
            isSealed={isSealed(form.type, one.name)}
            isSet={channel?.set.includes(one.name) ?? false}
            value={form.values[one.name] ?? ''}
            problem={problems.at[one.name]}
            onChange={(value) => set({ values: { ...form.values, [one.name]: value } })}
          />
        ))}
        {channel === null ? (
          <Field label="Id (optional)" hint="What rules call it, such as pd-shop." problem={problems.at['id']}>
            {(field) => <Input {...field} value={form.id} onChange={(event) => set({ id: event.target.value })} />}
          </Field>
        ) : null}
        <Field label="Name (optional)" problem={problems.at['name']}>
          {(field) => <Input {...field} value={form.name} onChange={(event) => set({ name: event.target.value })} />}
        </Field>
        <Field
          label="Only incidents with these labels"
          hint="Such as team=shop, severity=page. Empty: every one."
          problem={problems.at['when']}
        >
          {(field) => <Input {...field} value={form.when} onChange={(event) => set({ when: event.target.value })} />}
        </Field>
        {problems.whole === null ? null : (
          <p role="alert" className="text-sm text-bad">
            {problems.whole}
          </p>
        )}
        <Button look="primary" type="submit" busy={busy} disabled={busy} className="justify-self-start">
          {channel === null ? 'Add' : 'Save'}
        </Button>
      </form>
    </Dialog>
  );
}

interface SettingProps {
  one: ChannelField;
  isSealed: boolean;
  /** It has a value that is not shown. */
  isSet: boolean;
  value: string;
  problem: string | undefined;
  onChange: (value: string) => void;
}

function Setting({ one, isSealed: sealed, isSet, value, problem, onChange }: SettingProps) {
  const { label, placeholder, choices, none = 'usual' } = one;
  const hint = sealed && isSet ? 'It is set. Empty: it stays as it is.' : one.hint;
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(field) =>
        choices === undefined ? (
          <Input
            {...field}
            type={sealed ? 'password' : 'text'}
            autoComplete={sealed ? 'new-password' : 'off'}
            placeholder={placeholder}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <Select {...field} value={value} onChange={(event) => onChange(event.target.value)}>
            <option value="">{none}</option>
            {choices.map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </Select>
        )
      }
    </Field>
  );
}
