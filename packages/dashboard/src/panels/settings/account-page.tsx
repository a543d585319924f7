'use client';

import type { RouteOutput, UserSession } from '@hive/contract';
import { LogOut } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useMe } from '../../live/me';
import { useApi } from '../../live/use-api';
import { useChange } from '../../live/use-change';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { Field, Input } from '../../ui/field';
import { plural } from '../../ui/format';
import { Moment } from '../../ui/moment';
import { toast } from '../../live/toast';
import { sayLabels } from '../labels-text';
import { useSignOut } from '../use-sign-out';
import { sayAgent } from './say-agent';
import { SettingsParts } from './settings-parts';

/** Who is signed in, where, and with which password. */
export function AccountPage({ loaded }: { loaded: RouteOutput<'listOwnSessions'> }) {
  const me = useMe();
  const { data = loaded } = useApi('listOwnSessions', {}, { loaded });
  const signOut = useSignOut();
  const of = me.targets === null ? '' : `, for targets with ${sayLabels(me.targets)}`;
  return (
    <div className="mx-auto grid max-w-4xl gap-4">
      <SettingsParts title="Your account">
        <Button icon={LogOut} onClick={signOut}>
          Sign out
        </Button>
      </SettingsParts>
      <p className="text-pretty">
        You are {me.name ?? me.email}, {me.role}
        {of}.
      </p>
      <Card label="Where you are signed in" title={`Signed in: ${plural(data.sessions.length, 'browser')}`}>
        <ul className="-my-1 divide-y divide-line text-sm">
          {data.sessions.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </ul>
      </Card>
      {me.signIn.password ? (
        <Card label="Password">
          <PasswordForm email={me.email ?? ''} />
        </Card>
      ) : null}
    </div>
  );
}

function SessionRow({ session: { id, agent, from, lastSeenAt, createdAt, current } }: { session: UserSession }) {
  const { busy, run } = useChange({ renews: ['listOwnSessions'] });
  const name = sayAgent(agent);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
      <span className="flex min-w-0 items-center gap-2 font-medium" title={agent ?? undefined}>
        <span className="truncate">{name}</span>
        {current ? <Badge tone="good">this one</Badge> : null}
      </span>
      <span className="min-w-0 flex-1 basis-56 text-ink-soft">
        {from === null ? '' : `${from} · `}since <Moment at={createdAt} withDate /> · last seen{' '}
        <Moment at={lastSeenAt} withDate />
      </span>
      {current ? null : (
        <Button
          busy={busy}
          disabled={busy}
          aria-label={`End the session in ${name}`}
          onClick={() => void run((client) => client.call('endOwnSession', { params: { id } }))}
        >
          End
        </Button>
      )}
    </li>
  );
}

/** Changes the password, which ends the other sessions. */
function PasswordForm({ email }: { email: string }) {
  const [form, setForm] = useState({ current: '', next: '' });
  const { busy, problems, run } = useChange({ renews: ['listOwnSessions'], fields: ['current', 'next'] });
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!(await run((client) => client.call('changePassword', { body: form })))) return;
    setForm({ current: '', next: '' });
    toast.success('Your password is changed. Your other sessions have ended.');
  };
  return (
    <form noValidate onSubmit={(event) => void send(event)} className="grid max-w-sm gap-3">
      {/* For password managers: whose password it is. */}
      <input type="hidden" name="username" autoComplete="username" value={email} />
      <Field label="Present password" problem={problems.at['current']}>
        {(field) => (
          <Input
            {...field}
            type="password"
            autoComplete="current-password"
            value={form.current}
            onChange={(event) => setForm({ ...form, current: event.target.value })}
          />
        )}
      </Field>
      <Field label="New password" hint="At least 12 characters." problem={problems.at['next']}>
        {(field) => (
          <Input
            {...field}
            type="password"
            autoComplete="new-password"
            value={form.next}
            onChange={(event) => setForm({ ...form, next: event.target.value })}
          />
        )}
      </Field>
      {problems.whole === null ? null : (
        <p role="alert" className="text-sm text-bad">
          {problems.whole}
        </p>
      )}
      <Button type="submit" busy={busy} disabled={busy} className="justify-self-start">
        Change password
      </Button>
    </form>
  );
}
