import { z } from 'zod';
import { objectiveSchema } from './objective.js';
import { scenarioResultSchema, scenarioSchema } from './scenario.js';
import { sessionRowSchema } from './session.js';
import { targetSchema } from './target.js';
import { windowSchema } from './window.js';

/** Every value that is kept names its run and its session. */
const id = z.string().min(1).max(100);

const histograms = {
  /** Encoded HDR histograms (compressed V2, µs) as base64; null when nothing was recorded. */
  responseTime: z.base64().nullable(),
  serviceTime: z.base64().nullable(),
};

/** No database knows the year 0000. */
const storable = z.iso
  .datetime()
  .refine((text) => !text.startsWith('0000'), { error: 'write a time of the years 0001 to 9999' });

export const finishedSessionSchema = z.strictObject({
  /** As it was measured. It is stored only where there is none of its id. */
  target: targetSchema.extend({ id, objectives: z.array(objectiveSchema).min(1) }),
  session: sessionRowSchema.extend({
    id,
    started_at: storable,
    ended_at: storable,
    status: sessionRowSchema.shape.status.exclude(['running']),
  }),
  /** In the order in which they were executed. */
  scenarios: z.array(
    z.strictObject({
      startedAt: storable,
      scenario: scenarioSchema.extend({ id }),
      result: scenarioResultSchema,
      ...histograms,
      windows: z.array(z.strictObject({ window: windowSchema.extend({ at: storable }), ...histograms })),
    }),
  ),
});
/** A session that is over, with everything that is kept of it: what one process measures and another keeps. */
export type FinishedSession = z.infer<typeof finishedSessionSchema>;
