import { z } from 'zod';
import { askedRegionsSchema } from './fleet.js';
import { kindSchema } from './kind.js';

/** A fault of a run as somebody asks for it; it is on every connection. */
const askedFaultSchema = z.strictObject({
  /** `client`: between Hive and the target. Else the name of a dependency with a proxy. All faults of a run are on one link. */
  link: z.string().default('client'),
  /** By Toxiproxy's name: latency, bandwidth, timeout, reset_peer … */
  type: z.string(),
  stream: z.enum(['upstream', 'downstream']).default('downstream'),
  attributes: z.record(z.string(), z.number()).default({}),
  /** ms since the first planned send; default: from the beginning of the judged part to its end. */
  fromMs: z.number().nonnegative().optional(),
  toMs: z.number().positive().optional(),
});

/** A run as somebody describes it: the body of `POST /api/scenarios`, and a scenario.yaml. */
export const createScenarioSchema = z.strictObject({
  target: z.string().optional(),
  kind: kindSchema,
  /** In the unit of the kind. Unlike that of a generated run it must be within the target's caps. */
  intensity: z.number().positive(),
  /** The judged part, s, where the kind leaves it open. Default: what the kind takes. */
  durationSeconds: z.number().min(1).max(86_400).optional(),
  faults: z.array(askedFaultSchema).max(20).optional(),
  seed: z.int().min(0).max(0xffff_ffff).optional(),
  /** Where its load is to come from: whoever executes it says so again. */
  regions: askedRegionsSchema.optional(),
});
export type CreateScenario = z.input<typeof createScenarioSchema>;
