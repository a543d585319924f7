import { z } from 'zod';
import { kindSchema } from './kind.js';
import { ownLimitSchema } from './limit.js';

const trailSchema = z.object({
  kind: kindSchema,
  unit: z.string(),
  steps: z.array(ownLimitSchema.pick({ status: true, estimate: true, low: true, high: true, scenarios: true })),
});
/** How the interval of one kind closed in over the runs of a session. */
export type Trail = z.infer<typeof trailSchema>;

const rate = z.number().nonnegative().nullable();
const coursePointSchema = z.object({
  /** The end of this second or minute. */
  at: z.iso.datetime(),
  ms: z.number().positive(),
  scenario_id: z.string(),
  /** Response times, ms; null where nothing was answered. */
  p50: rate,
  p95: rate,
  p99: rate,
  /** Good answers and sent requests a second; null after the last planned send. */
  throughput: rate,
  offered: rate,
});
/** What about a second or a minute of a session was measured. */
export type CoursePoint = z.infer<typeof coursePointSchema>;

export const sessionCourseSchema = z.object({
  session_id: z.string(),
  trails: z.array(trailSchema),
  /** Oldest first. */
  points: z.array(coursePointSchema),
  /** How long a point is: a second, or a minute of a long or an old session. */
  pointSeconds: z.union([z.literal(1), z.literal(60)]),
});
/** A session from its beginning to its end, as a chart shows it. */
export type SessionCourse = z.infer<typeof sessionCourseSchema>;
