import { eq } from 'drizzle-orm';
import type { Database } from './database.js';
import { targets } from './schema.js';
import type { Store } from './store.js';

type TargetQueries = Pick<Store, 'saveTarget' | 'getTarget' | 'listTargets' | 'deleteTarget'>;

export function targetQueries(db: Database, now: () => Date): TargetQueries {
  return {
    async saveTarget(target) {
      await db
        .insert(targets)
        .values({ id: target.id, created_at: now(), target })
        .onConflictDoUpdate({ target: targets.id, set: { target } });
    },

    async getTarget(id) {
      if (id.includes('\0')) return null;
      const [row] = await db.select().from(targets).where(eq(targets.id, id));
      return row?.target ?? null;
    },

    async listTargets() {
      const rows = await db.select().from(targets).orderBy(targets.created_at, targets.id);
      return rows.map((row) => row.target);
    },

    async deleteTarget(id) {
      if (id.includes('\0')) return false;
      const rows = await db.delete(targets).where(eq(targets.id, id)).returning({ id: targets.id });
      return rows.length > 0;
    },
  };
}
