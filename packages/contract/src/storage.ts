import { z } from 'zod';

/** How long each store of results is kept, days, until someone sets it; null: without end. */
export const KEEP_DAYS = {
  seconds: 30,
  minutes: 395,
  runs: null,
  sessions: null,
  checks: 14,
  check_hours: 395,
} as const;
/** Stores whose time can be set. */
export const SETTABLE_STORES = [
  'seconds',
  'minutes',
  'runs',
  'sessions',
  'checks',
  'check_hours',
] as const satisfies (keyof typeof KEEP_DAYS)[];
export type SettableStore = (typeof SETTABLE_STORES)[number];
export const STORES = [...SETTABLE_STORES, 'targets'] as const;
export type StoreName = (typeof STORES)[number];

const DAYS = 'write a whole number of days from 1 to 36500, or null to keep it without end';
const keepDaysSchema = z.int(DAYS).min(1, DAYS).max(36_500, DAYS).nullable();

export const storageSchema = z.object({
  stores: z.array(
    z.object({
      /** `seconds`: windows and their values; `minutes`: the same, merged; `check_hours`: checks counted by hour; `runs`, `sessions` and `targets` as they were told. */
      name: z.enum(STORES),
      bytes: z.int().nonnegative(),
      /** About as many: large tables are not counted one by one. */
      rows: z.int().nonnegative(),
      /** Null: empty. */
      oldest: z.iso.datetime().nullable(),
      keepDays: keepDaysSchema,
    }),
  ),
});
/** What is stored, and for how long. */
export type Storage = z.infer<typeof storageSchema>;

export const keepDaysInputSchema = z.strictObject({
  keepDays: z.partialRecord(z.enum(SETTABLE_STORES), keepDaysSchema),
});
