import { z } from 'zod';
import { INCIDENT_EVENTS } from './incident-event.js';

export const DELIVERY_STATUSES = ['waiting', 'sent', 'failed', 'skipped'] as const;

export const deliverySchema = z.object({
  id: z.string(),
  incidentId: z.string(),
  /** The id of the channel, which may have been deleted since. */
  channel: z.string(),
  event: z.enum(INCIDENT_EVENTS),
  /** `waiting`: it is being sent, or tried again at `nextAt`. `skipped`: it was muted, acknowledged or turned off before it was sent. */
  status: z.enum(DELIVERY_STATUSES),
  tries: z.int(),
  createdAt: z.iso.datetime(),
  nextAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  /** What the last try was answered with; null: not at all. */
  answer: z.int().nullable(),
  /** Why it was not sent, or not yet. */
  reason: z.string().nullable(),
});
/** One message to one channel about one event of an incident. */
export type Delivery = z.infer<typeof deliverySchema>;

/** Id of a delivery. */
export function newDeliveryId(): string {
  return `dlv_${crypto.randomUUID()}`;
}
