import type { users } from './schema.js';
import type { StoredUser } from './tables.js';

export function columnsOf(user: StoredUser): typeof users.$inferInsert {
  return {
    id: user.id,
    created_at: user.createdAt,
    email: user.email,
    name: user.name,
    role: user.role,
    targets: user.targets,
    password_hash: user.passwordHash,
    subject: user.subject,
    last_seen_at: user.lastSeenAt,
  };
}

export function toUser(row: typeof users.$inferSelect): StoredUser {
  return {
    id: row.id,
    createdAt: row.created_at,
    email: row.email,
    name: row.name,
    role: row.role,
    targets: row.targets,
    passwordHash: row.password_hash,
    subject: row.subject,
    lastSeenAt: row.last_seen_at,
  };
}
