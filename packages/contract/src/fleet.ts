import { z } from 'zod';

/** What a load generator or a region may be called. */
export const FLEET_NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;
export const FLEET_NAME_HINT = 'use up to 40 lowercase letters, digits and hyphens, such as eu-1';
export const nameSchema = z.string().regex(FLEET_NAME, FLEET_NAME_HINT);

/**
 * Which load generators send: `all`, or those of some regions, each with its share of the load, such as `{ eu: 60, us: 40 }`.
 * Shares are relative to each other.
 */
export const regionsSchema = z
  .union([z.literal('all'), z.record(nameSchema, z.number().positive().max(1e6))], {
    error: 'write "all", or a share for each region, such as { "eu": 60, "us": 40 }',
  })
  .refine((regions) => regions === 'all' || Object.keys(regions).length > 0, 'name at least one region');
export type Regions = z.infer<typeof regionsSchema>;

/** What a session is asked for: regions, or `here` for this machine, also where its target names regions. */
export const askedRegionsSchema = z.union([z.literal('here'), regionsSchema], {
  error: 'write "here", "all", or a share for each region, such as { "eu": 60, "us": 40 }',
});

/** What a run from several load generators does when one falls silent: `abort` ends it as not usable, `continue` goes on and is doubtful at best. */
export const onLostBeeSchema = z.enum(['abort', 'continue']);
export type OnLostBee = z.infer<typeof onLostBeeSchema>;

/** `never_seen`: invited, and not heard yet. `stale`: not heard for some seconds. `incompatible`: of another version. */
export const LOAD_GENERATOR_STATES = ['never_seen', 'idle', 'busy', 'stale', 'incompatible', 'revoked'] as const;
export type LoadGeneratorState = (typeof LOAD_GENERATOR_STATES)[number];

export const loadGeneratorSchema = z.object({
  name: z.string(),
  region: z.string().nullable(),
  state: z.enum(LOAD_GENERATOR_STATES),
  /** It took its invitation up. */
  joined: z.boolean(),
  /** Until when an invitation that nobody took up yet is good; null: it was taken up. */
  invitedUntil: z.iso.datetime().nullable(),
  /** What it said of itself last; null: nothing yet. */
  version: z.string().nullable(),
  threads: z.int().nullable(),
  /** The longest of the last 20 round trips between it and Hive, ms; null: none yet. */
  roundTripMs: z.number().nullable(),
});
/** A load generator on another machine. */
export type LoadGenerator = z.infer<typeof loadGeneratorSchema>;

export const fleetSchema = z.object({
  /** Address of the NATS server; null: this Hive leads no fleet. */
  url: z.string().nullable(),
  loadGenerators: z.array(loadGeneratorSchema),
});
/** The load generators that a Hive leads. */
export type Fleet = z.infer<typeof fleetSchema>;

export const invitationInputSchema = z.strictObject({ name: nameSchema, region: nameSchema.optional() });

export const invitationSchema = z.object({
  name: z.string(),
  region: z.string().nullable(),
  /** A secret: whoever has it first joins. */
  join: z.string(),
  until: z.iso.datetime(),
});
/** An invitation to a fleet. */
export type Invitation = z.infer<typeof invitationSchema>;
