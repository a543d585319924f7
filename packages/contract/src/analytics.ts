import { z } from 'zod';
import { difficultySchema, kindSchema } from './kind.js';
import { limitSchema } from './limit.js';
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

export const analyticsSchema = z.object({
  target: z.string().nullable(),
  kinds: z.array(
    z.object({
      kind: kindSchema,
      /** The limit as each session left it, oldest first. */
      limits: z.array(z.object({ session_id: z.string(), at: z.iso.datetime(), limit: limitSchema })),
      pass_rates: z.array(z.object({ difficulty: difficultySchema, scenarios: z.int(), passed: z.int() })),
      /** Measured values at each tried intensity, ascending. */
      curve: z.array(
        z.object({
          intensity: z.number(),
          p50Ms: z.number(),
          p95Ms: z.number(),
          p99Ms: z.number(),
          throughputPerSecond: z.number(),
        }),
      ),
      /** Predictions up to the limit, ascending; empty without a target, and where too little is known. */
      predicted: z.array(predictedPointSchema),
    }),
  ),
  recommendations: z.array(z.object({ text: z.string(), evidence: z.string() })),
});
export type Analytics = z.infer<typeof analyticsSchema>;
