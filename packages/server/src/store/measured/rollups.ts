import type { Window } from '@hive/contract';
import { and, eq, gt, or, sql } from 'drizzle-orm';
import { rowsOf, type Database } from '../database.js';
import { rollups, windows } from '../schema.js';
import type { KeptWindow } from '../store.js';
import { mergeWindows, minuteOf } from './merge-windows.js';
import { packWindow, windowOf } from './packed-window.js';

/** Windows read and merged at once: the loop is not blocked by a run of a day. */
const BATCH = 180;

/** Merges the windows of a run into its minutes and keeps them; those that are kept already stay. */
export async function rollUp(db: Database, scenarioId: string): Promise<void> {
  let minute: KeptWindow[] = [];
  for await (const batch of batchesOf(db, scenarioId)) {
    const values = [];
    for (const kept of batch) {
      const [first] = minute;
      if (first !== undefined && minuteOf(first.window) !== minuteOf(kept.window)) {
        values.push(toRow(minute));
        minute = [];
      }
      minute.push(kept);
    }
    await keepMinutes(db, values);
  }
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

/** The windows of a run with their histograms, in order. */
async function* batchesOf(db: Database, scenarioId: string): AsyncGenerator<KeptWindow[]> {
  let after: { from_ms: number; id: number } | undefined;
  do {
    const rows = await db
      .select()
      .from(windows)
      .where(
        and(
          eq(windows.scenario_id, scenarioId),
          after &&
            or(gt(windows.from_ms, after.from_ms), and(eq(windows.from_ms, after.from_ms), gt(windows.id, after.id))),
        ),
      )
      .orderBy(windows.from_ms, windows.id)
      .limit(BATCH);
    yield rows.flatMap((row) => {
      const window = windowOf(row);
      return window === null ? [] : [{ window, responseTime: row.response_time, serviceTime: row.service_time }];
    });
    after = rows.length < BATCH ? undefined : rows.at(-1);
  } while (after !== undefined);
}
