import { KEEP_DAYS, SETTABLE_STORES, STORES, type SettableStore, type StoreName } from '@hive/contract';
import { sql, type SQL } from 'drizzle-orm';
import { rowsOf, type Database } from '../database.js';
import { storageSettings } from '../schema.js';
import type { Store } from '../store.js';

type StorageQueries = Pick<Store, 'storage' | 'setKeepDays'>;
export type KeepDays = Record<SettableStore, number | null>;

/** The tables of each store, and how old what it holds is. Of `seconds`, windows are counted: each has a dozen values. */
const TABLES: Record<StoreName, { tables: string[]; counted: string; oldest: SQL }> = {
  seconds: {
    tables: ['windows', 'performance_metrics'],
    counted: 'windows',
    oldest: sql`select min(timestamp) at time zone 'utc' as at from performance_metrics`,
  },
  minutes: { tables: ['rollups'], counted: 'rollups', oldest: sql`select min(day)::timestamp as at from rollups` },
  runs: {
    tables: ['test_scenarios'],
    counted: 'test_scenarios',
    oldest: sql`select min(created_at) at time zone 'utc' as at from test_scenarios`,
  },
  sessions: {
    tables: ['training_sessions'],
    counted: 'training_sessions',
    oldest: sql`select min(started_at) at time zone 'utc' as at from training_sessions`,
  },
  targets: {
    tables: ['targets'],
    counted: 'targets',
    oldest: sql`select min(created_at) at time zone 'utc' as at from targets`,
  },
};

const SMALL_BYTES = 4 * 1024 * 1024;

export function storageQueries(db: Database): StorageQueries {
  return {
    async storage() {
      const keep = await keepDays(db);
      const stores = [];
      for (const name of STORES) {
        const { tables, counted, oldest } = TABLES[name];
        stores.push({
          name,
          bytes: await bytesOf(db, tables),
          rows: await countOf(db, counted),
          oldest: await oldestOf(db, oldest),
          keepDays: name === 'targets' ? null : keep[name],
        });
      }
      return { stores };
    },

    async setKeepDays(days) {
      const values = Object.entries(days).map(([name, keep_days]) => ({ name: name as SettableStore, keep_days }));
      if (values.length === 0) return;
      await db
        .insert(storageSettings)
        .values(values)
        .onConflictDoUpdate({ target: storageSettings.name, set: { keep_days: sql`excluded.keep_days` } });
    },
  };
}

/** How long each store is kept. */
export async function keepDays(db: Database): Promise<KeepDays> {
  const set = new Map((await db.select().from(storageSettings)).map(({ name, keep_days }) => [name, keep_days]));
  const days = SETTABLE_STORES.map((name) => [name, set.has(name) ? set.get(name) : KEEP_DAYS[name]]);
  return Object.fromEntries(days) as KeepDays;
}

interface Piece {
  name: string;
  bytes: string;
  /** An estimate; -1: never counted. */
  rows: number;
}

/** A table, or all of its parts. */
async function piecesOf(db: Database, table: string): Promise<Piece[]> {
  return rowsOf<Piece>(
    db,
    sql`
      select piece.relname as name, pg_total_relation_size(piece.oid)::text as bytes, piece.reltuples as rows
      from pg_partition_tree(${table}::regclass) as tree join pg_class as piece on piece.oid = tree.relid
      where tree.isleaf
      union all
      select relname, pg_total_relation_size(oid)::text, reltuples from pg_class
      where oid = ${table}::regclass and relkind = 'r'`,
  );
}

async function bytesOf(db: Database, tables: readonly string[]): Promise<number> {
  let sum = 0;
  for (const table of tables) for (const { bytes } of await piecesOf(db, table)) sum += Number(bytes);
  return sum;
}

/** What the database knows itself, which may be an hour old; what is small, or was never counted, is counted. */
async function countOf(db: Database, table: string): Promise<number> {
  let sum = 0;
  for (const { name, rows, bytes } of await piecesOf(db, table)) {
    if (rows >= 0 && Number(bytes) > SMALL_BYTES) {
      sum += Math.round(rows);
      continue;
    }
    const [counted] = await rowsOf<{ n: string }>(db, sql`select count(*) as n from ${sql.identifier(name)}`);
    sum += Number(counted?.n ?? 0);
  }
  return sum;
}

async function oldestOf(db: Database, oldest: SQL): Promise<string | null> {
  const [row] = await rowsOf<{ at: string | null }>(
    db,
    sql`select to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at from (${oldest}) as oldest`,
  );
  return row?.at ?? null;
}
