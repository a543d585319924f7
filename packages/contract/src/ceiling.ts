import { z } from 'zod';

/** What a request looks like to the one who sends it; each costs differently. */
export const SHAPES = ['plain', 'tls', 'body', 'connections'] as const;
export const shapeSchema = z.enum(SHAPES);
/** `plain`: a small answer on an open connection. `tls`: the same encrypted. `body`: an answer of 64 KiB. `connections`: a new connection each. */
export type Shape = z.infer<typeof shapeSchema>;

export const shapeCeilingSchema = z.object({
  shape: shapeSchema,
  /** The highest rate that was sent without a fault of the generator's, requests/s. */
  ratePerSecond: z.number().positive(),
  /** The answering side was the bottleneck: the generator can do at least this. */
  atLeast: z.boolean(),
  /** CPU time of the sending threads for each request, µs. */
  cpuMicrosPerRequest: z.number().positive(),
});

export const timerSchema = z.object({
  ratePerSecond: z.number().positive(),
  /** Lateness of sends: actual − intended, ms. */
  latenessP50Ms: z.number().nonnegative(),
  latenessP99Ms: z.number().nonnegative(),
});

export const ceilingSchema = z.object({
  version: z.literal(1),
  measuredAt: z.iso.datetime(),
  machine: z.object({ host: z.string(), cpu: z.string(), cores: z.int().positive(), node: z.string() }),
  threads: z.int().positive(),
  shapes: z.array(shapeCeilingSchema),
  timers: z.array(timerSchema),
});
/** What this machine can send as a load generator. */
export type Ceiling = z.infer<typeof ceilingSchema>;
