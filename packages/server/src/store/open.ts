import { sql } from 'drizzle-orm';
import type { Database, OpenDatabase } from './database.js';
import { makeDays } from './measured/days.js';
import { databaseUnreachable, oneLine, causeOf, toStoreError } from './errors.js';
import { leaseQueries } from './leases.js';
import { openPglite } from './pglite.js';
import { migratePostgres, openPostgres } from './postgres.js';
import { scenarioQueries } from './scenarios.js';
import { sessionQueries } from './sessions.js';
import { storageQueries } from './space/storage.js';
import { upkeep } from './space/upkeep.js';
import type { Store, StoredData } from './store.js';
import { targetQueries } from './targets.js';
import { windowQueries } from './measured/windows.js';

export interface StoreOptions {
  /** A PostgreSQL URL. Without it the embedded database in `dataDir` is used. */
  databaseUrl?: string | null | undefined;
  dataDir: string;
  /** Wall clock that stamps new rows. */
  now?: (() => Date) | undefined;
}

/** A store, and the place to leave the API's address for other processes that find its data directory held. */
export interface OpenedStore extends Store {
  announce(url: string): Promise<void>;
}

/**
 * Opens the store on PostgreSQL or on the embedded database, migrated to this version's schema.
 * @throws HiveError `database_unreachable` (within 5 s), `database_newer`, or `data_directory` when it is held or not writable.
 */
export async function openStore({ databaseUrl, dataDir, now = () => new Date() }: StoreOptions): Promise<OpenedStore> {
  const database = await openDatabase({ databaseUrl, dataDir });
  const { db, announce, close } = database;
  await makeDays(db, now()).catch(async (error: unknown) => {
    await close();
    throw toStoreError(error, database.place);
  });
  const store: OpenedStore = {
    ...dataIn(db, now),
    upkeep: () => upkeep(db, now()),
    atomically: (work) => db.transaction((transaction) => work(dataIn(transaction, now))),
    ping: () => ping(database),
    announce,
    close,
  };
  return guarded(store, database.place);
}

/** The database itself, migrated. Throws like {@link openStore}. */
export async function openDatabase({ databaseUrl, dataDir }: StoreOptions): Promise<OpenDatabase> {
  return databaseUrl ? openPostgres(databaseUrl) : openPglite(dataDir);
}

function dataIn(db: Database, now: () => Date): StoredData {
  return {
    ...targetQueries(db, now),
    ...sessionQueries(db, now),
    ...scenarioQueries(db, now),
    ...windowQueries(db),
    ...leaseQueries(db),
    ...storageQueries(db),
  };
}

/**
 * Brings the schema up to date and closes again. Returns how many migrations were applied. Throws like {@link openStore}.
 */
export async function migrate({ databaseUrl, dataDir }: StoreOptions): Promise<number> {
  if (databaseUrl) return migratePostgres(databaseUrl);
  const database = await openPglite(dataDir);
  await database.close();
  return database.applied;
}

async function ping({ db, place }: OpenDatabase): Promise<void> {
  try {
    await db.execute(sql`select 1`);
  } catch (error) {
    throw databaseUnreachable(place, oneLine(causeOf(error)));
  }
}

/** The same store, whose methods throw nothing but HiveErrors. */
function guarded(store: OpenedStore, place: string): OpenedStore {
  const methods = Object.entries(store) as [string, (...input: unknown[]) => Promise<unknown>][];
  return Object.fromEntries(
    methods.map(([name, method]) => [
      name,
      async (...input: unknown[]) => {
        try {
          return await method(...input);
        } catch (error) {
          throw toStoreError(error, place);
        }
      },
    ]),
  ) as unknown as OpenedStore;
}
