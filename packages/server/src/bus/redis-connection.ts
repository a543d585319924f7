import { HiveError } from '@hive/contract';
import { Redis } from 'ioredis';

const START_TIMEOUT_MS = 4_000;
/** A Redis that does not answer by then is away: nothing waits longer for the bus. */
const COMMAND_TIMEOUT_MS = 2_000;
/** A connection over which nothing comes is found out by asking. */
const HEARTBEAT_MS = 2_000;
const DISCONNECT_TIMEOUT_MS = 500;
const LONGEST_RETRY_MS = 2_000;
/** What closing waits for commands under way. */
const CLOSE_MS = 300;

/**
 * Opens a connection that is made again whenever it breaks later, or falls silent; the first one is tried once. Commands under way when it
 * breaks, and those given while it is broken, fail at once and are not sent again; subscriptions are for the caller to renew on `ready`.
 * @throws HiveError `bus_unreachable` within 5 s.
 */
export async function connectRedis(url: string): Promise<Redis> {
  const place = placeOfRedis(url);
  let started = false;
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: START_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    enableOfflineQueue: false,
    retryStrategy: (times) => (started ? Math.min(times * 100, LONGEST_RETRY_MS) : null),
  });
  // The commands themselves report a broken connection; without a listener each attempt would be printed.
  let lastError: unknown = null;
  client.on('error', (error) => (lastError = error));
  const overdue = setTimeout(() => client.disconnect(), START_TIMEOUT_MS);
  try {
    await client.connect();
    await client.ping();
    started = true;
    watchSilence(client);
    return client;
  } catch (error) {
    client.disconnect();
    throw unreachable(place, lastError ?? error);
  } finally {
    clearTimeout(overdue);
  }
}

/** Makes the connection again when no answer comes over it. */
function watchSilence(client: Redis): void {
  const beat = setInterval(() => {
    if (client.status !== 'ready') return;
    client.ping().catch(() => {
      if (client.status === 'ready') client.disconnect(true);
    });
  }, HEARTBEAT_MS);
  beat.unref();
  client.on('end', () => clearInterval(beat));
}

/** Lets commands under way finish where Redis answers in time; ends the connection in any case. */
export async function disconnectRedis(client: Redis): Promise<void> {
  if (client.status === 'ready') {
    const overdue = setTimeout(() => client.disconnect(), CLOSE_MS);
    await client.quit().catch(() => undefined);
    clearTimeout(overdue);
  }
  client.disconnect();
}

/** Host and port of a Redis URL, without user and password. @throws HiveError `bus_unreachable` when it is no such URL. */
export function placeOfRedis(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^rediss?:$/.test(parsed.protocol)) {
    throw unreachable('REDIS_URL', new Error('it is not a URL such as redis://host:6379'));
  }
  return `${parsed.hostname || 'localhost'}:${parsed.port || '6379'}`;
}

/** Redis at `place` cannot serve; the reason is the client's own words, on one line. */
export function unreachable(place: string, error: unknown): HiveError {
  const first = error instanceof AggregateError && error.message === '' ? (error.errors[0] as unknown) : error;
  const message = (first instanceof Error ? first.message : String(first)).replace(/\s+/g, ' ').trim();
  // ioredis names its own option instead of what happened.
  const reason = /maxRetriesPerRequest|enableOfflineQueue/.test(message) ? 'the connection broke' : message;
  return new HiveError('bus_unreachable', `Redis at ${place} cannot be used: ${reason}`, {
    hint: 'check REDIS_URL and that Redis runs there, or unset it to run a single instance without Redis',
  });
}
