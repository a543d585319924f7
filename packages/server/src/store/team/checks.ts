import type { CheckResult, ServiceCheck } from '@hive/contract';
import { and, desc, eq, gte, lt, lte, sql } from 'drizzle-orm';
import { countFitting } from '../../answer-size.js';
import { rowsOf, type Database } from '../database.js';
import { instantOf } from '../paging.js';
import { checkHours, checks } from './schema.js';
import type { CheckTable } from './tables.js';

export function checkQueries(db: Database): CheckTable {
  return {
    createCheck: ({ id, at, target, result, ...found }) =>
      db.transaction(async (transaction) => {
        const time = instantOf('at', at);
        const hour = new Date(Math.floor(time.getTime() / 3_600_000) * 3_600_000);
        await transaction.insert(checks).values({ id, at: time, target_id: target, result, found });
        await transaction
          .insert(checkHours)
          .values({ target_id: target, hour, result, count: 1 })
          .onConflictDoUpdate({
            target: [checkHours.target_id, checkHours.hour, checkHours.result],
            set: { count: sql`${checkHours.count} + 1` },
          });
      }),

    async listChecks({ target, from, to, limit }) {
      if (target.includes('\0')) return [];
      const rows = await db
        .select()
        .from(checks)
        .where(
          and(
            eq(checks.target_id, target),
            from === undefined ? undefined : gte(checks.at, instantOf('from', from)),
            to === undefined ? undefined : lte(checks.at, instantOf('to', to)),
          ),
        )
        .orderBy(desc(checks.at), desc(checks.id))
        .limit(limit);
      const shown = rows.map(toCheck);
      return shown.slice(0, await countFitting(shown));
    },

    async newestChecks({ from, to }) {
      const rows = await db
        .selectDistinctOn([checks.target_id])
        .from(checks)
        .where(and(gte(checks.at, instantOf('from', from)), lte(checks.at, instantOf('to', to))))
        .orderBy(checks.target_id, desc(checks.at));
      return rows.map(toCheck);
    },

    async countChecks(target, since) {
      if (target.includes('\0')) return [];
      return rowsOf<{ day: string; result: CheckResult; count: number }>(
        db,
        sql`select to_char(hour at time zone 'utc', 'YYYY-MM-DD') as day, result, sum(count)::int as count
          from check_hours where target_id = ${target} and hour >= ${since.toISOString()}::timestamptz
          group by 1, 2 order by 1, 2`,
      );
    },
  };
}

/** Removes what is older than it is to be kept; null: nothing. */
export async function forgetChecks(db: Database, before: { checks: Date | null; hours: Date | null }): Promise<void> {
  if (before.checks !== null) await db.delete(checks).where(lt(checks.at, before.checks));
  if (before.hours !== null) await db.delete(checkHours).where(lt(checkHours.hour, before.hours));
}

function toCheck(row: typeof checks.$inferSelect): ServiceCheck {
  return { id: row.id, target: row.target_id, at: row.at.toISOString(), result: row.result, ...row.found };
}
