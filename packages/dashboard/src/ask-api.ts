import { createClient, HiveError, type Client } from '@hive/contract';
import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import { browserApiUrl, readConfig } from './config';
import { refusalOf, type Refusal } from './live/refusal';
import { TOKEN_COOKIE } from './live/token';

const ANSWER_LIMIT_MS = 5_000;

/** What a page that is painted on the server got from the API, or why it got nothing. */
export type Asked<Answer> = { answer: Answer } | { refusal: Refusal };

/** Who asks for this page, and where the API is, for this process and for the browser. */
export const caller = cache(async () => {
  const config = readConfig();
  const [jar, head] = await Promise.all([cookies(), headers()]);
  const token = jar.get(TOKEN_COOKIE)?.value;
  return {
    token,
    hasToken: token !== undefined,
    apiUrl: config.apiUrl,
    browserApiUrl: browserApiUrl(config, head.get('host')),
  };
});

/** Asks the API in the name of who asks for this page. */
export async function askApi<Answer>(ask: (client: Client) => Promise<Answer>): Promise<Asked<Answer>> {
  const { apiUrl, token } = await caller();
  const client = createClient({
    baseUrl: apiUrl,
    ...(token === undefined ? {} : { token }),
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
