import { z } from 'zod';
import { kindSchema } from './kind.js';
import { verdictSchema } from './verdict.js';

export const limitSchema = z.object({
  kind: kindSchema,
  unit: z.string(),
  status: z.enum(['known', 'unknown', 'at_least', 'below', 'not_monotone', 'not_applicable']),
  /** `bracket`: the search only says between which two tried intensities it lies. `belief`: a credible interval. */
  method: z.enum(['belief', 'bracket']),
  estimate: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Credible level of [low, high]; null for a bracket, which has none. */
  level: z.number().nullable(),
  /** The highest intensity at which runs of ten minutes fail with a chance of at most 5 %. */
  safe: z.number().nullable(),
  /** How long a run at `safe` met the objectives in the newest session, s; absent: `safe` is only predicted. */
  heldSeconds: z.number().optional(),
  band: z.tuple([z.number(), z.number()]).nullable(),
  horizonSeconds: z.number(),
  /** The clause that breaks first, or null while none broke. */
  binding: z.string().nullable(),
  scenarios: z.int(),
  updatedAt: z.iso.datetime().nullable(),
  reason: z.string().optional(),
});
/** What has been learned about one kind on one target. */
export type Limit = z.infer<typeof limitSchema>;

export const lessonSchema = z.object({
  scenario_id: z.string(),
  verdict: verdictSchema,
  /** The chance of failing that was predicted before the run, 0–1; null while nothing was known. */
  predictedFailure: z.number().min(0).max(1).nullable(),
  /** How far the belief moved, bits (Kullback–Leibler divergence of the new belief from the old); null without a belief before. */
  informationBits: z.number().nonnegative().nullable(),
  /** What was known before it was run. */
  before: limitSchema,
});
/** What one scenario taught about the limit of its kind. */
export type Lesson = z.infer<typeof lessonSchema>;
