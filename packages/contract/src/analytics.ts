import { z } from 'zod';
import { difficultySchema, kindSchema } from './kind.js';
import { limitSchema } from './limit.js';
import { markSchema } from './mark.js';
import { outcomeSchema } from './outcome.js';
import { predictedPointSchema } from './prediction.js';
import { countsSchema, latencySchema } from './window.js';

export const summarySchema = z.object({
  session_id: z.string().nullable(),
  scenarios: z.int(),
  /** Runs that passed. */
  successes: z.int(),
  /** How many came to each outcome; those that none came to are left out. Together they are `scenarios`. */
  outcomes: z.partialRecord(outcomeSchema, z.int()),
  /** successes ÷ scenarios; null without any. */
  success_rate: z.number().nullable(),
  counts: countsSchema,
  errors: z.record(z.string(), z.int()),
  response_time_ms: latencySchema,
  service_time_ms: latencySchema,
  /** Good answers ÷ judged seconds. */
  throughput_per_second: z.number().nullable(),
});
export type MetricsSummary = z.infer<typeof summarySchema>;

const placeSchema = z.object({ session_id: z.string(), at: z.iso.datetime() });
/** The marks between two sessions, newest first. */
const marksBetween = z.array(markSchema.pick({ id: true, at: true, text: true }));

export const analyticsSchema = z.object({
  target: z.string().nullable(),
  kinds: z.array(
    z.object({
      kind: kindSchema,
      /** The limit as each of the newest sessions left it, oldest first. */
      limits: z.array(z.object({ session_id: z.string(), at: z.iso.datetime(), limit: limitSchema })),
      /** Where the limits that sessions found by themselves changed and stayed so, oldest first; empty without a target. */
      steps: z.array(
        z.object({
          /** The last session before it, and the first after it. */
          before: placeSchema,
          after: placeSchema,
          /** Limit after it ÷ limit before it. */
          ratio: z.number(),
          marks: marksBetween,
        }),
      ),
      /** Since the newest step, the last two sessions found at least 10 % less than the ten before them; null: they did not. */
      drop: z
        .object({
          /** Newest limit ÷ median of the sessions before the drop. */
          ratio: z.number(),
          /** The session that found it first. */
          since: placeSchema,
          /** Sessions in the median. */
          against: z.int(),
          marks: marksBetween,
        })
        .nullable(),
      pass_rates: z.array(z.object({ difficulty: difficultySchema, scenarios: z.int(), passed: z.int() })),
      /** Measured values by intensity, ascending; those of loads within 5 % of each other together, at their mean. */
      curve: z.array(
        z.object({
          intensity: z.number(),
          p50Ms: z.number(),
          p95Ms: z.number(),
          p99Ms: z.number(),
          throughputPerSecond: z.number(),
        }),
      ),
      /** Predictions up to the limit, from what is known now, ascending; empty without a target, and where too little is known. */
      predicted: z.array(predictedPointSchema),
    }),
  ),
  /** Limits that sessions left before this are not in `limits`; null: all are. */
  limits_since: z.iso.datetime().nullable(),
  recommendations: z.array(z.object({ text: z.string(), evidence: z.string() })),
});
export type Analytics = z.infer<typeof analyticsSchema>;
