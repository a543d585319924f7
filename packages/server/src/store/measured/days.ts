import { sql } from 'drizzle-orm';
import { rowsOf, type Database } from '../database.js';
import { causeOf } from '../errors.js';

/** The tables that are divided by day. A run's windows and their values come and go together. */
const DIVIDED = ['windows', 'performance_metrics'] as const;
export type Divided = (typeof DIVIDED)[number];

/** Whether a table is divided by day. */
export function isDivided(table: string): table is Divided {
  return (DIVIDED as readonly string[]).includes(table);
}

/** One part of such a table. */
export interface Part {
  table: Divided;
  name: string;
  /** The days it holds, as YYYY-MM-DD, `to` exclusive. Null: from the beginning. The part that holds what no other does has neither. */
  from: string | null;
  to: string | null;
}

const DAY_MS = 86_400_000;
/** A clock may be a day ahead, and a session may run over midnight. */
const DAYS_AHEAD = 2;
const MOST_PARTS = 400;
/** Any number that no other program on this database takes: 'days' in ASCII. */
const DAYS_LOCK = 0x64617973;
const LOCK_NOT_AVAILABLE = '55P03';

/** The UTC day of a time, YYYY-MM-DD; `days` later. */
export function dayOf(at: Date, days = 0): string {
  return new Date(at.getTime() + days * DAY_MS).toISOString().slice(0, 10);
}

/** Every part of the divided tables, oldest first. */
export async function listParts(db: Database): Promise<Part[]> {
  const rows = await rowsOf<{ table: Divided; name: string; bounds: string }>(
    db,
    sql`
    select parent.relname as "table", part.relname as name, pg_get_expr(part.relpartbound, part.oid) as bounds
    from pg_inherits
    join pg_class as part on part.oid = inhrelid
    join pg_class as parent on parent.oid = inhparent
    where parent.relnamespace = 'public'::regnamespace and parent.relname in (${sql.join(
      DIVIDED.map((name) => sql`${name}`),
      sql`, `,
    )})`,
  );
  return rows
    .map(({ table, name, bounds }) => ({ table, name, from: dayIn(bounds, 'FROM'), to: dayIn(bounds, 'TO') }))
    .toSorted((a, b) => ((a.to ?? '9999') < (b.to ?? '9999') ? -1 : 1));
}

/** PostgreSQL writes bounds as FOR VALUES FROM ('2026-01-31') TO ('2026-02-01'). */
function dayIn(bounds: string, word: string): string | null {
  return new RegExp(String.raw`${word} \('(\d{4,}-\d\d-\d\d)'\)`).exec(bounds)?.[1] ?? null;
}

/**
 * Makes the parts of today and of the next two days where they are missing; instances that do so at once make them once. Where the tables
 * are busy for seconds it is left to the next time: until then the rows go to the part that holds what no other does.
 */
export async function makeDays(db: Database, now: Date): Promise<void> {
  if (missing(await listParts(db), now).length === 0) return;
  await patiently(db, async (transaction) => {
    for (const { table, day } of missing(await listParts(transaction), now)) await makeDay(transaction, table, day);
  });
}

/** Drops the parts that hold nothing from `day` on, and deletes such rows of the part that holds what no other does. */
export async function dropDaysBefore(db: Database, day: string): Promise<void> {
  const parts = await listParts(db);
  const old = parts.filter(({ to }) => to !== null && to <= day);
  for (const { table, from, to } of parts) {
    if (from !== null || to !== null) continue;
    await db.execute(sql`delete from ${sql.identifier(`${table}_other`)} where day < ${day}`);
  }
  if (old.length === 0) return;
  await patiently(db, async (transaction) => {
    for (const { name } of old) await transaction.execute(sql`drop table if exists ${sql.identifier(name)}`);
  });
}

/** Makes the parts of these days of a table where they are missing, at most as many as a year has. */
export async function coverDays(db: Database, table: Divided, days: readonly string[]): Promise<void> {
  const parts = (await listParts(db)).filter((part) => part.table === table);
  for (const day of days) {
    if (parts.length < MOST_PARTS && !parts.some((part) => holds(part, day))) await makeDay(db, table, day);
  }
}

function missing(parts: readonly Part[], now: Date): { table: Divided; day: string }[] {
  const days = Array.from({ length: DAYS_AHEAD + 1 }, (_, ahead) => dayOf(now, ahead));
  return DIVIDED.flatMap((table) =>
    days
      .filter((day) => !parts.some((part) => part.table === table && holds(part, day)))
      .map((day) => ({ table, day })),
  );
}

function holds({ from, to }: Part, day: string): boolean {
  return to !== null && day < to && (from === null || day >= from);
}

/** What a wrong clock put aside for that day comes with it. */
async function makeDay(db: Database, table: Divided, day: string): Promise<void> {
  const name = sql.identifier(`${table}_${day.replaceAll('-', '')}`);
  const whole = sql.identifier(table);
  const next = dayOf(new Date(`${day}T00:00:00Z`), 1);
  await db.execute(
    sql`create table ${name} (like ${whole} including defaults including constraints including storage)`,
  );
  await db.execute(sql`
    with moved as (delete from ${sql.identifier(`${table}_other`)} where day = ${day} returning *)
    insert into ${name} select * from moved`);
  await db.execute(
    sql`alter table ${whole} attach partition ${name} for values from (${sql.raw(`'${day}'`)}) to (${sql.raw(`'${next}'`)})`,
  );
}

/** One at a time, in the order in which every writer takes its locks, and never waiting for long. */
async function patiently(db: Database, change: (transaction: Database) => Promise<void>): Promise<void> {
  try {
    await db.transaction(async (transaction) => {
      await transaction.execute(sql`set local lock_timeout = '5s'`);
      await transaction.execute(sql`select pg_advisory_xact_lock(${DAYS_LOCK})`);
      await transaction.execute(sql`lock table test_scenarios in access exclusive mode`);
      await change(transaction);
    });
  } catch (error) {
    const cause = causeOf(error);
    if (!(cause instanceof Error && 'code' in cause && cause.code === LOCK_NOT_AVAILABLE)) throw error;
  }
}
