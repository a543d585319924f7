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
    tables: ['training_sessions', 'marks'],
    counted: 'training_sessions',
    oldest: sql`select min(started_at) at time zone 'utc' as at from training_sessions`,
  },
  checks: {
    tables: ['checks'],
    counted: 'checks',
    oldest: sql`select min(at) at time zone 'utc' as at from checks`,
  },
  check_hours: {
    tables: ['check_hours', 'incidents', 'incident_events', 'deliveries'],
    counted: 'check_hours',
    oldest: sql`select min(hour) at time zone 'utc' as at from check_hours`,
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
      const pieces = await piecesOf(db);
      const rows = await countsOf(db, pieces);
      const stores = [];
      for (const name of STORES) {
        const { tables, counted, oldest } = TABLES[name];
        stores.push({
          name,
          bytes: sumOf(tables.flatMap((table) => pieces.get(table) ?? []).map(({ bytes }) => Number(bytes))),
          rows: sumOf((pieces.get(counted) ?? []).map((piece) => rows.get(piece.name) ?? 0)),
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

/** A table that is not divided, or one part of one that is. */
interface Piece {
  of: string;
  name: string;
  bytes: string;
  /** An estimate; -1: never counted. */
  rows: number;
}

/** What each table consists of. */
async function piecesOf(db: Database): Promise<Map<string, Piece[]>> {
  const tables = Object.values(TABLES).flatMap((one) => one.tables);
  const found = await rowsOf<Piece>(
    db,
    sql`
      select root.name as of, piece.relname as name, pg_total_relation_size(piece.oid)::text as bytes, piece.reltuples as rows
      from unnest(${sql.param(tables)}::text[]) as root (name)
      cross join lateral (
        select relid from pg_partition_tree(root.name::regclass) where isleaf
        union select root.name::regclass
      ) as part
      join pg_class as piece on piece.oid = part.relid and piece.relkind = 'r'`,
  );
  const pieces = new Map<string, Piece[]>();
  for (const piece of found) pieces.set(piece.of, [...(pieces.get(piece.of) ?? []), piece]);
  return pieces;
}

/** What the database knows itself, which may be an hour old; what is small, or was never counted, is counted. By piece. */
async function countsOf(db: Database, pieces: ReadonlyMap<string, readonly Piece[]>): Promise<Map<string, number>> {
  const all = Object.values(TABLES).flatMap(({ counted }) => pieces.get(counted) ?? []);
  const known = ({ rows, bytes }: Piece): boolean => rows >= 0 && Number(bytes) > SMALL_BYTES;
  const counted = all
    .filter((piece) => !known(piece))
    .map(({ name }) => sql`select ${name}::text as name, count(*)::text as n from ${sql.identifier(name)}`);
  const found =
    counted.length === 0 ? [] : await rowsOf<{ name: string; n: string }>(db, sql.join(counted, sql` union all `));
  return new Map([
    ...all.filter(known).map(({ name, rows }): [string, number] => [name, Math.round(rows)]),
    ...found.map(({ name, n }): [string, number] => [name, Number(n)]),
  ]);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

async function oldestOf(db: Database, oldest: SQL): Promise<string | null> {
  const [row] = await rowsOf<{ at: string | null }>(
    db,
    sql`select to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at from (${oldest}) as oldest`,
  );
  return row?.at ?? null;
}
