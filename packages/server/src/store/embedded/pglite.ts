import type { PGlite } from '@electric-sql/pglite';
import { HiveError } from '@hive/contract';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { join } from 'node:path';
import { openClient, type Asked, type EmbeddedClient } from './client.js';
import type { Database, OpenDatabase } from '../database.js';
import { causeOf, oneLine } from '../errors.js';
import { forgetLeases } from '../leases.js';
import { lockDataDirectory } from '../lock.js';
import { createTimer, type OnQuery } from '../query-log.js';
import { assertNotNewer, countApplied, MIGRATIONS_FOLDER } from '../migrate.js';

/**
 * Opens the embedded database in `<dataDir>/database`, after its migrations, and holds the directory's lock until it is closed.
 * `applied` is how many migrations were new. @throws HiveError `data_directory`, `database_newer`.
 */
export async function openPglite(dataDir: string, onQuery?: OnQuery): Promise<OpenDatabase & { applied: number }> {
  const lock = await lockDataDirectory(dataDir);
  const place = join(dataDir, 'database');
  let client: EmbeddedClient | null = null;
  try {
    const opened = await openClient(place);
    client = opened;
    const db = drizzle({ client: watched(opened, onQuery) as unknown as PGlite });
    const shared = db as unknown as Database;
    await assertNotNewer(shared, place);
    const before = await countApplied(shared);
    await migrate(db, { migrationsFolder: MIGRATIONS_FOLDER });
    const applied = (await countApplied(shared)) - before;
    // Who holds the directory is alone: what a process that has died left is no one's.
    await forgetLeases(shared);
    let ended: Promise<void> | null = null;
    const end = async (): Promise<void> => {
      await opened.close();
      await lock.release();
    };
    return { db: shared, place, applied, announce: (url) => lock.announce(url), close: () => (ended ??= end()) };
  } catch (error) {
    await client?.close().catch(() => undefined);
    await lock.release();
    if (error instanceof HiveError) throw error;
    throw new HiveError('data_directory', `the database in ${place} cannot be opened: ${oneLine(causeOf(error))}`, {
      hint: 'name another directory with --data, or restore a backup of this one',
      cause: error,
    });
  }
}

/** The same client: `onQuery` hears of each statement. */
function watched(
  client: EmbeddedClient,
  onQuery: OnQuery = () => undefined,
): Pick<EmbeddedClient, 'query' | 'transaction'> {
  const timed = createTimer(onQuery);
  const watch = (asked: Asked): Asked => ({
    query: (text, ...rest) => timed(text, () => asked.query(text, ...rest)),
  });
  return { ...watch(client), transaction: (work) => client.transaction((inner) => work(watch(inner))) };
}
