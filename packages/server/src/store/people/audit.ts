import type { AuditEntry } from '@hive/contract';
import { and, desc, eq, gte, lte } from 'drizzle-orm';
import type { Database } from '../database.js';
import { instantOf, olderThan, toPage } from '../paging.js';
import { audit } from './schema.js';
import type { AuditTable } from './tables.js';

export function auditQueries(db: Database): AuditTable {
  return {
    async addAudit({ at, on, from, ...entry }) {
      await db.insert(audit).values({ ...entry, at: new Date(at), on_what: on, from_address: from });
    },
    async listAudit({ who, action, outcome, from, to, after, limit }) {
      const rows = await db
        .select()
        .from(audit)
        .where(
          and(
            who === undefined ? undefined : eq(audit.who, who),
            action === undefined ? undefined : eq(audit.action, action),
            outcome === undefined ? undefined : eq(audit.outcome, outcome),
            from === undefined ? undefined : gte(audit.at, instantOf('from', from)),
            to === undefined ? undefined : lte(audit.at, instantOf('to', to)),
            olderThan(after, audit.at, audit.id),
          ),
        )
        .orderBy(desc(audit.at), desc(audit.id))
        .limit(limit + 1);
      return toPage(rows, limit, { place: (row) => ({ at: row.at, id: row.id }), show: toEntry });
    },
  };
}

function toEntry({ at, on_what, from_address, ...row }: typeof audit.$inferSelect): AuditEntry {
  return { ...row, at: at.toISOString(), on: on_what, from: from_address };
}
