import { PGlite } from '@electric-sql/pglite';
import { HiveError } from '@hive/contract';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { join } from 'node:path';
import type { Database, OpenDatabase } from './database.js';
import { causeOf, oneLine } from './errors.js';
import { forgetLeases } from './leases.js';
import { lockDataDirectory } from './lock.js';
import { assertNotNewer, countApplied, MIGRATIONS_FOLDER } from './migrate.js';

/**
 * Opens the embedded database in `<dataDir>/database`, after its migrations, and holds the directory's lock until it is closed.
 * `applied` is how many migrations were new. @throws HiveError `data_directory`, `database_newer`.
 */
export async function openPglite(dataDir: string): Promise<OpenDatabase & { applied: number }> {
  const lock = await lockDataDirectory(dataDir);
  const place = join(dataDir, 'database');
  let client: PGlite | null = null;
  try {
    client = await PGlite.create(place);
    const opened = client;
    const db = drizzle(opened);
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
