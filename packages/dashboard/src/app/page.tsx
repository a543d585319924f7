import { createClient, HiveError } from '@hive/contract';
import { cookies, headers } from 'next/headers';
import { browserApiUrl, readConfig } from '../config';
import { loadSnapshot, type Snapshot } from '../live/snapshot';
import { TOKEN_COOKIE } from '../live/token';
import { ApiUnavailable } from '../panels/api-unavailable';
import { Dashboard } from './dashboard';
import { TokenForm } from '../panels/token-form';

export const dynamic = 'force-dynamic';

const ANSWER_LIMIT_MS = 5_000;

/** The one page: asked for anew each time, so that its first paint is the truth. */
export default async function Page() {
  const config = readConfig();
  const [jar, head] = await Promise.all([cookies(), headers()]);
  const token = jar.get(TOKEN_COOKIE)?.value;
  const apiUrl = browserApiUrl(config, head.get('host'));
  const loaded = await load(config.apiUrl, token);
  if ('snapshot' in loaded)
    return <Dashboard key={`${apiUrl} ${token}`} apiUrl={apiUrl} token={token} snapshot={loaded.snapshot} />;
  if (loaded.error.code === 'unauthorized') return <TokenForm wrong={token !== undefined} />;
  const { message, hint } = loaded.error;
  return <ApiUnavailable apiUrl={config.apiUrl} reason={hint ? `${message}; ${hint}` : message} />;
}

async function load(
  baseUrl: string,
  token: string | undefined,
): Promise<{ snapshot: Snapshot } | { error: HiveError }> {
  const client = createClient({
    baseUrl,
    ...(token === undefined ? {} : { token }),
    signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
  });
  try {
    return { snapshot: await loadSnapshot(client) };
  } catch (error) {
    return { error: error instanceof HiveError ? error : new HiveError('internal', reasonOf(error)) };
  }
}

/** `fetch` hides why it failed in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${ANSWER_LIMIT_MS / 1_000} s`;
  const { cause } = error;
  return cause instanceof Error ? cause.message || error.message : error.message;
}
