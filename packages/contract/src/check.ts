import { z } from 'zod';

export const targetCheckSchema = z.object({
  /** The node's name. */
  node: z.string(),
  /** Name of the request class. */
  request: z.string(),
  /** Absent: no whole answer came. */
  status: z.int().optional(),
  /** From the dial to the last byte. */
  ms: z.number().nonnegative().optional(),
  problem: z.string().optional(),
  hint: z.string().optional(),
});
/** What one request to one node showed before a measurement. */
export type TargetCheck = z.infer<typeof targetCheckSchema>;
