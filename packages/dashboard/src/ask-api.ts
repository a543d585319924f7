import { createClient, HiveError, type Client } from '@hive/contract';
import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import { browserApiUrl, readConfig } from './config';
import { refusalOf, type Refusal } from './live/refusal';
import { SESSION_COOKIE, TOKEN_COOKIE } from './token-cookie';

const ANSWER_LIMIT_MS = 5_000;

/** What a page that is painted on the server got from the API, or why it got nothing. */
export type Asked<Answer> = { answer: Answer } | { refusal: Refusal };

/** Who asks for this page, where the API is, for this process and for the browser, and the nonce of the page's scripts. */
export const caller = cache(async () => {
  const config = readConfig();
  const [jar, head] = await Promise.all([cookies(), headers()]);
  const session = jar.get(SESSION_COOKIE)?.value;
  // Who is signed in needs no token, and one that was kept earlier may be wrong.
  const token = session === undefined ? jar.get(TOKEN_COOKIE)?.value : undefined;
  return {
    session,
    token,
    hasToken: token !== undefined,
    apiUrl: config.apiUrl,
    browserApiUrl: browserApiUrl(config, head.get('host')),
    nonce: head.get('x-nonce') ?? undefined,
  };
});

/** Asks the API in the name of who asks for this page. */
export async function askApi<Answer>(ask: (client: Client) => Promise<Answer>): Promise<Asked<Answer>> {
  const { apiUrl, token, session } = await caller();
  const client = createClient({
    baseUrl: apiUrl,
    ...(token === undefined ? {} : { token }),
    ...(session === undefined ? {} : { cookie: `${SESSION_COOKIE}=${session}` }),
    signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
  });
  try {
    return { answer: await ask(client) };
  } catch (error) {
    return { refusal: refusalOf(error instanceof HiveError ? error : new HiveError('internal', reasonOf(error))) };
  }
}

/** `fetch` hides why it failed in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${ANSWER_LIMIT_MS / 1_000} s`;
  const { cause } = error;
  return cause instanceof Error ? cause.message || error.message : error.message;
}
