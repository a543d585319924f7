import { z } from 'zod';
import { latencyBandSchema } from './prediction.js';

const MOST_QUERY = 2_000;

/** What users send to a target: requests/s at peak, or where a Prometheus server tells it. */
export const trafficSchema = z.union(
  [
    z.number().positive(),
    z.strictObject({
      /** Address of a Prometheus server. */
      prometheus: z.url({ protocol: /^https?$/ }),
      /** Requests/s, in PromQL: its highest value of the last seven days is the peak. */
      query: z.string().min(1).max(MOST_QUERY),
    }),
  ],
  { error: 'write the requests/s at peak, such as 220, or prometheus (http://host:port) and query' },
);
export type Traffic = z.infer<typeof trafficSchema>;

export const headroomSchema = z.object({
  /** Null: it is not known, and `trouble` says why. */
  peakPerSecond: z.number().nullable(),
  /** Safe request rate ÷ peak; null while one of them is not known. */
  headroom: z.number().nullable(),
  /** A run at twice the peak; null while it cannot be predicted. */
  atTwice: z
    .object({
      /** The chance that it meets the objectives, 0–1. */
      pass: z.number(),
      p99Ms: latencyBandSchema.nullable(),
    })
    .nullable(),
  /** When Prometheus was asked; null: the target says the peak itself. */
  at: z.iso.datetime().nullable(),
  trouble: z.string().optional(),
});
/** How a target's limit compares with its traffic. */
export type Headroom = z.infer<typeof headroomSchema>;
