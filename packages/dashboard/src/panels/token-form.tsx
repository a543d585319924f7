'use client';

import { useRouter } from 'next/navigation';
import { useId, type FormEvent } from 'react';
import { keepToken } from '../live/token';
import { Button, FIELD } from '../ui/button';
import { Notice } from '../ui/notice';

/** Asks for the token of the API. */
export function TokenForm({ wrong }: { wrong: boolean }) {
  const router = useRouter();
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get('token');
    if (typeof token !== 'string' || token.trim() === '') return;
    keepToken(token.trim());
    router.refresh();
  };
  return (
    <Notice title="A token is needed">
      <p>This Hive is protected. Enter the value of HIVE_TOKEN; it stays in this browser.</p>
      <form onSubmit={submit} className="grid gap-3">
        <label htmlFor={id} className="text-xs font-medium">
          Token
        </label>
        <input id={id} name="token" type="password" required autoComplete="current-password" className={FIELD} />
        {wrong ? (
          <p role="alert" className="text-bad">
            The token that was kept here is wrong.
          </p>
        ) : null}
        <Button look="primary" type="submit" className="justify-self-start">
          Continue
        </Button>
      </form>
    </Notice>
  );
}
