import { asc, eq } from 'drizzle-orm';
import type { Database } from '../database.js';
import { toUser } from './rows.js';
import { apiTokens, users } from './schema.js';
import type { ApiTokenTable, StoredApiToken } from './tables.js';

export function apiTokenQueries(db: Database): ApiTokenTable {
  return {
    async createApiToken(token) {
      await db.insert(apiTokens).values({
        id: token.id,
        secret_hash: token.secretHash,
        name: token.name,
        role: token.role,
        targets: token.targets,
        maker_id: token.makerId,
        created_at: token.createdAt,
        expires_at: token.expiresAt,
        last_seen_at: token.lastSeenAt,
      });
    },
    async findApiToken(id) {
      if (id.includes('\0')) return null;
      const [row] = await db
        .select()
        .from(apiTokens)
        .leftJoin(users, eq(users.id, apiTokens.maker_id))
        .where(eq(apiTokens.id, id));
      if (row === undefined) return null;
      return { token: toToken(row.api_tokens), maker: row.users === null ? null : toUser(row.users) };
    },
    async listApiTokens() {
      const rows = await db
        .select()
        .from(apiTokens)
        .leftJoin(users, eq(users.id, apiTokens.maker_id))
        .orderBy(asc(apiTokens.created_at), asc(apiTokens.id));
      return rows.map((row) => ({
        token: toToken(row.api_tokens),
        maker: row.users === null ? null : toUser(row.users),
      }));
    },
    async touchApiToken(id, at) {
      await db.update(apiTokens).set({ last_seen_at: at }).where(eq(apiTokens.id, id));
    },
    async deleteApiToken(id) {
      if (id.includes('\0')) return false;
      return (await db.delete(apiTokens).where(eq(apiTokens.id, id)).returning({ id: apiTokens.id })).length > 0;
    },
  };
}

function toToken(row: typeof apiTokens.$inferSelect): StoredApiToken {
  return {
    id: row.id,
    secretHash: row.secret_hash,
    name: row.name,
    role: row.role,
    targets: row.targets,
    makerId: row.maker_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastSeenAt: row.last_seen_at,
  };
}
