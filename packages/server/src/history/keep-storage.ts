import type { Clock } from '@hive/engine';
import type { Log } from '../log.js';
import type { Store } from '../store/store.js';
import { everyHour } from './every-hour.js';

/** Tidies the store a minute after the start and then every hour, until the signal aborts. */
export async function keepStorage(
  { store, ...parts }: { store: Pick<Store, 'upkeep'>; clock: Clock; log: Log },
  signal: AbortSignal,
): Promise<void> {
  const sorry = 'old results could not be removed; it is tried again in an hour';
  await everyHour(parts, { firstMs: 60_000, work: () => store.upkeep(), sorry }, signal);
}
