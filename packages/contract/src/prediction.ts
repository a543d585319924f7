import { z } from 'zod';
import { kindSchema } from './kind.js';

export const latencyBandSchema = z.object({ estimate: z.number(), low: z.number(), high: z.number() });
/** A predicted response time, ms: the median of what is expected, and a band that holds nine of ten runs. */
export type LatencyBand = z.infer<typeof latencyBandSchema>;

export const predictionSchema = z.object({
  kind: kindSchema,
  intensity: z.number(),
  unit: z.string(),
  /** Length of the predicted run: judged seconds after a warm-up. */
  seconds: z.number(),
  /** The chance that it meets the objectives, 0–1; null while nothing is known. */
  pass: z.number().min(0).max(1).nullable(),
  /** Null with too few results, and above the limit, where response times keep growing while the run lasts. */
  p50Ms: latencyBandSchema.nullable(),
  p95Ms: latencyBandSchema.nullable(),
  p99Ms: latencyBandSchema.nullable(),
  /** The intensity lies outside what was tried. */
  extrapolated: z.boolean(),
  /** Where they were asked for: the chance at each of these intensities, ascending. */
  chances: z.array(z.object({ intensity: z.number(), pass: z.number().min(0).max(1) })).optional(),
  /** Why something is null. */
  reason: z.string().optional(),
});
/** What a run at an untried intensity would show. */
export type Prediction = z.infer<typeof predictionSchema>;

export const predictedPointSchema = z.object({
  intensity: z.number(),
  pass: z.number().min(0).max(1),
  p50Ms: latencyBandSchema,
  p95Ms: latencyBandSchema,
  p99Ms: latencyBandSchema,
  extrapolated: z.boolean(),
});
/** One point of a predicted curve: as in a prediction, with nothing missing. */
export type PredictedPoint = z.infer<typeof predictedPointSchema>;
