import type { Delivery } from '@hive/contract';
import { and, asc, eq, inArray, isNull, lt, lte, notExists, notInArray, or, sql, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database } from '../database.js';
import type { ChannelTable, UnplannedEvent } from './channel-tables.js';
import { toEvent, toIncident } from './incidents.js';
import { deliveries, incidentEvents, incidents } from './schema.js';

type DeliveryQueries = Pick<
  ChannelTable,
  'planDeliveries' | 'claimDeliveries' | 'endTry' | 'nextDeliveryAt' | 'listDeliveries'
>;

/** Of events of one moment, what comes first. */
const ORDER = sql`array_position(array['opened', 'flapping', 'failing', 'reminded', 'acknowledged', 'closed'], ${incidentEvents.type})`;

export function deliveryQueries(db: Database): DeliveryQueries {
  return {
    planDeliveries: (plan, { at, dueAt, newId, limit }) =>
      db.transaction(async (transaction) => {
        const rows = await transaction
          .select({ event: incidentEvents, incident: incidents })
          .from(incidentEvents)
          .innerJoin(incidents, eq(incidents.id, incidentEvents.incident_id))
          .where(isNull(incidentEvents.planned_at))
          .orderBy(asc(incidentEvents.at), ORDER)
          .limit(limit)
          // Whoever plans at the same time waits here, and then finds them planned.
          .for('update', { of: incidentEvents });
        for (const { event, incident } of rows) {
          const unplanned = { event: toEvent(event), incident: toIncident(incident) };
          const channels = plan({ ...unplanned, ...(await toldOf(transaction, unplanned.incident)) });
          if (channels.length === 0) continue;
          const of = { incident_id: incident.id, event_id: event.id, created_at: at };
          await transaction
            .insert(deliveries)
            .values(
              channels.map((channel) => ({
                ...of,
                id: newId(),
                channel_id: channel,
                status: 'waiting' as const,
                tries: 0,
                next_at: dueAt,
              })),
            )
            .onConflictDoNothing();
        }
        const ids = rows.map(({ event }) => event.id);
        if (ids.length > 0)
          await transaction.update(incidentEvents).set({ planned_at: at }).where(inArray(incidentEvents.id, ids));
        return ids.length;
      }),

    claimDeliveries: ({ now, leaseUntil, limit, besides = [] }) =>
      db.transaction(async (transaction) => {
        const due = await transaction
          .select({ id: deliveries.id })
          .from(deliveries)
          .where(
            and(
              eq(deliveries.status, 'waiting'),
              lte(deliveries.next_at, now),
              or(isNull(deliveries.lease_until), lte(deliveries.lease_until, now)),
              notInArray(deliveries.id, [...besides]),
              isFirst(db),
            ),
          )
          .orderBy(asc(deliveries.next_at), asc(deliveries.number))
          .limit(limit)
          .for('update', { skipLocked: true });
        const ids = due.map(({ id }) => id);
        if (ids.length === 0) return [];
        await transaction
          .update(deliveries)
          .set({ lease_until: leaseUntil, tries: sql`${deliveries.tries} + 1` })
          .where(inArray(deliveries.id, ids));
        const rows = await transaction
          .select({ delivery: deliveries, event: incidentEvents })
          .from(deliveries)
          .innerJoin(incidentEvents, eq(incidentEvents.id, deliveries.event_id))
          .where(inArray(deliveries.id, ids))
          .orderBy(asc(deliveries.number));
        return rows.map(({ delivery, event }) => ({
          delivery: toDelivery(delivery, event.type),
          event: toEvent(event),
        }));
      }),

    async endTry(id, { status, nextAt, endedAt, answer, reason }) {
      const times = { next_at: dateOf(nextAt), ended_at: dateOf(endedAt), lease_until: null };
      const isOpen = and(eq(deliveries.id, id), eq(deliveries.status, 'waiting'));
      await db
        .update(deliveries)
        .set({ status, answer, reason, ...times })
        .where(isOpen);
    },

    async nextDeliveryAt() {
      const [row] = await db
        .select({ at: sql<string | null>`min(greatest(${deliveries.next_at}, ${deliveries.lease_until}))` })
        .from(deliveries)
        .where(and(eq(deliveries.status, 'waiting'), isFirst(db)));
      return row?.at == null ? null : new Date(row.at);
    },

    async listDeliveries(incidentId) {
      if (incidentId.includes('\0')) return [];
      const rows = await db
        .select({ delivery: deliveries, type: incidentEvents.type })
        .from(deliveries)
        .innerJoin(incidentEvents, eq(incidentEvents.id, deliveries.event_id))
        .where(eq(deliveries.incident_id, incidentId))
        .orderBy(asc(deliveries.number));
      return rows.map(({ delivery, type }) => toDelivery(delivery, type));
    },
  };
}

/** Nothing about the same incident waits for the same channel before it. */
function isFirst(db: Database): SQL {
  const earlier = alias(deliveries, 'earlier');
  const before = and(
    eq(earlier.incident_id, deliveries.incident_id),
    eq(earlier.channel_id, deliveries.channel_id),
    eq(earlier.status, 'waiting'),
    lt(earlier.number, deliveries.number),
  );
  return notExists(db.select({ id: earlier.id }).from(earlier).where(before));
}

/** Who has heard of an incident, and of the one that it was opened with. */
async function toldOf(
  db: Database,
  { id, groupId }: UnplannedEvent['incident'],
): Promise<Pick<UnplannedEvent, 'told' | 'leadTold'>> {
  const rows = await db
    .selectDistinct({ incident: deliveries.incident_id, channel: deliveries.channel_id })
    .from(deliveries)
    .where(inArray(deliveries.incident_id, groupId === null ? [id] : [id, groupId]));
  const of = (incident: string | null): string[] =>
    rows.filter((row) => row.incident === incident).map(({ channel }) => channel);
  return { told: of(id), leadTold: of(groupId) };
}

const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

function toDelivery(row: typeof deliveries.$inferSelect, event: Delivery['event']): Delivery {
  return {
    id: row.id,
    incidentId: row.incident_id,
    channel: row.channel_id,
    event,
    status: row.status,
    tries: row.tries,
    createdAt: row.created_at.toISOString(),
    nextAt: row.next_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    answer: row.answer,
    reason: row.reason,
  };
}
