import { z } from 'zod';
import { requestClassSchema } from './target.js';
import { difficultySchema, kindSchema } from './kind.js';
import { outcomeSchema } from './outcome.js';
import { objectiveOutcomeSchema, validitySchema, verdictSchema } from './verdict.js';
import { countsSchema, ERROR_KINDS, groupFiguresSchema, latencySchema, windowSchema } from './window.js';

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
    /** All connections together send no more than this, requests/s; absent: as fast as answers come. */
    maxPerSecond: z.number().positive().optional(),
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

export const plannedFaultSchema = z.object({
  /** `client`: between Hive and the target. Else the dependency's name: between the target and it. */
  link: z.string(),
  /** When it is there, ms since the first planned send. */
  fromMs: z.number().nonnegative(),
  toMs: z.number().positive(),
  /** The fault by Toxiproxy's name, with its attributes and units. */
  type: z.string(),
  stream: z.enum(['upstream', 'downstream']),
  attributes: z.record(z.string(), z.number()),
  /** Share of the connections that it is on, 0–1. */
  share: z.number().min(0).max(1),
});
/** One fault on one link, on the scenario's own time line. */
export type PlannedFault = z.infer<typeof plannedFaultSchema>;

export const planSchema = z.object({
  arrivals: arrivalsSchema,
  /** What is sent, where it is not the target's plain mix. */
  requests: z.array(requestClassSchema).min(1).optional(),
  /** Not a test of one intensity: the rate rises until the objectives break, and stops there. */
  chirp: z
    .object({
      shares: z.array(z.number()),
      latencySeconds: z.number().positive(),
      gentle: z.boolean(),
      /** Instead of a rising rate: this many requests under way, one level after the other. For slow services. */
      levels: z.array(z.int().positive()).min(1).optional(),
    })
    .optional(),
  /** A long run that shows whether the safe intensity is safe; it teaches nothing about the limit. */
  hold: z.boolean().optional(),
  /** Requests are counted apart by class or by node. */
  groupBy: z.enum(['class', 'node']).optional(),
  /** What is done before, and not judged: `rest` measures the smallest body alone, `fill` fetches every key once, least popular first. */
  preparation: z
    .object({ type: z.enum(['rest', 'fill']), maxMs: z.number().positive(), connections: z.int().positive() })
    .optional(),
  /** Size of the bodies of requests with a `payload`. */
  payloadBytes: z.int().positive().optional(),
  /** Headers that may tell a cache's hit, where they are looked at; empty: the usual ones. */
  cacheHeaders: z.array(z.string()).optional(),
  faults: z.array(plannedFaultSchema).optional(),
  /** This many connections to the target are counted apart, and given faults or left alone one by one. */
  links: z.int().positive().optional(),
  /** Load and rest in turn: the rests in which resident memory is read, ms since the first planned send. */
  rests: z.array(z.object({ fromMs: z.number().nonnegative(), toMs: z.number().positive() })).optional(),
  /** It ends after this many requests, where it does not end before. */
  mostRequests: z.int().positive().optional(),
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

const boundsSchema = z.object({ least: z.number(), most: z.number() });
export const scenarioPreviewSchema = scenarioSchema.omit({ id: true, targetId: true }).extend({
  /** What may be asked for instead. */
  bounds: z.object({
    /** In the unit of the kind. */
    intensity: boundsSchema,
    /** The judged part, s; null: the phases of the kind decide how long it takes. */
    seconds: boundsSchema.nullable(),
  }),
});
/** A run as it would be created; nothing of it is kept. */
export type ScenarioPreview = z.infer<typeof scenarioPreviewSchema>;

export const scenarioParametersSchema = scenarioSchema.pick({
  intensity: true,
  unit: true,
  predictedFailure: true,
  seed: true,
  base: true,
  objectives: true,
  plan: true,
});
/** What it takes to run a scenario again, beside the columns of its row. */
export type ScenarioParameters = z.infer<typeof scenarioParametersSchema>;

export const bindingSchema = z.object({
  expression: z.string(),
  bad: z.int(),
  planned: z.int(),
  allowedShare: z.number(),
});

export const evidenceBlockSchema = z.object({
  seconds: z.number().nonnegative(),
  planned: z.int().nonnegative(),
  /** By clause, in the order of `clauses`. */
  bad: z.array(z.int().nonnegative()),
});
/** What one short block of the judged part contributed. */
export type EvidenceBlock = z.infer<typeof evidenceBlockSchema>;

export const evidenceSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('counts'),
    /** n planned requests of which `bad` broke the clause that allows `allowedShare`. One entry a clause. */
    clauses: z.array(bindingSchema),
    /** The judged part in consecutive blocks of about half a second; absent where nothing was counted by time. */
    blocks: z.array(evidenceBlockSchema).optional(),
    /** It ended early because its failure was certain: what is counted is the least there would have been. */
    endedEarly: z.boolean().optional(),
  }),
  z.object({
    type: z.literal('margin'),
    expression: z.string(),
    /** ln(observed ÷ allowed): below zero is kept. */
    margin: z.number(),
    standardError: z.number().positive(),
  }),
  z.object({
    type: z.literal('chirp'),
    /** Rate at which the objectives first broke, requests/s; null: they did not. */
    onset: z.number().positive().nullable(),
    /** Blocks are levels: `outstanding` requests were under way, and `rate` is what was answered. */
    closed: z.boolean().optional(),
    /** What the allowed share of requests took before that, for each clause; null where that is not known. */
    restMs: z.array(z.number().nonnegative().nullable()).optional(),
    /** Response times of each doubling of the rate, as long as that was well below `onset`. */
    levels: z
      .array(
        z.object({
          ratePerSecond: z.number().positive(),
          requests: z.int().positive(),
          p50Ms: z.number().nonnegative(),
          p95Ms: z.number().nonnegative(),
          p99Ms: z.number().nonnegative(),
        }),
      )
      .optional(),
    blocks: z.array(
      evidenceBlockSchema.extend({
        /** Mean rate at which what is counted here was sent, requests/s. */
        rate: z.number().nonnegative(),
        /** Of `planned`, those whose fate was known. */
        decided: z.int().nonnegative(),
        /** Requests under way at the block's end. */
        outstanding: z.int().nonnegative(),
        /** Good answers that came in it, and requests that came to another end. */
        good: z.int().nonnegative().optional(),
        lost: z.int().nonnegative().optional(),
      }),
    ),
  }),
  z.object({ type: z.literal('verdict'), expression: z.string(), passed: z.boolean() }),
]);
/** What a judge hands to the learner. */
export type Evidence = z.infer<typeof evidenceSchema>;

