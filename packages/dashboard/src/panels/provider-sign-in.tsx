'use client';

import { HiveError } from '@hive/contract';
import { useEffect, useState } from 'react';
import { createApiClient } from '../live/tickets';
import { Button } from '../ui/button';
import { capitalized } from '../ui/format';

/** Where the provider sends people back to. */
const BACK_PATH = '/signed-in';
/** What was begun in this tab. */
const BEGUN = 'hive-sign-in';

/** Whether the provider sent the browser here. */
export function isBack(): boolean {
  return window.location.pathname === BACK_PATH && window.location.search !== '';
}

/** Goes to the provider of OpenID Connect. */
export function ProviderButton({ apiUrl, name }: { apiUrl: string; name: string }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const begin = async (): Promise<void> => {
    const { origin, pathname, href } = window.location;
    const begun = await createApiClient(apiUrl).call('beginOidc', { body: { page: origin } });
    const back = pathname === BACK_PATH ? origin : href;
    window.sessionStorage.setItem(BEGUN, JSON.stringify({ attempt: begun.attempt, back }));
    window.location.assign(begun.url);
  };
  const press = (): void => {
    setBusy(true);
    begin().catch((error: unknown) => {
      setProblem(saySignInProblem(error));
      setBusy(false);
    });
  };
  return (
    <>
      <Button look="primary" onClick={press} disabled={busy} className="justify-self-start">
        {busy ? `Asking ${name}…` : `Sign in with ${name}`}
      </Button>
      <Problem text={problem} />
    </>
  );
}

/** Ends what was begun in this tab; nothing else is let in. */
export function BackFromProvider({ apiUrl }: { apiUrl: string }) {
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    finish(apiUrl).catch((error: unknown) => setProblem(saySignInProblem(error)));
  }, [apiUrl]);
  return problem === null ? <output>Signing in…</output> : <Problem text={problem} />;
}

/** Once for each visit, however often the page is drawn. */
let finishing: Promise<void> | null = null;

function finish(apiUrl: string): Promise<void> {
  finishing ??= (async () => {
    const { attempt, back } = takeBegun();
    await createApiClient(apiUrl).call('finishOidc', { body: { attempt, answer: window.location.search.slice(1) } });
    window.location.replace(back);
  })();
  return finishing;
}

function takeBegun(): { attempt: string; back: string } {
  const kept: unknown = JSON.parse(window.sessionStorage.getItem(BEGUN) ?? 'null');
  window.sessionStorage.removeItem(BEGUN);
  const { attempt = '', back = '/' } = (kept ?? {}) as { attempt?: string; back?: string };
  return { attempt, back };
}

function Problem({ text }: { text: string | null }) {
  return text === null ? null : (
    <p role="alert" className="text-bad">
      {text}
    </p>
  );
}

/** What went wrong, as a sentence. */
export function saySignInProblem(error: unknown): string {
  if (!(error instanceof HiveError)) return 'The API does not answer.';
  const { message, hint } = error;
  const text = hint === undefined ? message : `${message}; ${hint}`;
  return `${capitalized(text)}.`;
}
