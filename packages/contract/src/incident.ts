import { z } from 'zod';
import { deliverySchema } from './delivery.js';
import { incidentEventSchema } from './incident-event.js';
import { markSchema } from './mark.js';
import { instant, limitQuery } from './route-inputs.js';
import { SEVERITIES } from './severity.js';
import { CHECK_RESULTS, serviceCheckSchema } from './service-check.js';

export const incidentSchema = z.object({
  id: z.string(),
  /** Null: Hive's own, or its rule was deleted. */
  ruleId: z.string().nullable(),
  /** The name of the rule. */
  rule: z.string(),
  /** Null: it is about Hive itself. */
  target: z.string().nullable(),
  severity: z.enum(SEVERITIES),
  status: z.enum(['open', 'closed']),
  /** It comes and goes: nothing more is said until it is steady, or fails three times in a row. */
  flapping: z.boolean(),
  openedAt: z.iso.datetime(),
  /** When what it is about began: the start of the first bad check, or the end of the session. */
  since: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable(),
  /** What was found, in words. */
  summary: z.string(),
  /** What was seen, and what is allowed, each with its unit; null: it is no figure. */
  observed: z.string().nullable(),
  allowed: z.string().nullable(),
  /** How far to trust it. */
  trust: z.string().nullable(),
  acknowledgedAt: z.iso.datetime().nullable(),
  acknowledgedBy: z.string().nullable(),
  mutedUntil: z.iso.datetime().nullable(),
  /** The incident of the same target that it was opened with, within 30 s: one message tells both. */
  groupId: z.string().nullable(),
  /** Of its target and its rule. */
  labels: z.record(z.string(), z.string()),
});
/** Something that a rule found, from its opening to its end. */
export type Incident = z.infer<typeof incidentSchema>;

const seenTargetSchema = z.object({ target: z.string(), at: z.iso.datetime(), result: z.enum(CHECK_RESULTS) });
const sessionBetweenSchema = z.object({
  id: z.string(),
  mode: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  status: z.string(),
});

export const incidentDetailSchema = z.object({
  incident: incidentSchema,
  /** Oldest first. */
  events: z.array(incidentEventSchema),
  /** The newest check of every other target, up to five minutes after it began: is it the target, or is it Hive? */
  others: z.array(seenTargetSchema),
  /** Hive's own machine when it was opened; null: not recorded. */
  machine: z.object({ loadPerCore: z.number(), cores: z.int() }).nullable(),
  /** Checks from an hour before it began to an hour after, oldest first. */
  checks: z.array(serviceCheckSchema),
  /** The last check that passed before it began, and the first that did not. */
  lastGood: serviceCheckSchema.nullable(),
  firstBad: serviceCheckSchema.nullable(),
  /** Marks and sessions of its target from an hour before it began to its end. */
  marks: z.array(markSchema),
  sessions: z.array(sessionBetweenSchema),
  /** Earlier incidents of its rule and target, the newest first. */
  earlier: z.array(incidentSchema),
  /** Opened with it. */
  together: z.array(incidentSchema),
  runbook: z.string().nullable(),
  /** Messages about it, oldest first: also those that could not be sent. */
  deliveries: z.array(deliverySchema),
  /** What checks its target; null: nothing does. */
  scheduleId: z.string().nullable(),
});
/** What one needs to know of an incident at night. */
export type IncidentDetail = z.infer<typeof incidentDetailSchema>;

export const incidentsQuery = z.object({
  target: z.string().optional(),
  status: z.enum(['open', 'closed']).optional(),
  /** Of their opening; both inclusive. */
  from: instant.optional(),
  to: instant.optional(),
  limit: limitQuery(50, 500),
});

const text = z.string().trim().min(1).max(4_000);
export const acknowledgeSchema = z.strictObject({ note: text.optional() });
export const noteSchema = z.strictObject({ text });
/** 0: says things again. */
export const muteSchema = z.strictObject({ minutes: z.int().min(0).max(44_640).default(60) });

/** Id of an incident. */
export function newIncidentId(): string {
  return `inc_${crypto.randomUUID()}`;
}
