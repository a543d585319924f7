import { z } from 'zod';

export const INCIDENT_EVENTS = [
  'opened',
  'flapping',
  /** It flapped, and has failed three times in a row. */
  'failing',
  'reminded',
  'acknowledged',
  'note',
  'muted',
  'unmuted',
  'closed',
] as const;
export type IncidentEventType = (typeof INCIDENT_EVENTS)[number];

export const incidentEventSchema = z.object({
  id: z.string(),
  incidentId: z.string(),
  at: z.iso.datetime(),
  type: z.enum(INCIDENT_EVENTS),
  /** Null: Hive itself. */
  who: z.string().nullable(),
  text: z.string().nullable(),
});
/** What happened to an incident. */
export type IncidentEvent = z.infer<typeof incidentEventSchema>;

/** Id of an event of an incident. */
export function newIncidentEventId(): string {
  return `ine_${crypto.randomUUID()}`;
}
