import type { Window } from '@hive/contract';
import { and, eq, gt, or, sql } from 'drizzle-orm';
import { rowsOf, type Database } from '../database.js';
import { rollups, windows } from '../schema.js';
import type { KeptPage, KeptPart, KeptPlace, KeptWindow } from '../store.js';
import { mergeWindows, minuteOf } from './merge-windows.js';
import { packWindow, windowOf } from './packed-window.js';

/** Windows read and merged at once: the loop is not blocked by a run of a day. */
const BATCH = 60;

/** Merges the windows of a run into its minutes and keeps them; those that are kept already stay. */
export async function rollUp(db: Database, scenarioId: string): Promise<void> {
  let minute: KeptWindow[] = [];
  let after: KeptPlace | undefined;
  do {
    const page = await readSeconds(db, scenarioId, after);
    const values = [];
    for (const kept of page.windows) {
      const [first] = minute;
      if (first !== undefined && minuteOf(first.window) !== minuteOf(kept.window)) {
        values.push(toRow(minute));
        minute = [];
      }
      minute.push(kept);
    }
    await keepMinutes(db, values);
    after = page.next ?? undefined;
  } while (after !== undefined);
  if (minute.length > 0) await keepMinutes(db, [toRow(minute)]);
}

/** Rolls up the runs that have windows older than `day` and no minutes yet, such as those of 0.1.0. */
export async function rollUpBefore(db: Database, day: string): Promise<void> {
  const rows = await rowsOf<{ id: string }>(
    db,
    sql`
      select distinct scenario_id as id from windows
      where day < ${day} and not exists (select from rollups where rollups.scenario_id = windows.scenario_id)`,
  );
  for (const { id } of rows) await rollUp(db, id);
}

/** The kept minutes of a run, oldest first. */
export async function listMinutes(db: Database, scenarioId: string): Promise<Window[]> {
  const rows = await db
    .select({ packed: rollups.counts })
    .from(rollups)
    .where(eq(rollups.scenario_id, scenarioId))
    .orderBy(rollups.minute);
  return rows.flatMap(({ packed }) => windowOf({ data: null, packed }) ?? []);
}

async function keepMinutes(db: Database, values: (typeof rollups.$inferInsert)[]): Promise<void> {
  if (values.length > 0) await db.insert(rollups).values(values).onConflictDoNothing();
}

function toRow(kept: readonly KeptWindow[]): typeof rollups.$inferInsert {
  const { window, responseTime, serviceTime } = mergeWindows(kept);
  return {
    scenario_id: window.scenarioId,
    minute: minuteOf(window),
    day: window.at.slice(0, 10),
    counts: packWindow(window),
    response_time: responseTime,
    service_time: serviceTime,
  };
}

/** What is kept of a run with its histograms, from a place on: one batch, in order. */
export function readKept(db: Database, { scenarioId, of, after }: KeptPart): Promise<KeptPage> {
  return of === 'seconds' ? readSeconds(db, scenarioId, after) : readMinutes(db, scenarioId, after);
}

async function readMinutes(db: Database, scenarioId: string, after: KeptPlace | undefined): Promise<KeptPage> {
  const rows = await db
    .select()
    .from(rollups)
    .where(and(eq(rollups.scenario_id, scenarioId), after && gt(rollups.minute, after.id)))
    .orderBy(rollups.minute)
    .limit(BATCH);
  return toKeptPage(rows, ({ counts, minute }) => ({
    window: windowOf({ data: null, packed: counts }),
    place: { fromMs: minute * 60_000, id: minute },
  }));
}

async function readSeconds(db: Database, scenarioId: string, after: KeptPlace | undefined): Promise<KeptPage> {
  const rows = await db
    .select()
    .from(windows)
    .where(
      and(
        eq(windows.scenario_id, scenarioId),
        after &&
          or(gt(windows.from_ms, after.fromMs), and(eq(windows.from_ms, after.fromMs), gt(windows.id, after.id))),
      ),
    )
    .orderBy(windows.from_ms, windows.id)
    .limit(BATCH);
  return toKeptPage(rows, (row) => ({ window: windowOf(row), place: { fromMs: row.from_ms, id: row.id } }));
}

function toKeptPage<Row extends { response_time: Uint8Array | null; service_time: Uint8Array | null }>(
  rows: readonly Row[],
  read: (row: Row) => { window: Window | null; place: KeptPlace },
): KeptPage {
  const last = rows.at(-1);
  return {
    windows: rows.flatMap((row) => {
      const { window } = read(row);
      return window === null ? [] : [{ window, responseTime: row.response_time, serviceTime: row.service_time }];
    }),
    next: last === undefined || rows.length < BATCH ? null : read(last).place,
  };
}
