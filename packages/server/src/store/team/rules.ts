import type { Maintenance, Rule } from '@hive/contract';
import { asc, desc, eq, gt } from 'drizzle-orm';
import type { Database } from '../database.js';
import { instantOf } from '../paging.js';
import type { IncidentTable } from './incident-tables.js';
import { maintenance, rules } from './schema.js';

type RuleQueries = Pick<
  IncidentTable,
  | 'createRule'
  | 'replaceRule'
  | 'listRules'
  | 'deleteRule'
  | 'createMaintenance'
  | 'listMaintenance'
  | 'deleteMaintenance'
>;

export function ruleQueries(db: Database): RuleQueries {
  return {
    async createRule({ id, createdAt, target, ...rule }) {
      await db.insert(rules).values({ id, created_at: new Date(createdAt), target_id: target, rule });
    },
    async replaceRule({ id, createdAt: _createdAt, target, ...rule }) {
      const changed = db.update(rules).set({ target_id: target, rule });
      return (await changed.where(eq(rules.id, id)).returning({ id: rules.id })).length > 0;
    },
    async listRules() {
      const rows = await db.select().from(rules).orderBy(asc(rules.created_at), asc(rules.id));
      return rows.map(({ id, created_at, target_id, rule }): Rule => ({
        id,
        createdAt: created_at.toISOString(),
        target: target_id,
        ...rule,
        // Rules of earlier versions have none.
        routes: rule.routes ?? [],
      }));
    },
    async deleteRule(id) {
      if (id.includes('\0')) return false;
      return (await db.delete(rules).where(eq(rules.id, id)).returning({ id: rules.id })).length > 0;
    },

    async createMaintenance({ id, target, from, to, reason }) {
      const times = { from: instantOf('from', from), to: instantOf('to', to) };
      await db.insert(maintenance).values({ id, target_id: target, ...times, reason });
    },
    async listMaintenance({ endedAfter, limit }) {
      const rows = await db
        .select()
        .from(maintenance)
        .where(endedAfter === undefined ? undefined : gt(maintenance.to, instantOf('endedAfter', endedAfter)))
        .orderBy(desc(maintenance.from), desc(maintenance.id))
        .limit(limit);
      return rows.map(({ target_id, from, to, ...rest }): Maintenance => ({
        ...rest,
        target: target_id,
        from: from.toISOString(),
        to: to.toISOString(),
      }));
    },
    async deleteMaintenance(id) {
      if (id.includes('\0')) return false;
      const gone = db.delete(maintenance).where(eq(maintenance.id, id)).returning({ id: maintenance.id });
      return (await gone).length > 0;
    },
  };
}
