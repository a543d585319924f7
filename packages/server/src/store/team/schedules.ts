import type { Schedule, ScheduledRun } from '@hive/contract';
import { and, asc, desc, eq, inArray, lt, lte, min, sql } from 'drizzle-orm';
import { rowsOf, type Database } from '../database.js';
import { scheduleRuns, schedules } from './schema.js';
import type { Claimed, ScheduleTable } from './tables.js';

/** This many are taken at once: the others a moment later, perhaps by another server. */
const AT_ONCE = 50;

export function scheduleQueries(db: Database): ScheduleTable {
  return {
    async createSchedule(schedule) {
      await db.insert(schedules).values({ ...columnsOf(schedule), created_at: new Date(schedule.createdAt) });
    },
    async replaceSchedule(schedule) {
      const rows = await db
        .update(schedules)
        .set(columnsOf(schedule))
        .where(eq(schedules.id, schedule.id))
        .returning({ id: schedules.id });
      return rows.length > 0;
    },
    async getSchedule(id) {
      if (id.includes('\0')) return null;
      const [row] = await db.select().from(schedules).where(eq(schedules.id, id));
      return row === undefined ? null : toSchedule(row);
    },
    async listSchedules({ target }) {
      const rows = await db
        .select()
        .from(schedules)
        .where(target === undefined ? undefined : eq(schedules.target_id, target))
        .orderBy(asc(schedules.created_at), asc(schedules.id));
      return rows.map(toSchedule);
    },
    async deleteSchedule(id) {
      if (id.includes('\0')) return false;
      return (await db.delete(schedules).where(eq(schedules.id, id)).returning({ id: schedules.id })).length > 0;
    },
    async nextScheduleAt() {
      const [row] = await db
        .select({ at: min(schedules.next_at) })
        .from(schedules)
        .where(eq(schedules.is_on, true));
      return row?.at ?? null;
    },
    claimSchedules: (claim) => db.transaction((transaction) => claimIn(transaction, claim)),
    ...runQueries(db),
  };
}

function runQueries(
  db: Database,
): Omit<
  ScheduleTable,
  | 'createSchedule'
  | 'replaceSchedule'
  | 'getSchedule'
  | 'listSchedules'
  | 'deleteSchedule'
  | 'nextScheduleAt'
  | 'claimSchedules'
> {
  return {
    startScheduledRun: (run, leaseUntil) =>
      db.transaction(async (transaction) => {
        // Whoever starts the same one meanwhile waits here.
        await transaction.select().from(schedules).where(eq(schedules.id, run.scheduleId)).for('update');
        if (await runsNow(transaction, run.scheduleId)) return false;
        await transaction.insert(scheduleRuns).values({ ...runColumns(run), lease_until: leaseUntil });
        return true;
      }),
    async updateScheduledRun(run) {
      // A run that was called interrupted meanwhile stays so.
      await db
        .update(scheduleRuns)
        .set(runColumns(run))
        .where(and(eq(scheduleRuns.id, run.id), eq(scheduleRuns.result, 'running')));
    },
    async extendScheduledRuns(ids, leaseUntil) {
      if (ids.length === 0) return;
      await db
        .update(scheduleRuns)
        .set({ lease_until: leaseUntil })
        .where(and(inArray(scheduleRuns.id, [...ids]), eq(scheduleRuns.result, 'running')));
    },
    async interruptScheduledRuns(now) {
      const reason = 'the Hive that ran it ended';
      const rows = await db
        .update(scheduleRuns)
        .set({ result: 'interrupted', reason, ended_at: now })
        .where(and(eq(scheduleRuns.result, 'running'), lt(scheduleRuns.lease_until, now)))
        .returning({ id: scheduleRuns.id });
      return rows.length;
    },
    async listScheduledRuns(scheduleId, limit) {
      if (scheduleId.includes('\0')) return [];
      const rows = await db
        .select()
        .from(scheduleRuns)
        .where(eq(scheduleRuns.schedule_id, scheduleId))
        .orderBy(desc(scheduleRuns.started_at), desc(scheduleRuns.id))
        .limit(limit);
      return rows.map(toRun);
    },
    async newestScheduledRuns() {
      const rows = await db
        .selectDistinctOn([scheduleRuns.schedule_id])
        .from(scheduleRuns)
        .orderBy(scheduleRuns.schedule_id, desc(scheduleRuns.started_at), desc(scheduleRuns.id));
      return rows.map(toRun);
    },
    async countUsableRuns(since) {
      const counted = await rowsOf<{ id: string; runs: number; usable: number }>(
        db,
        sql`select schedule_id as id, count(*)::int as runs,
            count(*) filter (where result in ('pass', 'degraded', 'fail'))::int as usable
          from schedule_runs where started_at >= ${since.toISOString()}::timestamptz group by 1`,
      );
      const made = await db
        .select()
        .from(schedules)
        .where(and(eq(schedules.is_on, true), lt(schedules.created_at, since)));
      return made.map((row) => {
        const { runs = 0, usable = 0 } = counted.find(({ id }) => id === row.id) ?? {};
        return { schedule: toSchedule(row), runs, usable };
      });
    },
  };
}

