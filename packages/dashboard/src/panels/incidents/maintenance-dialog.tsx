'use client';

import { useState, type FormEvent } from 'react';
import { useChange } from '../../live/use-change';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field, Input, Select } from '../../ui/field';

const FIELDS = ['target', 'from', 'to', 'reason'];
const USUAL_MS = 3_600_000;

/** Says when a target is worked on. The times are of the reader's clock. */
export function MaintenanceDialog({ targets, onClose }: { targets: readonly string[]; onClose: () => void }) {
  const [form, setForm] = useState(() => ({
    target: targets.length === 1 ? (targets[0] ?? '') : '',
    from: localText(Date.now()),
    to: localText(Date.now() + USUAL_MS),
    reason: '',
  }));
  const { busy, problems, run } = useChange({ renews: ['listMaintenance'], fields: FIELDS });
  const set = (part: Partial<typeof form>): void => setForm((before) => ({ ...before, ...part }));
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { target, from, to, reason } = form;
    const body = {
      reason,
      to: instantOf(to),
      ...(from === '' ? {} : { from: instantOf(from) }),
      ...(target === '' ? {} : { target }),
    };
    if (await run((client) => client.call('createMaintenance', { body }))) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Add maintenance"
      description="Nothing opens in this time. What is still bad in the first check afterwards does."
    >
      <form noValidate onSubmit={(event) => void save(event)} className="mt-4 grid gap-3">
        <Field label="Target" problem={problems.at['target']}>
          {(field) => (
            <Select {...field} value={form.target} onChange={(event) => set({ target: event.target.value })}>
              <option value="">every target</option>
              {targets.map((id) => (
                <option key={id}>{id}</option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="From" hint="Empty: now." problem={problems.at['from']}>
          {(field) => (
            <Input
              {...field}
              type="datetime-local"
              value={form.from}
              onChange={(event) => set({ from: event.target.value })}
            />
          )}
        </Field>
        <Field label="To" problem={problems.at['to']}>
          {(field) => (
            <Input
              {...field}
              type="datetime-local"
              value={form.to}
              onChange={(event) => set({ to: event.target.value })}
            />
          )}
        </Field>
        <Field label="Reason" problem={problems.at['reason']}>
          {(field) => (
            <Input
              {...field}
              value={form.reason}
              placeholder="New database"
              onChange={(event) => set({ reason: event.target.value })}
            />
          )}
        </Field>
        {problems.whole === null ? null : (
          <p role="alert" className="text-sm text-bad">
            {problems.whole}
          </p>
        )}
        <Button look="primary" type="submit" busy={busy} disabled={busy} className="justify-self-start">
          Add
        </Button>
      </form>
    </Dialog>
  );
}

/** A time as such a field holds it, on the reader's clock. */
function localText(ms: number): string {
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What is no time is sent as it is: the API says so at its field. */
function instantOf(local: string): string {
  const ms = Date.parse(local);
  return Number.isNaN(ms) ? local : new Date(ms).toISOString();
}
