import { HiveError } from '@hive/contract';
import { asc, eq, sql } from 'drizzle-orm';
import type { Database } from '../database.js';
import { apiTokenQueries } from './api-tokens.js';
import { auditQueries } from './audit.js';
import { onceQueries } from './once.js';
import { columnsOf, toUser } from './rows.js';
import { identityState, users } from './schema.js';
import { userSessionQueries } from './user-sessions.js';
import type { PeopleTable, StoredUser } from './tables.js';

const ACCOUNTS = 'accounts';
const FIRST_USER = 'first_user';

export function peopleQueries(db: Database): PeopleTable {
  return {
    async hasAccounts() {
      const rows = await db.select().from(identityState).where(eq(identityState.name, ACCOUNTS));
      return rows.length > 0;
    },
    async beginAccounts() {
      await become(db, ACCOUNTS);
    },
    createFirstUser: (user) =>
      db.transaction(async (transaction) => {
        // Of two at once, the second waits here until the first has ended.
        if (!(await become(transaction, FIRST_USER))) return false;
        await become(transaction, ACCOUNTS);
        await transaction.insert(users).values(columnsOf(user));
        return true;
      }),
    async createUser(user) {
      const rows = await db.insert(users).values(columnsOf(user)).onConflictDoNothing().returning({ id: users.id });
      if (rows.length === 0) throw taken(user.email);
    },
    async getUser(id) {
      if (id.includes('\0')) return null;
      const [row] = await db.select().from(users).where(eq(users.id, id));
      return row === undefined ? null : toUser(row);
    },
    async findUser(by) {
      const [column, value] = 'email' in by ? [users.email, by.email] : [users.subject, by.subject];
      if (value.includes('\0')) return null;
      const [row] = await db.select().from(users).where(eq(column, value));
      return row === undefined ? null : toUser(row);
    },
    async listUsers() {
      return (await db.select().from(users).orderBy(asc(users.email))).map(toUser);
    },
    updateUser: (id, change) => db.transaction((transaction) => updateIn(transaction, id, change)),
    deleteUser: (id) =>
      db.transaction(async (transaction) => {
        if (id.includes('\0')) return false;
        await keepAnAdmin(transaction, id);
        return (await transaction.delete(users).where(eq(users.id, id)).returning({ id: users.id })).length > 0;
      }),
    ...userSessionQueries(db),
    ...apiTokenQueries(db),
    ...auditQueries(db),
    ...onceQueries(db),
  };
}

async function updateIn(
  db: Database,
  id: string,
  change: Parameters<PeopleTable['updateUser']>[1],
): Promise<StoredUser | null> {
  const before = id.includes('\0') ? [] : await db.select().from(users).where(eq(users.id, id)).for('update');
  if (before[0] === undefined) return null;
  const after = { ...toUser(before[0]), ...change };
  if (after.role !== 'admin') await keepAnAdmin(db, id);
  if (after.email !== before[0].email) {
    const other = await db.select({ id: users.id }).from(users).where(eq(users.email, after.email));
    if (other.length > 0) throw taken(after.email);
  }
  await db.update(users).set(columnsOf(after)).where(eq(users.id, id));
  return after;
}

/** True when it was not so before. */
async function become(db: Database, name: string): Promise<boolean> {
  const rows = await db
    .insert(identityState)
    .values({ name })
    .onConflictDoNothing()
    .returning({ name: identityState.name });
  return rows.length > 0;
}

/** Of two who would remove each other's role at once, the second waits here. @throws HiveError `conflict` when no other admin is left. */
async function keepAnAdmin(db: Database, without: string): Promise<void> {
  await db.execute(sql`lock table identity_state in share row exclusive mode`);
  const admins = await db.select({ id: users.id }).from(users).where(eq(users.role, 'admin'));
  if (admins.length > 1 || admins[0]?.id !== without) return;
  throw new HiveError('conflict', 'this is the last admin: without one nobody could add another', {
    hint: 'make someone else an admin first',
  });
}

function taken(email: string): HiveError {
  return new HiveError('conflict', `someone with the e-mail address ${email} has an account already`, {
    hint: 'see GET /api/users',
  });
}
