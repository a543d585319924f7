import { z } from 'zod';
import { instant, limitQuery } from './route-inputs.js';

/**
 * What a check found. `degraded`: it answers, and misses an objective or has a certificate that ends soon. `under_load`: Hive itself loads the
 * target, so it says nothing. `invalid`: it could not be asked.
 */
export const CHECK_RESULTS = ['pass', 'degraded', 'fail', 'under_load', 'invalid'] as const;
export type CheckResult = (typeof CHECK_RESULTS)[number];

export const serviceCheckSchema = z.object({
  id: z.string(),
  target: z.string(),
  scheduleId: z.string().nullable(),
  at: z.iso.datetime(),
  result: z.enum(CHECK_RESULTS),
  reason: z.string().nullable(),
  /** Requests of the last attempt, and those with an acceptable answer. */
  asked: z.int().nonnegative(),
  good: z.int().nonnegative(),
  /** Median of the answered, ms; null: none was. */
  medianMs: z.number().nullable(),
  slowestMs: z.number().nullable(),
  /** Three at most: an attempt that found it down is repeated after 20 and 40 s. */
  attempts: z.int().positive(),
  /** What went wrong in the last attempt, by node and request; absent: nothing did, or it was checked by an earlier Hive. */
  problems: z
    .array(
      z.object({
        node: z.string(),
        request: z.string(),
        problem: z.string(),
        count: z.int().positive(),
        /** Seen from there; absent: from the machine that Hive runs on. */
        region: z.string().optional(),
      }),
    )
    .optional(),
  /** What each region saw; absent: the machine that Hive runs on asked. */
  byRegion: z
    .record(
      z.string(),
      z.object({
        asked: z.int().nonnegative(),
        good: z.int().nonnegative(),
        medianMs: z.number().nullable(),
        slowestMs: z.number().nullable(),
        /** Why it could not ask; absent: it could. */
        reason: z.string().optional(),
      }),
    )
    .optional(),
  /** For each objective that counts requests: how many it is about, and how many missed it. */
  objectives: z.array(z.object({ expression: z.string(), asked: z.int(), missed: z.int() })),
  /** Days until the certificate ends that ends first; null: no https, or it could not be read. */
  certificateDays: z.int().nullable(),
});
/** A few requests that say whether a target is there. It is no measurement. */
export type ServiceCheck = z.infer<typeof serviceCheckSchema>;

const counts = z.object(
  Object.fromEntries(CHECK_RESULTS.map((result) => [result, z.int()])) as Record<CheckResult, z.ZodInt>,
);

export const checkHistorySchema = z.object({
  /** The newest first. */
  checks: z.array(serviceCheckSchema),
  /** Each UTC day that has checks, oldest first. */
  days: z.array(z.object({ day: z.iso.date(), counts })),
  /** Share of usable checks that did not fail in the last 30 days; null: none was usable. What ran under load does not count. */
  uptime: z.number().nullable(),
  /** What may still fail in 30 days; null: its objectives allow no certain share of errors, or nothing usable was checked. */
  budget: z
    .object({
      /** The objective that allows it: the strictest about errors of all requests, such as `rate<0.01`. */
      objective: z.string(),
      allowedShare: z.number(),
      /** Of what it allows in 30 days; below 0: more failed. */
      leftShare: z.number(),
      /** How fast it was spent in the last 6 hours: 1 spends just all of it in 30 days; null: no check was usable then. */
      burnRate: z.number().nullable(),
    })
    .nullable(),
});
export type CheckHistory = z.infer<typeof checkHistorySchema>;

export const checksQuery = z.object({
  /** Default: the practice target, else the only one there is. */
  target: z.string().optional(),
  /** Both inclusive. */
  from: instant.optional(),
  to: instant.optional(),
  limit: limitQuery(100, 1_000),
});

/** Id of a check. */
export function newCheckId(): string {
  return `chk_${crypto.randomUUID()}`;
}
