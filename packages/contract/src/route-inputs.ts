import { z } from 'zod';
import { askedKindsSchema, difficultySchema, kindSchema } from './kind.js';
import { objectiveSchema } from './objective.js';
import { askedRegionsSchema, onLostBeeSchema } from './fleet.js';
import { DEFAULT_PRECISION } from './session.js';
import { labelsSchema } from './label.js';
import { validitySchema, verdictSchema } from './verdict.js';

export const idParams = z.object({ id: z.string() });
/** How many rows an answer has. */
export const limitQuery = (standard: number, most: number) =>
  z.coerce.number().int().min(1).max(most).default(standard);
export const instant = z.iso.datetime({ offset: true, error: 'write an ISO 8601 time such as 2026-01-31T12:00:00Z' });
const seed = z.int().min(0).max(0xffff_ffff);

/** Where the load of what is asked for comes from. */
export const sendingFields = {
  /** Who sends the load: load generators on other machines, or this machine. Absent: what the target says. */
  regions: askedRegionsSchema.optional(),
  /** What comes of a run when a load generator falls silent. Absent: `abort`. */
  onLostBee: onLostBeeSchema.optional(),
};

export const startTrainingSchema = z.strictObject({
  target: z.string().optional(),
  /** Default: the request rate alone. */
  kinds: askedKindsSchema.optional(),
  /** A hard end: a session is over as soon as its limits are measured. Default: 240, plus the time of a hold. */
  budgetSeconds: z.number().min(5).max(86_400).optional(),
  /** Half width of the wanted interval, as a share: 0.05 is ±5 %. */
  precision: z.number().min(0.01).max(0.5).default(DEFAULT_PRECISION),
  /** How long to soak at the safe rate at the end; part of the budget. */
  holdSeconds: z.number().min(60).max(3_600).optional(),
  continuous: z.boolean().default(false),
  objectives: z.array(objectiveSchema).optional(),
  seed: seed.optional(),
  labels: labelsSchema.optional(),
  ...sendingFields,
  /** Do not wait for a quiet machine after runs that others spoiled. */
  runAnyway: z.boolean().optional(),
});
export type StartTraining = z.input<typeof startTrainingSchema>;

export const verifySchema = z.strictObject({
  target: z.string().optional(),
  /** The load in question, requests/s; never more is sent. */
  atPerSecond: z.number().positive().max(1e9),
  /** How long one run must hold, s. */
  forSeconds: z.number().min(1).max(3_600).default(60),
  objectives: z.array(objectiveSchema).optional(),
  seed: seed.optional(),
  labels: labelsSchema.optional(),
  ...sendingFields,
  /** The host of a production target: it must be named once a session. */
  production: z.string().optional(),
  /** Do not wait for a quiet machine after runs that others spoiled. */
  runAnyway: z.boolean().optional(),
});

export const generateScenarioSchema = z.strictObject({
  target: z.string().optional(),
  kind: kindSchema.optional(),
  difficulty: difficultySchema.optional(),
  intensity: z.number().positive().optional(),
  seed: seed.optional(),
  /** Where its load is to come from: whoever executes it says so again. */
  regions: askedRegionsSchema.optional(),
});
export type GenerateScenario = z.input<typeof generateScenarioSchema>;

export const executeScenarioSchema = z.strictObject(sendingFields);

/** Which runs. */
export const scenariosFilter = z.object({
  kind: kindSchema.optional(),
  difficulty: difficultySchema.optional(),
  verdict: verdictSchema.optional(),
  validity: validitySchema.shape.status.optional(),
  target: z.string().optional(),
  session: z.string().optional(),
  from: instant.optional(),
  to: instant.optional(),
  text: z.string().max(200).optional(),
});
export type ScenariosFilter = z.input<typeof scenariosFilter>;
export const scenariosQuery = scenariosFilter.extend({
  /** Keyset paging: the `next` of the page before. */
  after: z.string().optional(),
  /** A page also ends where an answer would be larger than 2 MiB. */
  limit: limitQuery(50, 500),
  /** All that fit as a file, whatever `after` and `limit` say. Absent: a page. */
  format: z.enum(['csv', 'json']).optional(),
});
