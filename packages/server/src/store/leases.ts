import { and, eq, sql } from 'drizzle-orm';
import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import type { Database } from './database.js';
import type { LeaseTable } from './store.js';

/** Not in schema.ts: what is there is backed up, and who measures at this moment is of no use elsewhere. */
const leases = pgTable('leases', {
  generator: text('generator').primaryKey(),
  holder: text('holder').notNull(),
  session_id: text('session_id').notNull(),
  until: timestamp('until', { withTimezone: true, precision: 3, mode: 'date' }).notNull(),
});

export function leaseQueries(db: Database): LeaseTable {
  return {
    async listLeases() {
      return db
        .select({
          generator: leases.generator,
          holder: leases.holder,
          sessionId: leases.session_id,
          expired: sql<boolean>`${leases.until} < now()`,
        })
        .from(leases);
    },

    async takeLease({ generator, holder, sessionId, ttlMs, from }) {
      const until = sql`now() + ${ttlMs} * interval '1 millisecond'`;
      const rows = await db
        .insert(leases)
        .values({ generator, holder, session_id: sessionId, until })
        .onConflictDoUpdate({
          target: leases.generator,
          set: { holder, session_id: sessionId, until },
          setWhere: sql`${leases.holder} in (${holder}, ${from ?? holder})`,
        })
        .returning({ generator: leases.generator });
      return rows.length > 0;
    },

    async releaseLease({ generator, holder }) {
      await db.delete(leases).where(and(eq(leases.generator, generator), eq(leases.holder, holder)));
    },
  };
}

/** Where no other process can reach the database. */
export async function forgetLeases(db: Database): Promise<void> {
  await db.delete(leases);
}
