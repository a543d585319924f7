import { inArray, lt, sql } from 'drizzle-orm';
import type { Database } from '../database.js';
import { dayOf, dropDaysBefore, makeDays } from '../measured/days.js';
import { rollUpBefore } from '../measured/rollups.js';
import { forgetPassed } from '../people/once.js';
import { forgetChecks } from '../team/checks.js';
import { forgetIncidents } from '../team/incidents.js';
import { maintenance, scheduleRuns } from '../team/schema.js';
import { marks, rollups, testScenarios, trainingSessions } from '../schema.js';
import { keepDays } from './storage.js';

/** Runs and sessions go in such portions: each takes their rows of every day with it. */
const AT_ONCE = 200;

/** Makes the days to come; removes what is older than it is to be kept, its minutes kept before its seconds go. */
export async function upkeep(db: Database, now: Date): Promise<void> {
  await makeDays(db, now);
  await forgetPassed(db, now);
  const { seconds, minutes, runs, sessions, checks, check_hours } = await keepDays(db);
  const before = (days: number | null) => (days === null ? null : new Date(`${dayOf(now, -days)}T00:00:00Z`));
  await forgetChecks(db, { checks: before(checks), hours: before(check_hours) });
  // Of a schedule's times, what its checks are kept for is shown.
  const old = before(checks);
  if (old !== null) await db.delete(scheduleRuns).where(lt(scheduleRuns.started_at, old));
  // Incidents and maintenance explain the days that are shown.
  const oldDays = before(check_hours);
  if (oldDays !== null) {
    await forgetIncidents(db, oldDays);
    await db.delete(maintenance).where(lt(maintenance.to, oldDays));
  }
  if (seconds !== null) {
    const day = dayOf(now, -seconds);
    await rollUpBefore(db, day);
    await dropDaysBefore(db, day);
  }
  if (minutes !== null) await db.delete(rollups).where(lt(rollups.day, dayOf(now, -minutes)));
  if (runs !== null) await removeBefore(db, { table: testScenarios, time: testScenarios.created_at }, [now, runs]);
  if (sessions !== null) {
    await removeBefore(db, { table: trainingSessions, time: trainingSessions.started_at }, [now, sessions]);
    // A mark explains sessions.
    await removeBefore(db, { table: marks, time: marks.at }, [now, sessions]);
  }
  // No one else counts for the planner: nobody does in the embedded database, and PostgreSQL does not for what is divided by day.
  await db.execute(sql`analyze windows, performance_metrics, rollups, test_scenarios, training_sessions, targets`);
}

type Aged =
  | { table: typeof testScenarios; time: typeof testScenarios.created_at }
  | { table: typeof trainingSessions; time: typeof trainingSessions.started_at }
  | { table: typeof marks; time: typeof marks.at };

async function removeBefore(db: Database, { table, time }: Aged, [now, days]: [Date, number]): Promise<void> {
  const before = new Date(`${dayOf(now, -days)}T00:00:00Z`);
  for (;;) {
    const old = db.select({ id: table.id }).from(table).where(lt(time, before)).orderBy(time).limit(AT_ONCE);
    const removed = await db.delete(table).where(inArray(table.id, old)).returning({ id: table.id });
    if (removed.length < AT_ONCE) return;
  }
}
