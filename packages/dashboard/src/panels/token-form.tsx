'use client';

import { useRouter } from 'next/navigation';
import { useId, type FormEvent } from 'react';
import { keepToken } from '../live/token';
import { Button } from '../ui/button';
import { Input, Label } from '../ui/field';
import { Notice } from '../ui/notice';

/** Asks for the token of the API. */
export function TokenForm({ wrong }: { wrong: boolean }) {
  const router = useRouter();
  const ids = { token: useId(), problem: useId() };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get('token');
    if (typeof token !== 'string' || token.trim() === '') return;
    keepToken(token.trim());
    router.refresh();
  };
  return (
    <Notice title="Enter the token">
      <p>This Hive is protected. Enter the value of HIVE_TOKEN; it is stored in this browser only.</p>
      <form onSubmit={submit} className="grid gap-3">
        <div>
          <Label htmlFor={ids.token}>Token</Label>
          <Input
            id={ids.token}
            name="token"
            type="password"
            required
            autoComplete="current-password"
            aria-describedby={wrong ? ids.problem : undefined}
          />
        </div>
        {wrong ? (
          <p id={ids.problem} role="alert" className="text-bad">
            The token that is stored in this browser is wrong.
          </p>
        ) : null}
        <Button look="primary" type="submit" className="justify-self-start">
          Continue
        </Button>
      </form>
    </Notice>
  );
}
