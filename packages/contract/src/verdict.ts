import { z } from 'zod';

export const verdictSchema = z.enum(['passed', 'failed', 'undecided', 'aborted', 'not_applicable']);
/** What a scenario showed about its target. */
export type Verdict = z.infer<typeof verdictSchema>;

export const validitySchema = z.object({
  status: z.enum(['valid', 'suspect', 'invalid']),
  /** In words, one sentence for each check that was not clean. Empty when valid. */
  reasons: z.array(z.string()),
});
/** How far a measurement can be trusted. It judges the generator, never the target. */
export type Validity = z.infer<typeof validitySchema>;

export const objectiveOutcomeSchema = z.object({
  expression: z.string(),
  /** The observed value in the clause's own unit (ms, share, 1/s), or null when nothing was measured. */
  observed: z.number().nullable(),
  outcome: z.enum(['passed', 'failed', 'undecided']),
});
/** What one clause of the objectives came to. */
export type ObjectiveOutcome = z.infer<typeof objectiveOutcomeSchema>;
