'use client';

import { FLEET_NAME, FLEET_NAME_HINT, HiveError, type Invitation } from '@hive/contract';
import { useId, useState, type FormEvent } from 'react';
import { useFeed } from '../../live/feed-provider';
import { Button } from '../../ui/button';
import { Input, Label } from '../../ui/field';
import { Moment } from '../../ui/moment';

/** Makes an invitation, and shows once what the other machine is to be given. */
export function InviteForm({ onInvited }: { onInvited: () => Promise<void> }) {
  const { client } = useFeed();
  const ids = { name: useId(), region: useId(), problem: useId() };
  const [name, setName] = useState('');
  const [region, setRegion] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [invitation, setInvitation] = useState<Invitation | null>(null);

  const invite = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const wrong = [name, region].find((text, index) => (index === 0 || text !== '') && !FLEET_NAME.test(text));
    if (wrong !== undefined) return setProblem(`'${wrong}' cannot be used: ${FLEET_NAME_HINT}`);
    setBusy(true);
    setProblem(null);
    try {
      setInvitation(await client.call('inviteToFleet', { body: { name, ...(region === '' ? {} : { region }) } }));
      setName('');
      await onInvited();
    } catch (error) {
      setProblem(error instanceof HiveError ? error.message : 'The API does not answer');
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="grid gap-3">
      <form className="flex flex-wrap items-end gap-3" onSubmit={(event) => void invite(event)}>
        <span>
          <Label htmlFor={ids.name}>Name</Label>
          <Input
            id={ids.name}
            value={name}
            placeholder="eu-1"
            aria-describedby={problem === null ? undefined : ids.problem}
            onChange={(event) => setName(event.target.value)}
          />
        </span>
        <span>
          <Label htmlFor={ids.region}>Region (optional)</Label>
          <Input id={ids.region} value={region} placeholder="eu" onChange={(event) => setRegion(event.target.value)} />
        </span>
        <Button type="submit" look="primary" busy={busy}>
          Invite
        </Button>
      </form>
      {problem === null ? null : (
        <p id={ids.problem} role="alert" className="text-sm text-bad">
          {problem}
        </p>
      )}
      {invitation === null ? null : <Given invitation={invitation} />}
    </div>
  );
}

/** The join string is a secret: it is shown this once. */
function Given({ invitation: { name, join, until } }: { invitation: Invitation }) {
  return (
    <section aria-label="Invitation" className="grid gap-2 text-sm">
      <p>
        Run this on the machine of <strong className="font-semibold">{name}</strong>. It is a secret, is shown only now,
        and is good once until <Moment at={until} />.
      </p>
      <code className="rounded bg-sunken p-3 font-mono text-xs break-all">HIVE_JOIN={join} hive bee</code>
    </section>
  );
}
