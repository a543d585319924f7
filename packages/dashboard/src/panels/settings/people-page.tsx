'use client';

import { ROLES, type Me, type Role, type RouteOutput, type User } from '@hive/contract';
import { Pencil, Plus } from 'lucide-react';
import { useState } from 'react';
import { useMe } from '../../live/me';
import { useApi } from '../../live/use-api';
import { useChange } from '../../live/use-change';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Card, Nothing } from '../../ui/card';
import { plural } from '../../ui/format';
import { Moment } from '../../ui/moment';
import { toast } from '../../live/toast';
import { sayLabels } from '../labels-text';
import { PersonDialog } from './person-dialog';
import { SettingsParts } from './settings-parts';

/** Who may sign in, and what they may do. */
export function PeoplePage({ loaded }: { loaded: RouteOutput<'listUsers'> }) {
  const me = useMe();
  const { data = loaded } = useApi('listUsers', {}, { loaded });
  const { users } = data;
  /** Who the dialog is about; null: someone new; undefined: it is closed. */
  const [edited, setEdited] = useState<User | null | undefined>(undefined);
  const admins = users.filter(({ role }) => role === 'admin').length;
  const isLast = ({ role }: User): boolean => role === 'admin' && admins === 1;
  return (
    <div className="mx-auto grid max-w-4xl gap-4">
      <SettingsParts title="People">
        <Button look="primary" icon={Plus} onClick={() => setEdited(null)}>
          {users.length === 0 ? 'Add the first admin' : 'Add someone'}
        </Button>
      </SettingsParts>
      <p className="text-pretty">{sayPeople(users, me)}</p>
      <Card label="People" title={plural(users.length, 'account')}>
        {users.length === 0 ? (
          <Nothing>Nobody has an account.</Nothing>
        ) : (
          <ul className="-my-1 divide-y divide-line text-sm">
            {users.map((user) => (
              <Person key={user.id} user={user} isLastAdmin={isLast(user)} onEdit={() => setEdited(user)} />
            ))}
          </ul>
        )}
      </Card>
      {edited === undefined ? null : (
        <PersonDialog
          user={edited}
          isFirst={users.length === 0}
          isLastAdmin={edited !== null && isLast(edited)}
          onClose={() => setEdited(undefined)}
        />
      )}
    </div>
  );
}

function sayPeople(users: readonly User[], { mode }: Me): string {
  if (users.length === 0) {
    const now = mode === 'token' ? 'whoever has the token' : 'everyone on this machine';
    return `Nobody has an account: ${now} may do everything. The first one must be an admin, and from then on everyone signs in. There is no way back.`;
  }
  const counted = (Object.keys(ROLES) as Role[])
    .toReversed()
    .map((role) => [role, users.filter((user) => user.role === role).length] as const)
    .filter(([, number]) => number > 0);
  return `${users.length === 1 ? '1 person' : `${users.length} people`} may sign in: ${counted.map(([role, number]) => plural(number, role)).join(', ')}.`;
}

function Person({ user, isLastAdmin, onEdit }: { user: User; isLastAdmin: boolean; onEdit: () => void }) {
  const { email, name, role, targets, signsInWith, lastSeenAt } = user;
  const isMe = useMe().id === user.id;
  const how = signsInWith.length === 0 ? 'cannot sign in yet: give a password' : `with ${signsInWith.join(' or ')}`;
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-2">
          <span className="min-w-0 truncate font-semibold">{name}</span>
          <Badge tone={role === 'admin' ? 'info' : 'plain'}>{role}</Badge>
          {isLastAdmin ? <Badge title="Make someone else an admin first">last admin</Badge> : null}
          {isMe ? <Badge tone="good">you</Badge> : null}
        </p>
        <p className="text-pretty text-ink-soft [overflow-wrap:anywhere]">
          {[name === email ? null : email, how, targets === null ? null : `only ${sayLabels(targets)}`]
            .filter(Boolean)
            .join(' · ')}
          {' · '}
          {lastSeenAt === null ? (
            'never seen'
          ) : (
            <>
              last seen <Moment at={lastSeenAt} withDate />
            </>
          )}
        </p>
      </div>
      <Actions user={user} isLastAdmin={isLastAdmin} onEdit={onEdit} />
    </li>
  );
}

function Actions({ user, isLastAdmin, onEdit }: { user: User; isLastAdmin: boolean; onEdit: () => void }) {
  const { id, name } = user;
  const [asking, setAsking] = useState(false);
  const { busy, run } = useChange({ renews: ['listUsers'] });
  const end = async (): Promise<void> => {
    let ended = 0;
    const done = await run(async (client) => ({ ended } = await client.call('endSessions', { params: { id } })));
    if (done) toast.success(`${name} is signed out: ${plural(ended, 'session')} ended.`);
  };
  if (asking) {
    return (
      <span className="flex flex-wrap gap-2">
        <Button
          look="danger"
          busy={busy}
          onClick={() => void run((client) => client.call('deleteUser', { params: { id } }))}
        >
          Remove {name}
        </Button>
        <Button onClick={() => setAsking(false)}>Keep</Button>
      </span>
    );
  }
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Button icon={Pencil} aria-label={`Change ${name}`} onClick={onEdit}>
        Change
      </Button>
      <Button disabled={busy} aria-label={`Sign out ${name} everywhere`} onClick={() => void end()}>
        Sign out
      </Button>
      {isLastAdmin ? null : (
        <Button look="danger" disabled={busy} aria-label={`Remove ${name}`} onClick={() => setAsking(true)}>
          Remove
        </Button>
      )}
    </span>
  );
}
