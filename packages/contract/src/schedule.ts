import { z } from 'zod';
import { askedKindsSchema, kindSchema } from './kind.js';
import { parseDuration } from './objective.js';
import { askedRegionsSchema } from './fleet.js';
import { sendingFields } from './route-inputs.js';
import { CHECK_RESULTS } from './service-check.js';

/** A check costs a target five requests; everything else costs more. */
const LEAST_CHECK_MS = 5_000;
const LEAST_MS = 60_000;
const MOST_MS = 31 * 86_400_000;
const CRON_FIELDS = /^\S+(?: \S+){4,5}$/;
const WHEN =
  "write 'every 15m' (from every 1m, a check from every 5s, to every 744h), or five fields of cron such as '0 3 * * *' for 3 o'clock";

/** What of `every 15m` passes between two times, ms; null: it is written as cron. */
export function everyMs(when: string): number | null {
  const written = /^every\s+(\S+)$/i.exec(when.trim())?.[1];
  return written === undefined ? null : parseDuration(written);
}

/** The server reads the fields of cron; here they are counted. */
const whenSchema = z
  .string()
  .trim()
  .max(100)
  .refine((text) => {
    try {
      const ms = everyMs(text);
      return ms === null ? CRON_FIELDS.test(text) : ms >= LEAST_CHECK_MS && ms <= MOST_MS;
    } catch {
      return false;
    }
  }, WHEN);

const timeZoneSchema = z
  .string()
  .max(100)
  .refine((name) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: name }).format() !== '';
    } catch {
      return false;
    }
  }, 'write a time zone such as Europe/Berlin, or UTC');

/** What a schedule does each time. `kinds`: as they are written, or as they are kept. */
const scheduledOf = <Kinds extends z.ZodType>(kinds: Kinds) =>
  z.discriminatedUnion('type', [
    /** From load generators: one of each region asks. */
    z.strictObject({ type: z.literal('check'), regions: askedRegionsSchema.optional() }),
    z.strictObject({
      type: z.literal('train'),
      kinds: kinds.optional(),
      budgetSeconds: z.number().min(5).max(86_400).optional(),
      ...sendingFields,
    }),
    z.strictObject({
      type: z.literal('verify'),
      atPerSecond: z.number().positive().max(1e9),
      forSeconds: z.number().min(1).max(3_600).default(60),
      ...sendingFields,
    }),
    /** One run of a kind; without an intensity, at the safe one. */
    z.strictObject({
      type: z.literal('run'),
      kind: kindSchema.optional(),
      intensity: z.number().positive().optional(),
      ...sendingFields,
    }),
  ]);
const scheduledSchema = scheduledOf(z.array(kindSchema));

export const scheduleInputSchema = z
  .strictObject({
    target: z.string().min(1).max(100),
    what: scheduledOf(askedKindsSchema),
    when: whenSchema,
    /** Of cron. Default: UTC. */
    timeZone: timeZoneSchema.default('UTC'),
    on: z.boolean().default(true),
  })
  .refine(({ what, when }) => what.type === 'check' || (everyMs(when) ?? LEAST_MS) >= LEAST_MS, {
    path: ['when'],
    error: 'only a check may come more often than every 1m',
  });
export type ScheduleInput = z.input<typeof scheduleInputSchema>;

/** How one time of a schedule ended; `running`: not yet. */
export const SCHEDULED_RESULTS = [...CHECK_RESULTS, 'skipped', 'interrupted', 'running'] as const;
export type ScheduledResult = (typeof SCHEDULED_RESULTS)[number];

export const scheduledRunSchema = z.object({
  id: z.string(),
  scheduleId: z.string(),
  /** When it was its turn. */
  dueAt: z.iso.datetime(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  result: z.enum(SCHEDULED_RESULTS),
  reason: z.string().nullable(),
  sessionId: z.string().nullable(),
  checkId: z.string().nullable(),
});
/** One time of a schedule. */
export type ScheduledRun = z.infer<typeof scheduledRunSchema>;

export const scheduleSchema = z.object({
  id: z.string(),
  createdAt: z.iso.datetime(),
  target: z.string(),
  what: scheduledSchema,
  when: z.string(),
  timeZone: z.string(),
  on: z.boolean(),
  /** Null: it is off, or its time never comes again. */
  nextAt: z.iso.datetime().nullable(),
});
/** Something that Hive does again and again. */
export type Schedule = z.infer<typeof scheduleSchema>;

/** `stale`: two of its times have passed without a result. */
export const shownScheduleSchema = scheduleSchema.extend({ last: scheduledRunSchema.nullable(), stale: z.boolean() });
export type ShownSchedule = z.infer<typeof shownScheduleSchema>;

/** Id of a schedule. */
export function newScheduleId(): string {
  return `sch_${crypto.randomUUID()}`;
}

/** Id of one time of a schedule. */
export function newScheduledRunId(): string {
  return `scr_${crypto.randomUUID()}`;
}
