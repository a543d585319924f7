import { z } from 'zod';

/** Whether a server can serve, and what of it cannot. */
export const healthSchema = z.object({
  status: z.enum(['healthy', 'degraded']),
  timestamp: z.iso.datetime(),
  checks: z.record(z.string(), z.object({ status: z.enum(['up', 'down']), message: z.string().optional() })),
  /** What waits to be stored of the running session, and how many windows may; those beyond were dropped. */
  unwritten: z.object({ windows: z.int(), runs: z.int(), droppedWindows: z.int(), mostWindows: z.int() }).optional(),
});
