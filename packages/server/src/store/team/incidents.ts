import { newIncidentEventId, newIncidentId, type Incident, type IncidentEvent } from '@hive/contract';
import { and, asc, desc, eq, gte, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm';
import { countFitting } from '../../answer-size.js';
import type { Database } from '../database.js';
import { instantOf } from '../paging.js';
import type { Change, IncidentTable, Watching } from './incident-tables.js';
import { incidentEvents, incidents, watches } from './schema.js';

type IncidentQueries = Pick<
  IncidentTable,
  'watch' | 'closeOfRule' | 'openKeys' | 'getIncident' | 'listIncidents' | 'listIncidentEvents' | 'noteIncident'
>;

/** What belongs to one target, and is opened within this time, is told at once. */
const TOGETHER_MS = 30_000;

export function incidentQueries(db: Database): IncidentQueries {
  return {
    watch: (watching, start, fold) =>
      db.transaction(async (transaction) => {
        const { key, ruleId, target } = watching;
        await transaction
          .insert(watches)
          .values({ key, rule_id: ruleId, target_id: target, state: start })
          .onConflictDoNothing();
        // Whoever moves it on meanwhile waits here.
        const [row] = await transaction.select().from(watches).where(eq(watches.key, key)).for('update');
        if (row === undefined) return [];
        const { state, changes } = fold(row.state);
        await transaction.update(watches).set({ state }).where(eq(watches.key, key));
        const changed = new Map<string, Incident>();
        for (const change of changes) {
          const incident = await apply(transaction, watching, change);
          if (incident !== null) changed.set(incident.id, incident);
        }
        return [...changed.values()];
      }),

    closeOfRule: (ruleId, { at, who, text }) =>
      db.transaction(async (transaction) => {
        await transaction.delete(watches).where(eq(watches.rule_id, ruleId));
        const rows = await transaction
          .update(incidents)
          .set({ closed_at: new Date(at) })
          .where(and(eq(incidents.rule_id, ruleId), isNull(incidents.closed_at)))
          .returning();
        for (const { id: incidentId } of rows) {
          const event = { id: newIncidentEventId(), incidentId, at, type: 'closed' as const, who, text };
          await addEvent(transaction, event, 'closed');
        }
        return rows.map(toIncident);
      }),

    async openKeys(prefix) {
      const begins = sql`starts_with(${incidents.key}, ${prefix})`;
      const rows = await db
        .select({ key: incidents.key })
        .from(incidents)
        .where(and(isNull(incidents.closed_at), begins));
      return rows.map(({ key }) => key);
    },

    async getIncident(id) {
      if (id.includes('\0')) return null;
      const [row] = await db.select().from(incidents).where(eq(incidents.id, id));
      return row === undefined ? null : { ...toIncident(row), machine: row.found.machine ?? null };
    },

    async listIncidents({ target, status, from, to, before, after, limit }) {
      if (target?.includes('\0')) return [];
      const rows = await db
        .select()
        .from(incidents)
        .where(
          and(
            target === undefined ? undefined : eq(incidents.target_id, target),
            status === undefined
              ? undefined
              : status === 'open'
                ? isNull(incidents.closed_at)
                : isNotNull(incidents.closed_at),
            from === undefined ? undefined : gte(incidents.opened_at, instantOf('from', from)),
            to === undefined ? undefined : lte(incidents.opened_at, instantOf('to', to)),
            before === undefined ? undefined : eq(incidents.key, await keyOf(db, before.id)),
            before === undefined ? undefined : lt(incidents.opened_at, new Date(before.openedAt)),
            after && sql`(${incidents.opened_at}, ${incidents.id}) < (${after.openedAt}::timestamptz, ${after.id})`,
          ),
        )
        .orderBy(desc(incidents.opened_at), desc(incidents.id))
        .limit(limit);
      const shown = rows.map(toIncident);
      return shown.slice(0, await countFitting(shown));
    },

    async listIncidentEvents(incidentId) {
      if (incidentId.includes('\0')) return [];
      const rows = await db
        .select()
        .from(incidentEvents)
        .where(eq(incidentEvents.incident_id, incidentId))
        .orderBy(asc(incidentEvents.at), asc(incidentEvents.id));
      return rows.map(toEvent);
    },

    noteIncident: ({ key, ...event }, set) =>
      db.transaction(async (transaction) => {
        const [row] = await transaction
          .select()
          .from(incidents)
          .where(eq(incidents.id, event.incidentId))
          .for('update');
        if (row === undefined) return null;
        if (!(await addEvent(transaction, event, key ?? event.id))) return null;
        const columns = {
          ...(set.acknowledgedAt === undefined ? {} : { acknowledged_at: dateOf(set.acknowledgedAt) }),
          ...(set.acknowledgedBy === undefined ? {} : { acknowledged_by: set.acknowledgedBy }),
          ...(set.mutedUntil === undefined ? {} : { muted_until: dateOf(set.mutedUntil) }),
          ...(set.closedAt === undefined ? {} : { closed_at: dateOf(set.closedAt) }),
        };
        if (Object.keys(columns).length === 0) return toIncident(row);
        const changed = transaction.update(incidents).set(columns).where(eq(incidents.id, row.id)).returning();
        return toIncident((await changed)[0] ?? row);
      }),
  };
}

/** Writes what became of an incident. Null: nothing did. */
async function apply(db: Database, watching: Watching, change: Change): Promise<Incident | null> {
  const at = new Date(change.at);
  const open = and(eq(incidents.key, watching.key), isNull(incidents.closed_at));
  const [known] = await db.select().from(incidents).where(open);
  if (known === undefined && change.type === 'closed') return null;
  const row = known ?? (await openIn(db, watching, change));
  if (row === undefined) return null;
  const flapping = change.type === 'flapping';
  const set = { flapping, closed_at: change.type === 'closed' ? at : null };
  const [changed = row] = await db.update(incidents).set(set).where(eq(incidents.id, row.id)).returning();
  const once = change.type === 'opened' || change.type === 'closed' ? change.type : `${change.type} ${change.at}`;
  const { type, text } = change;
  const event = { id: newIncidentEventId(), incidentId: row.id, at: change.at, type, who: null, text };
  await addEvent(db, event, once);
  return toIncident(changed);
}

/** Undefined: another server was first. */
async function openIn(
  db: Database,
  { key, ruleId, target }: Watching,
  { at, found }: Change,
): Promise<typeof incidents.$inferSelect | undefined> {
  const opened = new Date(at);
  const lead = target === null ? null : await leadOf(db, { target, opened, severity: found.severity });
  const rows = await db
    .insert(incidents)
    .values({
      id: newIncidentId(),
      key,
      rule_id: ruleId,
      target_id: target,
      opened_at: opened,
      flapping: false,
      group_id: lead,
      found,
    })
    .onConflictDoNothing()
    .returning();
  return rows[0];
}

/** The open incident of this target that was opened just now; a ticket does not speak for a page. */
async function leadOf(
  db: Database,
  { target, opened, severity }: { target: string; opened: Date; severity: Incident['severity'] },
): Promise<string | null> {
  const rows = await db
    .select()
    .from(incidents)
    .where(
      and(
        eq(incidents.target_id, target),
        isNull(incidents.closed_at),
        isNull(incidents.group_id),
        gte(incidents.opened_at, new Date(opened.getTime() - TOGETHER_MS)),
      ),
    )
    .orderBy(asc(incidents.opened_at));
  return rows.find(({ found }) => found.severity === 'page' || severity === 'ticket')?.id ?? null;
}

/** False: it was told already. */
async function addEvent(db: Database, event: IncidentEvent, key: string): Promise<boolean> {
  const { incidentId, at, ...rest } = event;
  const rows = await db
    .insert(incidentEvents)
    .values({ ...rest, incident_id: incidentId, key, at: new Date(at) })
    .onConflictDoNothing()
    .returning({ id: incidentEvents.id });
  return rows.length > 0;
}

async function keyOf(db: Database, id: string): Promise<string> {
  const [row] = await db.select({ key: incidents.key }).from(incidents).where(eq(incidents.id, id));
  return row?.key ?? '';
}

/** Removes closed incidents that were opened before that. */
export async function forgetIncidents(db: Database, before: Date): Promise<void> {
  await db.delete(incidents).where(and(lt(incidents.opened_at, before), isNotNull(incidents.closed_at)));
}

const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

export function toIncident(row: typeof incidents.$inferSelect): Incident {
  const { machine: _machine, ...found } = row.found;
  return {
    ...found,
    id: row.id,
    ruleId: row.rule_id,
    target: row.target_id,
    status: row.closed_at === null ? 'open' : 'closed',
    flapping: row.flapping,
    openedAt: row.opened_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
    acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
    acknowledgedBy: row.acknowledged_by,
    mutedUntil: row.muted_until?.toISOString() ?? null,
    groupId: row.group_id,
  };
}

export function toEvent(row: typeof incidentEvents.$inferSelect): IncidentEvent {
  const { id, incident_id, at, type, who, text } = row;
  return { id, incidentId: incident_id, at: at.toISOString(), type, who, text };
}
