import { z } from 'zod';
import { difficultySchema, kindSchema } from './kind.js';
import { objectiveOutcomeSchema, validitySchema, verdictSchema } from './verdict.js';
import { countsSchema, ERROR_KINDS, latencySchema, windowSchema } from './window.js';

export const baseSchema = z.object({
  ratePerSecond: z.number().positive(),
  connections: z.int().positive(),
});
/** The modest load that some kinds run beside their axis. */
export type Base = z.infer<typeof baseSchema>;

export const arrivalsSchema = z.discriminatedUnion('model', [
  z.object({
    model: z.literal('closed'),
    connections: z.int().positive(),
    thinkMs: z.number().nonnegative(),
  }),
  z.object({
    model: z.literal('open'),
    arrivals: z.enum(['poisson', 'constant']),
    /** Piecewise linear: within `durationMs` the rate goes from `fromPerSecond` to `toPerSecond`. The last `toPerSecond` holds until the plan ends. */
    stages: z
      .array(
        z.object({
          durationMs: z.number().positive(),
          fromPerSecond: z.number().nonnegative(),
          toPerSecond: z.number().nonnegative(),
        }),
      )
      .min(1),
    maxConnections: z.int().positive(),
    maxWaiting: z.int().nonnegative(),
  }),
]);
/** When requests are meant to start. */
export type Arrivals = z.infer<typeof arrivalsSchema>;

export const planSchema = z.object({
  arrivals: arrivalsSchema,
  /** Shown, not judged. */
  warmupMs: z.number().nonnegative(),
  /** The judged seconds. */
  durationMs: z.number().positive(),
  timeoutMs: z.number().positive(),
  /** How long outstanding requests may still come in after the last planned send. */
  graceMs: z.number().nonnegative(),
});
/** What is run, and for how long. */
export type Plan = z.infer<typeof planSchema>;

export const scenarioSchema = z.object({
  id: z.string(),
  targetId: z.string(),
  kind: kindSchema,
  intensity: z.number().nonnegative(),
  unit: z.string(),
  difficulty: difficultySchema,
  /** False while the difficulty stands on the kind's prior and not on anything learned. */
  calibrated: z.boolean(),
  /** The learner's chance that this scenario fails, 0–1; null while it has none. */
  predictedFailure: z.number().min(0).max(1).nullable(),
  seed: z.int().nonnegative(),
  base: baseSchema,
  objectives: z.array(z.string()),
  description: z.string(),
  expectedOutcomes: z.array(z.string()),
  plan: planSchema,
});
/** One generated test of one target. */
export type Scenario = z.infer<typeof scenarioSchema>;

export const bindingSchema = z.object({
  expression: z.string(),
  bad: z.int(),
  planned: z.int(),
  allowedShare: z.number(),
});

export const evidenceSchema = z.object({
  type: z.literal('counts'),
  /** n planned requests of which `bad` broke the clause that allows `allowedShare`. One entry a clause. */
  clauses: z.array(bindingSchema),
});
/** What a judge hands to the learner. */
export type Evidence = z.infer<typeof evidenceSchema>;

export const measurementSchema = z.object({
  durationMs: z.number(),
  counts: countsSchema,
  errors: z.partialRecord(z.enum(ERROR_KINDS), z.int().nonnegative()),
  offeredPerSecond: z.number(),
  throughputPerSecond: z.number(),
  bytesIn: z.int(),
  bytesOut: z.int(),
  responseTimeMs: latencySchema,
  serviceTimeMs: latencySchema,
  waitingMs: z.number(),
  /** Share of planned requests that came back right and inside the strictest latency objective. */
  successRate: z.number().min(0).max(1),
  /** The highest number of connections held at once. */
  peakConnections: z.int(),
  nodes: z.record(z.string(), z.int()),
});
/** The judged part of a run, from merged histograms. */
export type Measurement = z.infer<typeof measurementSchema>;

export const scenarioResultSchema = z.object({
  verdict: verdictSchema,
  validity: validitySchema,
  /** One sentence: why it passed, failed or stayed undecided. */
  reason: z.string(),
  objectives: z.array(objectiveOutcomeSchema),
  evidence: evidenceSchema.nullable(),
  measurement: measurementSchema.nullable(),
  /** Whole run with warm-up and drain, seconds. */
  executionSeconds: z.number(),
});
/** What came of executing a scenario. */
export type ScenarioResult = z.infer<typeof scenarioResultSchema>;

export const scenarioRowSchema = z.object({
  id: z.string(),
  created_at: z.iso.datetime(),
  scenario_type: kindSchema,
  difficulty: difficultySchema,
  parameters: z.record(z.string(), z.unknown()),
  completed: z.boolean(),
  success_rate: z.number().nullable(),
  /** Seconds. */
  execution_time: z.number().nullable(),
  results: scenarioResultSchema.nullable(),
  target_id: z.string(),
  session_id: z.string().nullable(),
  description: z.string(),
  expected_outcomes: z.array(z.string()),
  calibrated: z.boolean(),
  intensity: z.number(),
  unit: z.string(),
  verdict: verdictSchema.nullable(),
  validity: validitySchema.nullable(),
  reason: z.string().nullable(),
});
/** A row of `test_scenarios`, as the API shows it. */
export type ScenarioRow = z.infer<typeof scenarioRowSchema>;

export const scenarioDetailSchema = scenarioRowSchema.extend({ windows: z.array(windowSchema) });

export const problemSchema = z.object({
  id: z.string(),
  type: kindSchema,
  difficulty: difficultySchema,
  description: z.string(),
  created_at: z.iso.datetime(),
  verdict: verdictSchema.nullable(),
});
/** A generated scenario as the dashboard's list shows it. */
export type Problem = z.infer<typeof problemSchema>;