export const errorExampleSchema = z.object({
  kind: z.enum(ERROR_KINDS),
  /** The status, or the code of Node.js or OpenSSL, such as `401` or `ECONNREFUSED`; the kind where there is none. */
  code: z.string(),
  /** What is wrong, in words. */
  text: z.string(),
  /** What helps. */
  hint: z.string().optional(),
  /** The first request that went wrong in this way: its class, and the node it was for. */
  request: z.string(),
  node: z.string(),
  /** How the body of its answer began, or what came in place of an answer, without secrets; null: nothing that can be read. */
  came: z.string().nullable(),
  /** Requests that went wrong in this way. */
  count: z.int().positive(),
});
/** One way in which requests of a run went wrong. */
export type ErrorExample = z.infer<typeof errorExampleSchema>;

export const measurementSchema = z.object({
  durationMs: z.number(),
  counts: countsSchema,
  errors: z.partialRecord(z.enum(ERROR_KINDS), z.int().nonnegative()),
  /** Whole answers by status code. Absent in what was stored before they were counted. */
  statusCodes: z.record(z.string(), z.int().positive()).optional(),
  /** What went wrong, at most 20 ways of it, the most frequent first. Absent: nothing. */
  errorExamples: z.array(errorExampleSchema).optional(),
  offeredPerSecond: z.number(),
  throughputPerSecond: z.number(),
  bytesIn: z.int(),
  bytesOut: z.int(),
  responseTimeMs: latencySchema,
  serviceTimeMs: latencySchema,
  /** From the intended start to the first byte of the answer's body. Absent in what was stored before it was measured. */
  firstByteMs: latencySchema.optional(),
  waitingMs: z.number(),
  /** Share of planned requests that came back right and inside the strictest latency objective. */
  successRate: z.number().min(0).max(1),
  /** The highest number of connections held at once. */
  peakConnections: z.int(),
  nodes: z.record(z.string(), z.int()),
  /** As in a window. */
  byClass: z.record(z.string(), groupFiguresSchema).optional(),
  byNode: z.record(z.string(), groupFiguresSchema).optional(),
  byRegion: z.record(z.string(), groupFiguresSchema).optional(),
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
  /** Of a rule of several parts, the evidence of the others. */
  furtherEvidence: z.array(evidenceSchema).optional(),
  /** What the requests from each region showed, where those of several sent; the whole is as bad as the worst. */
  regions: z
    .record(
      z.string(),
      z.object({
        verdict: verdictSchema,
        reason: z.string(),
        objectives: z.array(objectiveOutcomeSchema),
        evidence: evidenceSchema.nullable(),
      }),
    )
    .optional(),
  /** Figures that are shown and not judged, in words: round trips a request, recovery time, what moved first. */
  findings: z.array(z.string()).optional(),
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
  parameters: scenarioParametersSchema,
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
  /** What is said about it: the verdict, or `not_usable`, or `ramp`; null before its end. */
  outcome: outcomeSchema.nullable(),
  reason: z.string().nullable(),
});
/** A row of `test_scenarios`, as the API shows it. */
export type ScenarioRow = z.infer<typeof scenarioRowSchema>;

export const scenarioDetailSchema = scenarioRowSchema.extend({
  windows: z.array(windowSchema),
  /** How long the windows are: 1 s as they were kept, or minutes where there are too many of them, or no longer any. */
  windowSeconds: z.union([z.literal(1), z.literal(60)]),
  /** What is not shown, and how to get it; null: everything is. */
  windowsNote: z.string().nullable(),
});
/** One run with its windows. */
export type ScenarioDetail = z.infer<typeof scenarioDetailSchema>;

/** The answer of `POST /api/scenarios/{id}/execute?wait=true`. */
export const executedScenarioSchema = scenarioRowSchema.extend({
  verdict: verdictSchema,
  validity: validitySchema,
  reason: z.string(),
});

export const scenarioCountsSchema = z.object({
  total: z.int().nonnegative(),
  /** Runs that are not over have neither; what no run has is left out. */
  byVerdict: z.partialRecord(verdictSchema, z.int().positive()),
  byValidity: z.partialRecord(validitySchema.shape.status, z.int().positive()),
  byKind: z.partialRecord(kindSchema, z.int().positive()),
});
/** How many runs fit a filter, and of which sorts. */
export type ScenarioCounts = z.infer<typeof scenarioCountsSchema>;

export const problemSchema = z.object({
  id: z.string(),
  type: kindSchema,
  difficulty: difficultySchema,
  description: z.string(),
  created_at: z.iso.datetime(),
  verdict: verdictSchema.nullable(),
  outcome: outcomeSchema.nullable(),
});
/** A generated scenario as the dashboard's list shows it. */
export type Problem = z.infer<typeof problemSchema>;
