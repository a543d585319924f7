import type { Clock } from '@hive/engine';
import type { Log } from './log.js';
import type { Store } from './store/store.js';

const EVERY_MS = 60_000;
const STORE_LIMIT_MS = 2_000;
const ANSWER_LIMIT_MS = 5_000;

/**
 * Asks a page once a minute, from the start until the signal aborts, while the store answers: whoever watches that page hears when it is not
 * asked any more. What the page answers does not matter, nor whether it does.
 */
export async function keepHeartbeat(
  { store, clock, log }: { store: Pick<Store, 'ping'>; clock: Clock; log: Log },
  url: string,
  signal: AbortSignal,
): Promise<void> {
  let failing = false;
  while (!signal.aborted) {
    const trouble = await beat(store, { url, clock, signal });
    if (signal.aborted) return;
    // The address may be a secret: whoever knows it can speak for this Hive.
    if (trouble !== null && !failing) log.warn({ reason: trouble }, 'the heartbeat was not sent');
    if (trouble === null && failing) log.info({}, 'the heartbeat is sent again');
    failing = trouble !== null;
    await clock.sleep(EVERY_MS, signal);
  }
}

/** Why it was not sent; null: it was. */
async function beat(
  store: Pick<Store, 'ping'>,
  { url, clock, signal }: { url: string; clock: Clock; signal: AbortSignal },
): Promise<string | null> {
  const over = new AbortController();
  try {
    const late = clock.sleep(STORE_LIMIT_MS, over.signal).then(() => false);
    if (!(await Promise.race([store.ping().then(() => true), late]))) return 'the database does not answer';
  } catch {
    return 'the database does not answer';
  } finally {
    over.abort();
  }
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]);
    const answer = await fetch(url, { redirect: 'manual', signal: limit });
    await answer.body?.cancel();
    return null;
  } catch (error) {
    return (error as Error).name === 'TimeoutError'
      ? 'HIVE_HEARTBEAT_URL does not answer'
      : 'HIVE_HEARTBEAT_URL cannot be reached';
  }
}
