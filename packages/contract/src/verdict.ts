import { z } from 'zod';

export const verdictSchema = z.enum(['passed', 'failed', 'undecided', 'aborted', 'not_applicable']);
/** What a scenario showed about its target. */
export type Verdict = z.infer<typeof verdictSchema>;

export const validitySchema = z.object({
  status: z.enum(['valid', 'suspect', 'invalid']),
  /** In words, one sentence for each check that was not clean. Of a valid one: what was counted against the target, and it passed all the same. */
  reasons: z.array(z.string()),
  /**
   * Of an invalid one, what stood in the way. `ceiling`: the load generator can do no more. `disturbance`: something else had this machine.
   * Absent: it could not be told.
   */
  cause: z.enum(['ceiling', 'disturbance']).optional(),
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
