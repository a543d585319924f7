import { z } from 'zod';
import { targetSchema } from './target.js';

export const targetCheckSchema = z.object({
  /** The node's name. */
  node: z.string(),
  /** Name of the request class; `connection` where nothing was asked for. */
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

export const checkedTargetSchema = z.object({
  /** A measurement could begin: every node takes connections, and not every request is turned away. */
  ok: z.boolean(),
  checks: z.array(targetCheckSchema),
});
/** What a check of a target showed. */
export type CheckedTarget = z.infer<typeof checkedTargetSchema>;

export const savedTargetSchema = targetSchema.extend({
  /** What stands in the way of a measurement now, one sentence each. It is saved all the same. */
  warnings: z.array(z.string()),
});
/** A target that was just saved. */
export type SavedTarget = z.infer<typeof savedTargetSchema>;
