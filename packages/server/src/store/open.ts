import { sql } from 'drizzle-orm';
import type { Database, OpenDatabase } from './database.js';
import { makeDays } from './measured/days.js';
import { databaseUnreachable, oneLine, causeOf, toStoreError } from './errors.js';
import type { Log } from '../log.js';
import { leaseQueries } from './leases.js';
import { openPglite } from './embedded/pglite.js';
import { markQueries } from './marks.js';
import { peopleQueries } from './people/people.js';
import { migratePostgres, openPostgres } from './postgres.js';
import { logQueries } from './query-log.js';
import { scenarioQueries } from './scenarios.js';
import { sessionQueries } from './sessions.js';
import { storageQueries } from './space/storage.js';
import { upkeep } from './space/upkeep.js';
import type { Store, StoredData } from './store.js';
import { channelQueries } from './team/channels.js';
import { checkQueries } from './team/checks.js';
import { deliveryQueries } from './team/deliveries.js';
import { weeklyMailQueries } from './team/weekly-mails.js';
import { incidentQueries } from './team/incidents.js';
import { ruleQueries } from './team/rules.js';
import { scheduleQueries } from './team/schedules.js';
import { targetQueries } from './targets.js';
import { windowQueries } from './measured/windows.js';

export interface StoreOptions {
  /** A PostgreSQL URL. Without it the embedded database in `dataDir` is used. */
  databaseUrl?: string | null | undefined;
  dataDir: string;
  /** Wall clock that stamps new rows. */
  now?: (() => Date) | undefined;
  /** Where statements are logged; absent: nowhere. */
  log?: Log | undefined;
}

/** A store, and the place to leave the API's address for other processes that find its data directory held. */
export interface OpenedStore extends Store {
  announce(url: string): Promise<void>;
}

/**
 * Opens the store on PostgreSQL or on the embedded database, migrated to this version's schema.
 * @throws HiveError `database_unreachable` (within 5 s), `database_newer`, or `data_directory` when it is held or not writable.
 */
export async function openStore({ now = () => new Date(), ...place }: StoreOptions): Promise<OpenedStore> {
  const database = await openDatabase(place);
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
export async function openDatabase({ databaseUrl, dataDir, log }: StoreOptions): Promise<OpenDatabase> {
  const onQuery = log && logQueries(log);
  return databaseUrl ? openPostgres(databaseUrl, onQuery) : openPglite(dataDir, onQuery);
}

function dataIn(db: Database, now: () => Date): StoredData {
  return {
    ...targetQueries(db, now),
    ...sessionQueries(db, now),
    ...scenarioQueries(db, now),
    ...windowQueries(db),
    ...leaseQueries(db),
    ...markQueries(db),
    ...storageQueries(db),
    ...scheduleQueries(db),
    ...checkQueries(db),
    ...peopleQueries(db),
    ...ruleQueries(db),
    ...incidentQueries(db),
    ...channelQueries(db),
    ...deliveryQueries(db),
    ...weeklyMailQueries(db),
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
