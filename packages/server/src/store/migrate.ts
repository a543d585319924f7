import { HiveError } from '@hive/contract';
import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { fileURLToPath } from 'node:url';
import { rowsOf, type Database } from './database.js';

/** The plain SQL migrations, shipped beside the code. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../drizzle', import.meta.url));

/**
 * Refuses a database that a newer Hive has migrated: this code does not know its columns.
 * @throws HiveError `database_newer`.
 */
export async function assertNotNewer(db: Database, place: string): Promise<void> {
  const known = Math.max(
    ...readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER }).map((file) => file.folderMillis),
  );
  const applied = await newestApplied(db);
  if (applied > known) {
    throw new HiveError('database_newer', `the database at ${place} was created by a newer version of Hive`, {
      hint: 'use that version, or name another database with DATABASE_URL or --data',
    });
  }
}

/** How many migrations the database has seen. */
export async function countApplied(db: Database): Promise<number> {
  return (await appliedMigrations(db)).length;
}

/** The time of the newest migration that the database has seen, ms; 0: none. */
export async function newestApplied(db: Database): Promise<number> {
  return Math.max(0, ...(await appliedMigrations(db)));
}

async function appliedMigrations(db: Database): Promise<number[]> {
  const [found] = await rowsOf<{ present: boolean }>(
    db,
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as present`,
  );
  if (found?.present !== true) return [];
  const rows = await rowsOf<{ created_at: string }>(db, sql`select created_at from drizzle.__drizzle_migrations`);
  return rows.map((row) => Number(row.created_at));
}
