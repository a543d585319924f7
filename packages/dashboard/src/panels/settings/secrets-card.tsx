'use client';

import type { RouteOutput, StoredSecret } from '@hive/contract';
import { useState, type FormEvent } from 'react';
import { May } from '../../live/me';
import { useApi } from '../../live/use-api';
import { useChange } from '../../live/use-change';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { Field, Input } from '../../ui/field';
import { Moment } from '../../ui/moment';
import { toast } from '../../live/toast';

/** The names of stored secrets. Their values are written and never read. */
export function SecretsCard({ loaded }: { loaded: RouteOutput<'listSecrets'> }) {
  const { data = loaded } = useApi('listSecrets', {}, { loaded });
  return (
    <Card label="Stored secrets">
      <p className="text-sm text-pretty text-ink-soft">
        A stored secret stands for {'${NAME}'} in a channel. One whose name begins with HIVE_SECRET_ may also be sent to
        targets. Nobody can read it again.
      </p>
      {data.secrets.length === 0 ? null : (
        <ul className="mt-2 divide-y divide-line text-sm">
          {data.secrets.map((secret) => (
            <Secret key={secret.name} secret={secret} />
          ))}
        </ul>
      )}
      <May to="channel.write">
        <SecretForm />
      </May>
    </Card>
  );
}

function Secret({ secret: { name, changedAt, isSet } }: { secret: StoredSecret }) {
  const { busy, run } = useChange({ renews: ['listSecrets'] });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
      <code className="min-w-0 font-mono text-xs [overflow-wrap:anywhere]">{name}</code>
      {isSet ? null : <Badge tone="bad">not set: write it again</Badge>}
      <span className="min-w-0 flex-1 text-ink-soft">
        changed <Moment at={changedAt} withDate />
      </span>
      <May to="channel.write">
        <Button
          busy={busy}
          disabled={busy}
          aria-label={`Remove the secret ${name}`}
          onClick={() => void run((client) => client.call('deleteSecret', { params: { name } }))}
        >
          Remove
        </Button>
      </May>
    </li>
  );
}

function SecretForm() {
  const [form, setForm] = useState({ name: '', value: '' });
  const { busy, problems, run } = useChange({ renews: ['listSecrets'], fields: ['name', 'value'] });
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { name, value } = form;
    if (!(await run((client) => client.call('setSecret', { params: { name }, body: { value } })))) return;
    setForm({ name: '', value: '' });
    toast.success(`${name} is stored.`);
  };
  return (
    <form noValidate onSubmit={(event) => void send(event)} className="mt-3 grid items-start gap-3 sm:grid-cols-3">
      <Field label="Name" problem={problems.at['name']}>
        {(field) => (
          <Input
            {...field}
            autoComplete="off"
            placeholder="PD_SHOP"
            value={form.name}
            onChange={(event) => setForm({ ...form, name: event.target.value })}
          />
        )}
      </Field>
      <Field label="Value" problem={problems.at['value'] ?? problems.whole ?? undefined}>
        {(field) => (
          <Input
            {...field}
            type="password"
            autoComplete="new-password"
            value={form.value}
            onChange={(event) => setForm({ ...form, value: event.target.value })}
          />
        )}
      </Field>
      <Button type="submit" busy={busy} disabled={busy || form.name === ''} className="justify-self-start sm:mt-5">
        Store
      </Button>
    </form>
  );
}
