import {
  baseSchema,
  ceilingSchema,
  difficultySchema,
  END_CODES,
  ERROR_KINDS,
  kindSchema,
  limitSchema,
  OUTCOMES,
  planSchema,
  scenarioResultSchema,
  SESSION_MODES,
  sessionCourseSchema,
  sessionRowSchema,
  windowSchema,
} from '@hive/contract';
import { z } from 'zod';

/** Grows when a reader of the last version could misread a report. */
export const REPORT_VERSION = 1;

const reportWindowSchema = windowSchema.pick({
  at: true,
  fromMs: true,
  toMs: true,
  phase: true,
  counts: true,
  errors: true,
  offeredPerSecond: true,
  throughputPerSecond: true,
  responseTimeMs: true,
  serviceTimeMs: true,
  connections: true,
  outstanding: true,
  waiting: true,
  bytesIn: true,
  bytesOut: true,
});
/** What about a second of a run measured. */
export type ReportWindow = z.infer<typeof reportWindowSchema>;

const reportRunSchema = z.object({
  id: z.string(),
  startedAt: z.iso.datetime(),
  kind: kindSchema,
  difficulty: difficultySchema,
  intensity: z.number().nonnegative(),
  unit: z.string(),
  description: z.string(),
  /** With the plan it gives the same arrival times again. */
  seed: z.int().nonnegative(),
  base: baseSchema,
  objectives: z.array(z.string()),
  /** Without what is sent: a header may hold a secret. */
  plan: planSchema.omit({ requests: true }),
  outcome: z.enum(OUTCOMES),
  result: scenarioResultSchema,
  /** Encoded HDR histograms of the judged part (compressed V2, µs) as base64; null when nothing was recorded. */
  responseTime: z.base64().nullable(),
  serviceTime: z.base64().nullable(),
  windows: z.array(reportWindowSchema),
});
/** One run of a session, with all that its figures are computed from. */
export type ReportRun = z.infer<typeof reportRunSchema>;

const endSchema = z.number().nullable();
const expectationSchema = z.object({
  kind: kindSchema,
  expression: z.string(),
  observed: z.object({ low: endSchema, high: endSchema }),
  outcome: z.enum(['passed', 'failed', 'undecided']),
});
/** What was expected of a limit, and what came of it. */
export type ReportExpectation = z.infer<typeof expectationSchema>;

export const reportSchema = z.strictObject({
  format: z.literal('hive-report'),
  version: z.literal(REPORT_VERSION),
  /** Which Hive wrote it, when, and on which Node. */
  made: z.object({ hive: z.string(), node: z.string(), at: z.iso.datetime() }),
  target: z.object({
    id: z.string(),
    nodes: z.array(z.string()),
    objectives: z.array(z.string()),
    requests: z.array(z.object({ name: z.string(), method: z.string(), path: z.string() })),
    /** Of everything that is sent: two reports of the same requests have the same. */
    requestsDigest: z.string(),
  }),
  session: sessionRowSchema
    .pick({
      id: true,
      started_at: true,
      ended_at: true,
      status: true,
      kinds: true,
      budget_seconds: true,
      precision: true,
      hold_seconds: true,
      runtime_seconds: true,
      end_reason: true,
      labels: true,
      question: true,
      answer: true,
    })
    .extend({
      /** `train` looks for limits; `verify` asks whether one load holds; `run` sends one load. */
      mode: z.enum(SESSION_MODES),
      end_code: z.enum(END_CODES).nullable(),
    }),
  verdict: z.object({
    outcome: z.enum(['passed', 'failed', 'undecided', 'aborted']),
    /** The result in one line. */
    headline: z.string(),
    /** How far it can be trusted, and why no further. */
    trust: z.enum(['valid', 'suspect', 'invalid']),
    reasons: z.array(z.string()),
  }),
  expectations: z.array(expectationSchema),
  limits: z.array(limitSchema),
  trails: sessionCourseSchema.shape.trails,
  /** Of all usable runs together. */
  errors: z.partialRecord(z.enum(ERROR_KINDS), z.int().nonnegative()),
  /** In the order in which they were executed. */
  runs: z.array(reportRunSchema),
  /** What `hive doctor` measured on the load generator; null: nothing. The host's name is left out. */
  ceiling: ceilingSchema
    .omit({ machine: true })
    .extend({ machine: ceilingSchema.shape.machine.omit({ host: true }) })
    .nullable(),
});
/** Everything that is reported about one session. A report file is this, as JSON. */
export type ReportData = z.infer<typeof reportSchema>;

/** The schema of report files as JSON Schema (draft 2020-12). */
export function reportJsonSchema(): object {
  return { title: 'Report of Hive', ...z.toJSONSchema(reportSchema) };
}
