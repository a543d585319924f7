import { z } from 'zod';
import { kindSchema } from './kind.js';

export const plannedKindSchema = z.object({
  kind: kindSchema,
  /** How long it usually takes, s. */
  seconds: z.number(),
  /** How many requests it sends in that time. */
  requests: z.number(),
  /** The highest intensity that it tries, in `unit`. */
  highest: z.number(),
  unit: z.string(),
  /** How long it sends more than the target can take, s. */
  secondsAboveLimit: z.number(),
  /** How many requests fail on purpose. */
  expectedFailures: z.number(),
  /** The limit is not measured yet: requests, highest and failures are at most these, whatever the target can take. */
  atMost: z.boolean(),
});
/** What one kind takes of a session. */
export type PlannedKind = z.infer<typeof plannedKindSchema>;

export const sessionPlanSchema = z.object({
  target: z.string(),
  /** The time of the whole session, with a soak at its end. */
  budgetSeconds: z.number(),
  /** What is measured, in this order; while a session runs, what is left to do. */
  fits: z.array(plannedKindSchema),
  /** What was asked for and is not in the plan. */
  leftOut: z.array(z.object({ kind: kindSchema, seconds: z.number().nullable(), reason: z.string() })),
  /** What every kind that applies to the target would take, s. */
  allSeconds: z.number(),
  /** What a running session has finished. */
  done: z.array(kindSchema).default([]),
});
/** What a session measures in its time, and what that costs. */
export type SessionPlan = z.infer<typeof sessionPlanSchema>;
