'use client';

import type { Role, User, UserInput } from '@hive/contract';
import { useState, type FormEvent } from 'react';
import { useChange } from '../../live/use-change';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field, Input } from '../../ui/field';
import { labelsIn, sayLabels } from '../labels-text';
import { RoleFields } from './role-fields';

const FIELDS = ['email', 'name', 'role', 'targets', 'password'];

interface PersonDialogProps {
  /** Null: someone new. */
  user: User | null;
  isFirst: boolean;
  isLastAdmin: boolean;
  onClose: () => void;
}

/** Adds someone, or changes what they may do. */
export function PersonDialog({ user, isFirst, isLastAdmin, onClose }: PersonDialogProps) {
  const [form, setForm] = useState(() => ({
    email: user?.email ?? '',
    name: user === null || user.name === user.email ? '' : user.name,
    role: user?.role ?? ((isFirst ? 'admin' : 'viewer') as Role),
    targets: user?.targets ? sayLabels(user.targets) : '',
    password: '',
  }));
  const { busy, problems, run } = useChange({ renews: isFirst ? [] : ['listUsers', 'me'], fields: FIELDS });
  const set = (part: Partial<typeof form>): void => setForm((before) => ({ ...before, ...part }));
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const { email, name, role, targets, password } = form;
    const body: UserInput = {
      email,
      role,
      targets: targets.trim() === '' ? null : labelsIn(targets),
      ...(name.trim() === '' ? {} : { name }),
      ...(password === '' ? {} : { password }),
    };
    const done = await run((client) =>
      user === null
        ? client.call('createUser', { body })
        : client.call('replaceUser', { params: { id: user.id }, body }),
    );
    if (!done) return;
    onClose();
    // From now on everyone signs in, this browser too.
    if (isFirst) window.location.assign('/');
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={user === null ? 'Add someone' : `Change ${user.name}`}
      description={
        user === null
          ? 'They sign in with their e-mail address and the password that you give them here.'
          : 'What changes holds from their next request on. A new password ends their sessions.'
      }
    >
      <form noValidate onSubmit={(event) => void save(event)} className="mt-4 grid gap-3">
        <Field label="E-mail" problem={problems.at['email']}>
          {(field) => (
            <Input
              {...field}
              type="email"
              autoComplete="off"
              value={form.email}
              onChange={(event) => set({ email: event.target.value })}
            />
          )}
        </Field>
        <Field label="Name (optional)" problem={problems.at['name']}>
          {(field) => (
            <Input
              {...field}
              autoComplete="off"
              value={form.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          )}
        </Field>
        <RoleFields
          {...form}
          onChange={set}
          problems={problems.at}
          fixed={
            isFirst ? 'The first one is an admin.' : isLastAdmin ? 'The last admin: make another one first.' : null
          }
        />
        <Field
          label={user === null ? 'Password' : 'New password (optional)'}
          hint="At least 12 characters."
          problem={problems.at['password']}
        >
          {(field) => (
            <Input
              {...field}
              type="password"
              autoComplete="new-password"
              value={form.password}
              onChange={(event) => set({ password: event.target.value })}
            />
          )}
        </Field>
        {problems.whole === null ? null : (
          <p role="alert" className="text-sm text-bad">
            {problems.whole}
          </p>
        )}
        <Button look="primary" type="submit" busy={busy} disabled={busy} className="justify-self-start">
          {user === null ? 'Add' : 'Save'}
        </Button>
      </form>
    </Dialog>
  );
}
