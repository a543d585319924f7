import { z } from 'zod';

/** Rows of a heat map: latencies on a logarithmic scale. */
export const HEATMAP_ROWS = 40;
/** Columns of a heat map, at most. */
export const MOST_HEATMAP_COLUMNS = 600;

const percentilePointSchema = z.object({ share: z.number(), ms: z.number() });
/** The share of requests that took no longer than `ms`. */
export type PercentilePoint = z.infer<typeof percentilePointSchema>;

export const heatmapSchema = z.object({
  scenario_id: z.string(),
  /** What the columns are made of: kept seconds, or minutes where these are no longer kept or too many. */
  windowSeconds: z.union([z.literal(1), z.literal(60)]),
  /** Consecutive stretches of the run, ms since the first planned send; percentiles are null where nothing came back. */
  columns: z.array(
    z.object({
      fromMs: z.number(),
      toMs: z.number(),
      count: z.int().nonnegative(),
      p50Ms: z.number().nullable(),
      p99Ms: z.number().nullable(),
    }),
  ),
  /** Edges of the rows, lowest first, ms: one more than there are rows. Empty where nothing was measured. */
  edgesMs: z.array(z.number()),
  /** For each column, how many response times lie in each row. */
  counts: z.array(z.array(z.int().nonnegative())),
  /** The judged part: percentiles up to where fewer than ten requests were slower. Empty before the run's end. */
  responseTimeMs: z.array(percentilePointSchema),
  serviceTimeMs: z.array(percentilePointSchema),
});
/** When the response times of a run were what: times × log latency, with its percentiles. */
export type Heatmap = z.infer<typeof heatmapSchema>;
