import { z } from 'zod';
import { instant, limitQuery } from './route-inputs.js';

export const AUDIT_OUTCOMES = ['done', 'refused', 'failed'] as const;
const outcomeSchema = z.enum(AUDIT_OUTCOMES);

export const auditEntrySchema = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  /** Who it was: an id, and how others read it. */
  who: z.string(),
  name: z.string(),
  /** What they did, such as `startTraining`; `request` is one of somebody who is not known. */
  action: z.string(),
  /** On what: an id, or what else says it; null: on nothing of its own. */
  on: z.string().nullable(),
  /** The address that it came from; null: from Hive itself. */
  from: z.string().nullable(),
  outcome: outcomeSchema,
  /** Why it was refused or failed; null: it was done. */
  reason: z.string().nullable(),
});
/** Something that somebody did, or was not allowed to do. */
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const auditQuery = z.object({
  who: z.string().optional(),
  action: z.string().optional(),
  outcome: outcomeSchema.optional(),
  /** Both inclusive. */
  from: instant.optional(),
  to: instant.optional(),
  after: z.string().optional(),
  limit: limitQuery(100, 500),
  /** A file with all that fit. */
  format: z.enum(['csv']).optional(),
});
