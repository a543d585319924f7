import { z } from 'zod';
import { kindSchema } from './kind.js';
import { objectiveSchema } from './objective.js';

export const practiceTruthSchema = z.object({
  /** What is left of the capacity, as a share: 1, unless some was taken away. */
  capacity: z.number(),
  /** By construction: nodes × slots ÷ time in a slot. */
  capacityPerSecond: z.number(),
  /** How long a request holds its slot, ms. */
  serviceMs: z.number(),
  /** What the limits are held to. */
  objectives: z.array(z.string()),
  /** Simulated from its own queue; empty where it cannot be. */
  limits: z.array(
    z.object({
      kind: kindSchema,
      unit: z.string(),
      value: z.number(),
      /** Where the value comes from, in one sentence. */
      how: z.string(),
    }),
  ),
});
/** What the practice target can really take. */
export type PracticeTruth = z.infer<typeof practiceTruthSchema>;

/** `objective`: absent: those of the target. */
export const truthQuery = z.object({ objective: objectiveSchema.optional() });

export const practiceInputSchema = z.strictObject({
  /** What is left of the capacity, as a share. */
  capacity: z.number().min(0.05, 'write a share from 0.05 to 1').max(1, 'write a share from 0.05 to 1'),
});

export const practiceStateSchema = practiceTruthSchema.pick({ capacity: true, serviceMs: true });
/** How a practice target stands. */
export type PracticeState = z.infer<typeof practiceStateSchema>;
