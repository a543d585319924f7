'use client';

import type { CreateToken, Role } from '@hive/contract';
import { Copy } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useMe } from '../../live/me';
import { useChange } from '../../live/use-change';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field, Input, Select } from '../../ui/field';
import { toast } from '../../live/toast';
import { labelsIn } from '../labels-text';
import { RoleFields } from './role-fields';

const DAY_MS = 86_400_000;
const FIELDS = ['name', 'role', 'targets', 'expiresAt'];
const TIMES: readonly [days: string, text: string][] = [
  ['30', 'in 30 days'],
  ['90', 'in 90 days'],
  ['365', 'in a year'],
  ['', 'never'],
];

/** Makes a token, and shows it this once. */
export function TokenDialog({ onClose }: { onClose: () => void }) {
  const { role: own } = useMe();
  const [form, setForm] = useState({ name: '', role: 'viewer' as Role, targets: '', days: '90' });
  const [made, setMade] = useState<string | null>(null);
  const { busy, problems, run } = useChange({ renews: ['listTokens'], fields: FIELDS });
  const set = (part: Partial<typeof form>): void => setForm((before) => ({ ...before, ...part }));
  const make = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { name, role, targets, days } = form;
    const body: CreateToken = {
      name,
      role,
      ...(targets.trim() === '' ? {} : { targets: labelsIn(targets) }),
      ...(days === '' ? {} : { expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }),
    };
    await run(async (client) => setMade((await client.call('createToken', { body })).token));
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={made === null ? 'Make a token' : 'Your new token'}
      description={
        made === null
          ? 'For one program. You can revoke it at any time.'
          : 'It is shown only now. Give it to the program as HIVE_API_TOKEN.'
      }
    >
      {made === null ? (
        <form noValidate onSubmit={(event) => void make(event)} className="mt-4 grid gap-3">
          <Field label="What it is for" problem={problems.at['name']}>
            {(field) => (
              <Input
                {...field}
                placeholder="CI of shop"
                value={form.name}
                onChange={(event) => set({ name: event.target.value })}
              />
            )}
          </Field>
          <RoleFields {...form} onChange={set} problems={problems.at} most={own ?? 'viewer'} />
          <Field label="Expires" problem={problems.at['expiresAt']}>
            {(field) => (
              <Select {...field} value={form.days} onChange={(event) => set({ days: event.target.value })}>
                {TIMES.map(([days, text]) => (
                  <option key={days} value={days}>
                    {text}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {problems.whole === null ? null : (
            <p role="alert" className="text-sm text-bad">
              {problems.whole}
            </p>
          )}
          <Button look="primary" type="submit" busy={busy} disabled={busy} className="justify-self-start">
            Make
          </Button>
        </form>
      ) : (
        <Made token={made} onClose={onClose} />
      )}
    </Dialog>
  );
}

function Made({ token, onClose }: { token: string; onClose: () => void }) {
  const copy = (): void =>
    void navigator.clipboard.writeText(token).then(
      () => toast.success('Copied'),
      () => toast.error('This browser does not copy here: choose the text by hand.'),
    );
  return (
    <div className="mt-4 grid gap-3">
      <code className="rounded bg-sunken p-3 font-mono text-xs break-all">{token}</code>
      <div className="flex gap-2">
        <Button icon={Copy} onClick={copy}>
          Copy
        </Button>
        <Button look="primary" onClick={onClose}>
          I have it
        </Button>
      </div>
    </div>
  );
}
