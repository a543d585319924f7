import { HiveError, type SessionRow } from '@hive/contract';
import { and, desc, eq, gte, inArray, lte, sql } from 'drizzle-orm';
import type { Database } from './database.js';
import { interrupt } from './interrupted.js';
import { instantOf, olderThan, toPage } from './paging.js';
import { modeOf, toSessionInsert, toSessionRow } from './rows.js';
import { trainingSessions as sessions } from './schema.js';
import type { Store } from './store.js';

type SessionQueries = Pick<
  Store,
  | 'createSession'
  | 'updateSession'
  | 'getSession'
  | 'listSessions'
  | 'listRunning'
  | 'interruptSessions'
  | 'listSessionLimits'
>;

export function sessionQueries(db: Database, now: () => Date): SessionQueries {
  return {
    async createSession(session) {
      await db.insert(sessions).values(toSessionInsert(session));
    },

    async updateSession(session) {
      const rows = await db
        .update(sessions)
        .set(changeable(session))
        .where(eq(sessions.id, session.id))
        .returning({ id: sessions.id });
      if (rows.length === 0) throw new HiveError('not_found', `there is no session with the id '${session.id}'`);
    },

    async getSession(id) {
      if (id.includes('\0')) return null;
      const [row] = await db.select().from(sessions).where(eq(sessions.id, id));
      return row === undefined ? null : toSessionRow(row);
    },

    async listSessions({ target, targets, labels, after, limit }) {
      const rows = await db
        .select()
        .from(sessions)
        .where(
          and(
            target === undefined ? undefined : eq(sessions.target_id, target),
            targets && inArray(sessions.target_id, [...targets]),
            labels === undefined ? undefined : sql`${sessions.labels} @> ${JSON.stringify(labels)}::jsonb`,
            olderThan(after, sessions.started_at, sessions.id),
          ),
        )
        .orderBy(desc(sessions.started_at), desc(sessions.id))
        .limit(limit + 1);
      return toPage(rows, limit, { place: (row) => ({ at: row.started_at, id: row.id }), show: toSessionRow });
    },

    async listRunning() {
      const rows = await db.select({ id: sessions.id }).from(sessions).where(eq(sessions.status, 'running'));
      return rows.map(({ id }) => id);
    },

    async interruptSessions(ids, reason) {
      const interrupted: SessionRow[] = [];
      for (const id of ids) {
        const [session] = await db.select().from(sessions).where(eq(sessions.id, id));
        const marked = session === undefined ? null : await interrupt(db, { session, reason, now: now() });
        if (marked !== null) interrupted.push(toSessionRow(marked));
      }
      return interrupted;
    },

    async listSessionLimits({ target, targets, from, to, limit }) {
      const left = sql<Date>`coalesce(${sessions.ended_at}, ${sessions.started_at})`.mapWith(sessions.started_at);
      const rows = await db
        .select({ id: sessions.id, mode: sessions.mode, at: left, limits: sessions.limits })
        .from(sessions)
        .where(
          and(
            target === undefined ? undefined : eq(sessions.target_id, target),
            targets && inArray(sessions.target_id, [...targets]),
            from === undefined ? undefined : gte(left, instantOf('from', from)),
            to === undefined ? undefined : lte(left, instantOf('to', to)),
            sql`jsonb_array_length(${sessions.limits}) > 0`,
          ),
        )
        .orderBy(desc(left), desc(sessions.id))
        .limit(limit);
      return rows
        .toReversed()
        .map((row) => ({ sessionId: row.id, mode: modeOf(row), at: row.at.toISOString(), limits: row.limits }));
    },
  };
}

function changeable(session: SessionRow): Partial<ReturnType<typeof toSessionInsert>> {
  const { id: _id, started_at: _startedAt, target_id: _targetId, ...rest } = toSessionInsert(session);
  return rest;
}
