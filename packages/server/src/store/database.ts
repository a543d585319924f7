import type { SQL } from 'drizzle-orm';
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

/** The rows of a statement of our own, in the shape that it gives them. */
export async function rowsOf<Row>(db: Database, statement: SQL): Promise<Row[]> {
  return ((await db.execute(statement)) as { rows: Row[] }).rows;
}
