import { z } from 'zod';
import { kindSchema } from './kind.js';
import { verdictSchema } from './verdict.js';

const endsSchema = z.tuple([z.number(), z.number()]);

/**
 * `known`: evidence on both sides, a run that held at the low end (of rates and connections, for a minute) and one that failed at the high end. `rough`: an estimate that lacks one of these, and
 * `reason` says which. `unsteady`: runs of the same load differ so much that one number would mislead; `low` and `high` are those of the band.
 */
const limitStatusSchema = z.enum([
  'known',
  'rough',
  'unsteady',
  'unknown',
  'at_least',
  'below',
  'not_monotone',
  'not_applicable',
]);

/** What one session found by itself, under a fresh prior: comparisons, trends, alerts and badges use it. */
export const ownLimitSchema = z.object({
  status: limitStatusSchema,
  estimate: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  band: endsSchema.nullable(),
  /** The intervals of the two ends of `band`, where the limit varies. */
  bandEnds: z.tuple([endsSchema, endsSchema]).optional(),
  safe: z.number().nullable(),
  /** What its runs took, s. */
  seconds: z.number(),
  scenarios: z.int(),
});
export type OwnLimit = z.infer<typeof ownLimitSchema>;

/** What one region's requests say of a limit, as a rate of the whole load. */
const regionLimitSchema = z.object({
  status: limitStatusSchema,
  estimate: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  binding: z.string().nullable(),
});
export type RegionLimit = z.infer<typeof regionLimitSchema>;

export const limitSchema = z.object({
  kind: kindSchema,
  unit: z.string(),
  status: limitStatusSchema,
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
  /** 9 of 10 runs of `horizonSeconds` hold at the first, 9 of 10 fail at the second. */
  band: endsSchema.nullable(),
  /** The intervals of the two ends of `band`, where the limit varies. */
  bandEnds: z.tuple([endsSchema, endsSchema]).optional(),
  horizonSeconds: z.number(),
  /** The clause that breaks first, or null while none broke. */
  binding: z.string().nullable(),
  scenarios: z.int(),
  updatedAt: z.iso.datetime().nullable(),
  reason: z.string().optional(),
  /** By the region of the load generators; absent where this machine sent. */
  regions: z.record(z.string(), regionLimitSchema).optional(),
  /** From the runs of the newest session alone; null: it has none. Absent in what was stored by 0.1.0. */
  own: ownLimitSchema.nullable().optional(),
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
