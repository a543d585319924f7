'use client';

import type { Me } from '@hive/contract';
import { useEffect, useId, useState, type FormEvent } from 'react';
import { createApiClient } from '../live/tickets';
import { BackFromProvider, isBack, ProviderButton, saySignInProblem } from './provider-sign-in';
import { Button } from '../ui/button';
import { Input, Label } from '../ui/field';
import { Notice } from '../ui/notice';
import { useInBrowser } from '../ui/use-in-browser';

const FIRST_ADMIN_PATH = '/first-admin';

/** Asks who it is; where nobody is anybody yet, makes whoever has the link the first admin. */
export function SignIn({ apiUrl }: { apiUrl: string }) {
  const inBrowser = useInBrowser();
  const code = inBrowser ? codeInAddress() : null;
  const [me, setMe] = useState<Me | null>(null);
  useEffect(() => {
    createApiClient(apiUrl)
      .call('me')
      .then(setMe, () => undefined);
  }, [apiUrl]);
  if (code !== null) return <FirstAdmin apiUrl={apiUrl} code={code} />;
  const { oidc, password: hasPassword } = me?.signIn ?? { oidc: null, password: true };
  return (
    <Notice title="Sign in">
      {me?.needsFirstAdmin === true ? (
        <p>Nobody has an account yet. Open the link that Hive printed when it started: it makes the first admin.</p>
      ) : null}
      {inBrowser && isBack() ? <BackFromProvider apiUrl={apiUrl} /> : null}
      {oidc === null ? null : <ProviderButton apiUrl={apiUrl} name={oidc.name} />}
      {hasPassword ? (
        <AccountForm
          action="Sign in"
          submit={async ({ email, password }) => {
            await createApiClient(apiUrl).call('signIn', { body: { email, password } });
            // Everything on the page is asked for again.
            window.location.reload();
          }}
        />
      ) : null}
    </Notice>
  );
}

/** What follows the `#` of the link that makes the first admin; a server never sees it. */
function codeInAddress(): string | null {
  const { pathname, hash } = window.location;
  return pathname === FIRST_ADMIN_PATH && hash.length > 1 ? hash.slice(1) : null;
}

function FirstAdmin({ apiUrl, code }: { apiUrl: string; code: string }) {
  return (
    <Notice title="Become the first admin">
      <p>Nobody has an account yet. Choose a password of at least 12 characters; you can add others afterwards.</p>
      <AccountForm
        action="Create account"
        isNew
        submit={async (body) => {
          await createApiClient(apiUrl).call('becomeFirstAdmin', { body: { ...body, code } });
          window.location.assign('/');
        }}
      />
    </Notice>
  );
}

interface AccountFormProps {
  action: string;
  /** The password is chosen, not known. */
  isNew?: boolean;
  submit: (given: { email: string; password: string }) => Promise<void>;
}

function AccountForm({ action, isNew = false, submit }: AccountFormProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const ids = { email: useId(), password: useId() };
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const textOf = (name: string): string => {
      const value = form.get(name);
      return typeof value === 'string' ? value : '';
    };
    setBusy(true);
    submit({ email: textOf('email'), password: textOf('password') })
      .catch((error: unknown) => setProblem(saySignInProblem(error)))
      .finally(() => setBusy(false));
  };
  return (
    <form onSubmit={send} className="grid gap-3">
      <div>
        <Label htmlFor={ids.email}>E-mail</Label>
        <Input id={ids.email} name="email" type="email" required autoComplete="username" />
      </div>
      <div>
        <Label htmlFor={ids.password}>Password</Label>
        <Input
          id={ids.password}
          name="password"
          type="password"
          required
          minLength={isNew ? 12 : undefined}
          autoComplete={isNew ? 'new-password' : 'current-password'}
        />
      </div>
      {problem === null ? null : (
        <p role="alert" className="text-bad">
          {problem}
        </p>
      )}
      <Button look="primary" type="submit" disabled={busy} className="justify-self-start">
        {action}
      </Button>
    </form>
  );
}
