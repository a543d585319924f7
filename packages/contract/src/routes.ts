import { z } from 'zod';
import { analyticsSchema, summarySchema } from './analytics.js';
import { checkedTargetSchema, savedTargetSchema } from './check.js';
import { askedKindsSchema, BASE_KIND, listedKindsSchema, difficultySchema, kindSchema } from './kind.js';
import { finishedSessionSchema } from './finished-session.js';
import { healthSchema } from './health.js';
import { limitSchema } from './limit.js';
import { objectiveSchema } from './objective.js';
import type { Permission } from './permission.js';
import { predictionSchema } from './prediction.js';
import { reportFormatSchema } from './report-format.js';
import { problemSchema, scenarioDetailSchema, scenarioRowSchema } from './scenario.js';
import { sessionRowSchema, trainingStatusSchema } from './session.js';
import { sessionPlanSchema } from './session-plan.js';
import { keepDaysInputSchema, storageSchema } from './storage.js';
import { targetInputSchema, targetSchema } from './target.js';
import { verdictSchema } from './verdict.js';
import { METRIC_TYPES, metricRowSchema } from './window.js';

const idParams = z.object({ id: z.string() });
const limitQuery = (standard: number, most: number) => z.coerce.number().int().min(1).max(most).default(standard);
/** `writes=true`: send also requests that write, where the target allows it. */
const checkQuery = z.object({ writes: z.enum(['true', 'false']).default('false') });
const instant = z.iso.datetime({ offset: true, error: 'write an ISO 8601 time such as 2026-01-31T12:00:00Z' });
const seed = z.int().min(0).max(0xffff_ffff);

export const startTrainingSchema = z.strictObject({
  target: z.string().optional(),
  /** Default: the request rate alone. */
  kinds: askedKindsSchema.optional(),
  /** A hard end: a session is over as soon as its limits are measured. Default: 240, plus the time of a hold. */
  budgetSeconds: z.number().min(5).max(86_400).optional(),
  /** Half width of the wanted interval, as a share: 0.05 is ±5 %. */
  precision: z.number().min(0.01).max(0.5).default(0.05),
  /** How long to soak at the safe rate at the end; part of the budget. */
  holdSeconds: z.number().min(60).max(3_600).optional(),
  continuous: z.boolean().default(false),
  objectives: z.array(objectiveSchema).optional(),
  seed: seed.optional(),
  /** Do not wait for a quiet machine after runs that others spoiled. */
  runAnyway: z.boolean().optional(),
});
export type StartTraining = z.input<typeof startTrainingSchema>;

export const generateScenarioSchema = z.strictObject({
  target: z.string().optional(),
  kind: kindSchema.optional(),
  difficulty: difficultySchema.optional(),
  intensity: z.number().positive().optional(),
  seed: seed.optional(),
});
export type GenerateScenario = z.input<typeof generateScenarioSchema>;

const scenariosQuery = z.object({
  kind: kindSchema.optional(),
  difficulty: difficultySchema.optional(),
  verdict: verdictSchema.optional(),
  target: z.string().optional(),
  session: z.string().optional(),
  from: instant.optional(),
  to: instant.optional(),
  text: z.string().max(200).optional(),
  /** Keyset paging: the `next` of the page before. */
  after: z.string().optional(),
  limit: limitQuery(50, 500),
});

interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  summary: string;
  /** What a caller must be allowed; null: anyone may. */
  permission: Permission | null;
  status: number;
  params?: z.ZodType;
  query?: z.ZodType;
  /** A body may be absent where all its fields are optional. */
  body?: z.ZodType;
  /** How large the body may be, bytes. Default: 1 MiB. */
  mostBodyBytes?: number;
  output: z.ZodType;
}

