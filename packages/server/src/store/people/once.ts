import { randomUUID } from 'node:crypto';
import { and, eq, gte, lt, sql } from 'drizzle-orm';
import type { Database } from '../database.js';
import { onceCodes, signInFailures, userSessions } from './schema.js';
import type { PeopleTable } from './tables.js';

/** Failures count for a minute. */
const FAILURES_KEPT_MS = 3_600_000;

export function onceQueries(db: Database): Pick<PeopleTable, 'putOnce' | 'takeOnce' | 'addFailure' | 'forgetFailures'> {
  return {
    async putOnce({ hash, purpose, data, expiresAt }) {
      await db.insert(onceCodes).values({ hash, purpose, data, expires_at: expiresAt });
    },
    async takeOnce(hash, { purpose, now }) {
      const [row] = await db
        .delete(onceCodes)
        .where(and(eq(onceCodes.hash, hash), eq(onceCodes.purpose, purpose)))
        .returning();
      return row === undefined || row.expires_at <= now ? null : row.data;
    },
    addFailure: (of, { now, since, most }) =>
      db.transaction(async (transaction) => {
        // Of many at once, each counts those before it.
        await transaction.execute(sql`select pg_advisory_xact_lock(hashtext(${of}))`);
        const recent = and(eq(signInFailures.of, of), gte(signInFailures.at, since));
        if ((await transaction.$count(signInFailures, recent)) >= most) return false;
        await transaction.insert(signInFailures).values({ id: randomUUID(), of, at: now });
        return true;
      }),
    async forgetFailures(of) {
      await db.delete(signInFailures).where(eq(signInFailures.of, of));
    },
  };
}

/** Removes what is good for nothing any more. */
export async function forgetPassed(db: Database, now: Date): Promise<void> {
  await db.delete(userSessions).where(lt(userSessions.expires_at, now));
  await db.delete(onceCodes).where(lt(onceCodes.expires_at, now));
  await db.delete(signInFailures).where(lt(signInFailures.at, new Date(now.getTime() - FAILURES_KEPT_MS)));
}