async function claimIn(db: Database, claim: Parameters<ScheduleTable['claimSchedules']>[0]): Promise<Claimed[]> {
  const { now, leaseUntil, nextOf, newId } = claim;
  const due = await db
    .select()
    .from(schedules)
    .where(and(eq(schedules.is_on, true), lte(schedules.next_at, now)))
    .orderBy(asc(schedules.next_at))
    .limit(AT_ONCE)
    .for('update', { skipLocked: true });
  const claimed: Claimed[] = [];
  for (const row of due) {
    const schedule = toSchedule(row);
    const isRunning = await runsNow(db, schedule.id);
    const at = now.toISOString();
    const run: ScheduledRun = {
      id: newId(),
      scheduleId: schedule.id,
      dueAt: schedule.nextAt ?? at,
      startedAt: at,
      endedAt: isRunning ? at : null,
      result: isRunning ? 'skipped' : 'running',
      reason: isRunning ? 'the time before still runs' : null,
      sessionId: null,
      checkId: null,
    };
    await db.insert(scheduleRuns).values({ ...runColumns(run), lease_until: isRunning ? null : leaseUntil });
    await db
      .update(schedules)
      .set({ next_at: nextOf(schedule) })
      .where(eq(schedules.id, schedule.id));
    claimed.push({ schedule, run });
  }
  return claimed;
}

async function runsNow(db: Database, scheduleId: string): Promise<boolean> {
  const rows = await db
    .select({ id: scheduleRuns.id })
    .from(scheduleRuns)
    .where(and(eq(scheduleRuns.schedule_id, scheduleId), eq(scheduleRuns.result, 'running')))
    .limit(1);
  return rows.length > 0;
}

function columnsOf({ id, target, what, when, timeZone, on, nextAt }: Schedule) {
  const next_at = nextAt === null ? null : new Date(nextAt);
  return { id, target_id: target, what, when, time_zone: timeZone, is_on: on, next_at };
}

function toSchedule(row: typeof schedules.$inferSelect): Schedule {
  return {
    id: row.id,
    createdAt: row.created_at.toISOString(),
    target: row.target_id,
    what: row.what,
    when: row.when,
    timeZone: row.time_zone,
    on: row.is_on,
    nextAt: row.next_at?.toISOString() ?? null,
  };
}

function runColumns(run: ScheduledRun) {
  return {
    id: run.id,
    schedule_id: run.scheduleId,
    due_at: new Date(run.dueAt),
    started_at: new Date(run.startedAt),
    ended_at: run.endedAt === null ? null : new Date(run.endedAt),
    result: run.result,
    reason: run.reason,
    session_id: run.sessionId,
    check_id: run.checkId,
  };
}

function toRun(row: typeof scheduleRuns.$inferSelect): ScheduledRun {
  return {
    id: row.id,
    scheduleId: row.schedule_id,
    dueAt: row.due_at.toISOString(),
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    result: row.result,
    reason: row.reason,
    sessionId: row.session_id,
    checkId: row.check_id,
  };
}
