import { and, desc, eq, ne } from 'drizzle-orm';
import type { Database } from '../database.js';
import { toUser } from './rows.js';
import { users, userSessions } from './schema.js';
import type { PeopleTable, StoredUserSession } from './tables.js';

type SessionQueries = Pick<
  PeopleTable,
  'createUserSession' | 'findUserSession' | 'touchUserSession' | 'listUserSessions' | 'endUserSessions'
>;

export function userSessionQueries(db: Database): SessionQueries {
  return {
    async createUserSession(session) {
      await db.insert(userSessions).values({
        id: session.id,
        user_id: session.userId,
        secret_hash: session.secretHash,
        created_at: session.createdAt,
        last_seen_at: session.lastSeenAt,
        expires_at: session.expiresAt,
        ends_at: session.endsAt,
        from_address: session.from,
        agent: session.agent,
      });
    },
    async findUserSession(id) {
      if (id.includes('\0')) return null;
      const [row] = await db
        .select()
        .from(userSessions)
        .innerJoin(users, eq(users.id, userSessions.user_id))
        .where(eq(userSessions.id, id));
      return row === undefined ? null : { session: toSession(row.user_sessions), user: toUser(row.users) };
    },
    async touchUserSession(id, { seen, expires }) {
      const rows = await db
        .update(userSessions)
        .set({ last_seen_at: seen, expires_at: expires })
        .where(eq(userSessions.id, id))
        .returning({ user: userSessions.user_id });
      const user = rows[0]?.user;
      if (user !== undefined) await db.update(users).set({ last_seen_at: seen }).where(eq(users.id, user));
    },
    async listUserSessions(userId) {
      if (userId.includes('\0')) return [];
      const rows = await db
        .select()
        .from(userSessions)
        .where(eq(userSessions.user_id, userId))
        .orderBy(desc(userSessions.last_seen_at), desc(userSessions.id));
      return rows.map(toSession);
    },
    async endUserSessions(userId, which) {
      const one = 'id' in which ? which.id : which.allBut;
      if (userId.includes('\0') || one?.includes('\0') === true) return 0;
      const chosen =
        'id' in which
          ? eq(userSessions.id, which.id)
          : which.allBut === null
            ? undefined
            : ne(userSessions.id, which.allBut);
      const rows = await db
        .delete(userSessions)
        .where(and(eq(userSessions.user_id, userId), chosen))
        .returning({ id: userSessions.id });
      return rows.length;
    },
  };
}

function toSession(row: typeof userSessions.$inferSelect): StoredUserSession {
  return {
    id: row.id,
    userId: row.user_id,
    secretHash: row.secret_hash,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
    endsAt: row.ends_at,
    from: row.from_address,
    agent: row.agent,
  };
}
