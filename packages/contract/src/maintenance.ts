import { z } from 'zod';
import { instant } from './route-inputs.js';
import { CHECK_RESULTS } from './service-check.js';

/** So long at most nothing opens. */
export const MOST_MAINTENANCE_DAYS = 31;

export const maintenanceInputSchema = z
  .strictObject({
    /** Absent: every target. */
    target: z.string().min(1).max(100).optional(),
    /** Default: now. */
    from: instant.optional(),
    to: instant,
    reason: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .regex(/^\P{Cc}*$/u, 'must not contain line breaks or other control characters'),
  })
  .refine(({ from, to }) => from === undefined || Date.parse(to) > Date.parse(from), {
    path: ['to'],
    error: 'must be after from',
  })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from ?? to) <= MOST_MAINTENANCE_DAYS * 86_400_000, {
    path: ['to'],
    error: `must be at most ${MOST_MAINTENANCE_DAYS} days after from`,
  });
export type MaintenanceInput = z.input<typeof maintenanceInputSchema>;

export const maintenanceSchema = z.object({
  id: z.string(),
  /** Null: every target. */
  target: z.string().nullable(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  reason: z.string(),
});
/** A time in which nothing opens. */
export type Maintenance = z.infer<typeof maintenanceSchema>;

const result = z.enum(CHECK_RESULTS).nullable();
/** `before` and `after`: the last usable check of its target before it, and the first one after it; null: none yet, or it is of every target. */
export const shownMaintenanceSchema = maintenanceSchema.extend({ before: result, after: result });
export type ShownMaintenance = z.infer<typeof shownMaintenanceSchema>;

/** Whether something of a target lies in one of these times. */
export function inMaintenance(windows: readonly Maintenance[], target: string | null, at: string): Maintenance | null {
  const ms = Date.parse(at);
  const fits = (one: Maintenance): boolean =>
    (one.target === null || one.target === target) && Date.parse(one.from) <= ms && ms < Date.parse(one.to);
  return windows.find(fits) ?? null;
}

/** Id of a time of maintenance. */
export function newMaintenanceId(): string {
  return `mnt_${crypto.randomUUID()}`;
}
