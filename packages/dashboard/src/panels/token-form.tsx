'use client';

import { useId, useState, type FormEvent } from 'react';
import { TOKEN_PATH } from '../live/tickets';
import { Button } from '../ui/button';
import { Input, Label } from '../ui/field';
import { Notice } from '../ui/notice';

/** Asks for the token of the API. */
export function TokenForm({ wrong }: { wrong: boolean }) {
  const [failed, setFailed] = useState(false);
  const ids = { token: useId(), problem: useId() };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get('token');
    if (typeof token !== 'string' || token.trim() === '') return;
    keepToken(token.trim()).then(
      // Everything on the page is asked for again, with the token.
      () => window.location.reload(),
      () => setFailed(true),
    );
  };
  return (
    <Notice title="Enter the token">
      <p>
        This Hive is protected. Enter the value of HIVE_TOKEN; it is stored in this browser only, where no script can
        read it.
      </p>
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
        {failed ? (
          <p role="alert" className="text-bad">
            The token was not stored: the dashboard does not answer, or the token has a space in it.
          </p>
        ) : null}
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

/** The dashboard keeps it in a cookie of this browser. */
async function keepToken(token: string): Promise<void> {
  const answer = await fetch(TOKEN_PATH, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  if (!answer.ok) throw new Error(`the dashboard answered ${answer.status}`);
}
