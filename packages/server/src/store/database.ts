import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

/** What the queries speak to: drizzle over either driver. */
export type Database = PgDatabase<PgQueryResultHKT>;

/** An open database of one driver. */
export interface OpenDatabase {
  db: Database;
  /** Where it is, for messages; never with a password. */
  place: string;
  /** Tells other processes on this machine where the running API is. Does nothing where no lock file exists. */
  announce(url: string): Promise<void>;
  close(): Promise<void>;
}