/** Every HTTP route of the API: the server registers exactly these, the client is derived from them. */
export const ROUTES = {
  service: {
    method: 'GET',
    path: '/',
    summary: 'Name, status and version of this service',
    permission: null,
    status: 200,
    output: z.object({ service: z.literal('hive'), status: z.literal('running'), version: z.string() }),
  },
  health: {
    method: 'GET',
    path: '/api/health',
    summary: 'Health of the server and its parts',
    permission: null,
    status: 200,
    output: healthSchema,
  },
  latestMetrics: {
    method: 'GET',
    path: '/api/metrics/latest',
    summary: 'Newest measured values',
    permission: 'read',
    status: 200,
    query: z.object({
      scenario_id: z.string().optional(),
      metric_type: z.enum(METRIC_TYPES).optional(),
      target: z.string().optional(),
      session_id: z.string().optional(),
      limit: limitQuery(100, 5_000),
    }),
    output: z.object({ metrics: z.array(metricRowSchema) }),
  },
  metricsSummary: {
    method: 'GET',
    path: '/api/metrics/summary',
    summary: 'Totals of one session or of all sessions',
    permission: 'read',
    status: 200,
    query: z.object({ session_id: z.string().optional() }),
    output: summarySchema,
  },
  performanceAnalytics: {
    method: 'GET',
    path: '/api/analytics/performance',
    summary: 'Trends per kind, with recommendations',
    permission: 'read',
    status: 200,
    query: z.object({ target: z.string().optional(), from: instant.optional(), to: instant.optional() }),
    output: analyticsSchema,
  },
  listTargets: {
    method: 'GET',
    path: '/api/targets',
    summary: 'List the targets (services under test)',
    permission: 'read',
    status: 200,
    output: z.object({ targets: z.array(targetSchema) }),
  },
  createTarget: {
    method: 'POST',
    path: '/api/targets',
    summary: 'Add a target; what stands in the way of a measurement is in its warnings',
    permission: 'target.write',
    status: 201,
    body: targetInputSchema,
    output: savedTargetSchema,
  },
  checkTargetInput: {
    method: 'POST',
    path: '/api/targets/check',
    summary: 'Ask a service once, without saving it: does it answer, and as it should?',
    permission: 'target.write',
    status: 200,
    query: checkQuery,
    body: targetInputSchema,
    output: checkedTargetSchema,
  },
  checkTarget: {
    method: 'POST',
    path: '/api/targets/{id}/check',
    summary: 'Ask a target once: does it answer, and as it should?',
    permission: 'run',
    status: 200,
    params: idParams,
    query: checkQuery,
    output: checkedTargetSchema,
  },
  getTarget: {
    method: 'GET',
    path: '/api/targets/{id}',
    summary: 'Get one target',
    permission: 'read',
    status: 200,
    params: idParams,
    output: targetSchema,
  },
  replaceTarget: {
    method: 'PUT',
    path: '/api/targets/{id}',
    summary: 'Replace a target',
    permission: 'target.write',
    status: 200,
    params: idParams,
    body: targetInputSchema,
    output: savedTargetSchema,
  },
  deleteTarget: {
    method: 'DELETE',
    path: '/api/targets/{id}',
    summary: 'Delete a target and its history',
    permission: 'target.write',
    status: 200,
    params: idParams,
    output: z.object({ deleted: z.string() }),
  },
  targetLimits: {
    method: 'GET',
    path: '/api/targets/{id}/limits',
    summary: 'Measured limits of a target',
    permission: 'read',
    status: 200,
    params: idParams,
    output: z.object({ target: z.string(), limits: z.array(limitSchema) }),
  },
  predict: {
    method: 'GET',
    path: '/api/targets/{id}/predict',
    summary: 'Predict a run at an intensity (default: the safe one)',
    permission: 'read',
    status: 200,
    params: idParams,
    query: z.object({
      kind: kindSchema.default(BASE_KIND),
      intensity: z.coerce.number('write a number, such as 300').positive('write a number above 0').optional(),
    }),
    output: predictionSchema,
  },
  startTraining: {
    method: 'POST',
    path: '/api/training/start',
    summary: 'Start a measurement (training session)',
    permission: 'run',
    status: 202,
    body: startTrainingSchema,
    output: z.object({ status: z.literal('training_started'), session_id: z.string() }),
  },
  stopTraining: {
    method: 'POST',
    path: '/api/training/stop',
    summary: 'Stop the running session within a second',
    permission: 'run',
    status: 200,
    body: z.strictObject({ session_id: z.string().optional() }),
    output: z.object({ status: z.literal('training_stopped') }),
  },
  runAnyway: {
    method: 'POST',
    path: '/api/training/run-anyway',
    summary: 'Go on measuring on a busy machine, without waiting for it to be quiet',
    permission: 'run',
    status: 200,
    body: z.strictObject({ session_id: z.string().optional() }),
    output: z.object({ status: z.literal('running_anyway') }),
  },
  trainingPlan: {
    method: 'GET',
    path: '/api/training/plan',
    summary: 'What a session would measure in its time, and what that would cost',
    permission: 'read',
    status: 200,
    query: z.object({
      target: z.string().optional(),
      /** Parted by commas, or `all`. */
      kinds: listedKindsSchema.optional(),
      budgetSeconds: z.coerce.number('write a number of seconds, such as 240').min(5).max(86_400).optional(),
    }),
    output: sessionPlanSchema,
  },
  trainingStatus: {
    method: 'GET',
    path: '/api/training/status',
    summary: 'Progress of the running session',
    permission: 'read',
    status: 200,
    output: trainingStatusSchema,
  },
  listSessions: {
    method: 'GET',
    path: '/api/sessions',
    summary: 'List sessions, newest first',
    permission: 'read',
    status: 200,
    query: z.object({ target: z.string().optional(), after: z.string().optional(), limit: limitQuery(50, 500) }),
    output: z.object({ sessions: z.array(sessionRowSchema), next: z.string().nullable() }),
  },
  keepSession: {
    method: 'POST',
    path: '/api/sessions',
    summary: 'Store a session that another process has measured',
    permission: 'run',
    status: 201,
    body: finishedSessionSchema,
    mostBodyBytes: 64 * 1024 * 1024,
    output: sessionRowSchema,
  },
  getSession: {
    method: 'GET',
    path: '/api/sessions/{id}',
    summary: 'Get one session with its scenarios',
    permission: 'read',
    status: 200,
    params: idParams,
    output: sessionRowSchema.extend({ scenarios: z.array(scenarioRowSchema) }),
  },
  resumeSession: {
    method: 'POST',
    path: '/api/sessions/{id}/resume',
    summary: 'Go on with a session that was interrupted or stopped, for the rest of its budget',
    permission: 'run',
    status: 202,
    params: idParams,
    output: z.object({ status: z.literal('training_started'), session_id: z.string() }),
  },
  stopAll: {
    method: 'POST',
    path: '/api/stop-all',
    summary: 'Stop everything that sends load, here and on every instance',
    permission: 'run',
    status: 200,
    output: z.object({ status: z.literal('all_stopped') }),
  },
  sessionReport: {
    method: 'GET',
    path: '/api/sessions/{id}/report',
    summary: 'Report of a session as a file, in one of several formats',
    permission: 'read',
    status: 200,
    params: idParams,
    query: z.object({ format: reportFormatSchema.default('json') }),
    output: z.string(),
  },
  generateScenario: {
    method: 'POST',
    path: '/api/scenarios/generate',
    summary: 'Generate one scenario',
    permission: 'run',
    status: 201,
    body: generateScenarioSchema,
    output: scenarioRowSchema,
  },
  listScenarios: {
    method: 'GET',
    path: '/api/scenarios',
    summary: 'List scenarios, newest first',
    permission: 'read',
    status: 200,
    query: scenariosQuery,
    output: z.object({ scenarios: z.array(scenarioRowSchema), next: z.string().nullable() }),
  },
  getScenario: {
    method: 'GET',
    path: '/api/scenarios/{id}',
    summary: 'Get one scenario with its results and windows; of a long one, its minutes or a part of its seconds',
    permission: 'read',
    status: 200,
    params: idParams,
    query: z.object({
      /** Seconds of a part, in ms since the first planned send: `fromMs` inclusive, `toMs` exclusive. */
      fromMs: z.coerce.number('write a number of milliseconds').optional(),
      toMs: z.coerce.number('write a number of milliseconds').optional(),
    }),
    output: scenarioDetailSchema,
  },
  executeScenario: {
    method: 'POST',
    path: '/api/scenarios/{id}/execute',
    summary: 'Run a scenario; with wait=true, answer when it has finished',
    permission: 'run',
    status: 202,
    params: idParams,
    query: z.object({ wait: z.enum(['true', 'false']).default('false') }),
    /** 202 without waiting; 200 with the finished row when `wait=true`. */
    output: z.object({ scenario_id: z.string(), session_id: z.string() }),
  },
  storage: {
    method: 'GET',
    path: '/api/storage',
    summary: 'What is stored: space, rows, the oldest, and how long it is kept',
    permission: 'read',
    status: 200,
    output: storageSchema,
  },
  setStorage: {
    method: 'PUT',
    path: '/api/storage',
    summary: 'Set how many days each store is kept; what is older is removed within the hour',
    permission: 'storage.write',
    status: 200,
    body: keepDaysInputSchema,
    output: storageSchema,
  },
  recentProblems: {
    method: 'GET',
    path: '/api/problems/recent',
    summary: 'List the newest scenarios in short form',
    permission: 'read',
    status: 200,
    query: z.object({ limit: limitQuery(10, 200) }),
    output: z.object({ problems: z.array(problemSchema) }),
  },
} as const satisfies Record<string, Route>;

export type Routes = typeof ROUTES;
export type RouteName = keyof Routes;
