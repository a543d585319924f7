import { z } from 'zod';
import { analyticsSchema, summarySchema } from './analytics.js';
import { createScenarioSchema } from './asked-run.js';
import { checkedTargetSchema, savedTargetSchema } from './check.js';
import { BASE_KIND, kindSchema } from './kind.js';
import { importedTargetSchema, importInputSchema, MOST_IMPORT_BODY } from './importing.js';
import { INCIDENT_ROUTES } from './incident-routes.js';
import { healthSchema } from './health.js';
import { heatmapSchema, MOST_HEATMAP_COLUMNS } from './heatmap.js';
import { limitSchema } from './limit.js';
import { markInputSchema, markSchema, marksQuery } from './mark.js';
import { practiceInputSchema, practiceStateSchema, practiceTruthSchema, truthQuery } from './practice.js';
import { predictionSchema } from './prediction.js';
import {
  problemSchema,
  scenarioCountsSchema,
  scenarioDetailSchema,
  scenarioPreviewSchema,
  scenarioRowSchema,
} from './scenario.js';
import { keepDaysInputSchema, storageSchema } from './storage.js';
import {
  executeScenarioSchema,
  generateScenarioSchema,
  idParams,
  instant,
  limitQuery,
  scenariosFilter,
  scenariosQuery,
} from './route-inputs.js';
import { targetInputSchema, targetSchema } from './target.js';
import { headroomSchema } from './traffic.js';
import { METRIC_TYPES, metricRowSchema } from './window.js';
import type { Route } from './route.js';
import { APPLY_ROUTES } from './apply-routes.js';
import { ACCOUNT_ROUTES } from './account-routes.js';
import { CHANNEL_ROUTES } from './channel-routes.js';
import { SESSION_ROUTES } from './session-routes.js';
import { TEAM_ROUTES } from './team-routes.js';
import { FLEET_ROUTES } from './fleet-routes.js';

/** `writes=true`: send also requests that write, where the target allows it. */
const checkQuery = z.object({ writes: z.enum(['true', 'false']).default('false') });

const intensityQuery = z.coerce.number('write a number, such as 300').positive('write a number above 0');

/** Every HTTP route of the API: the server registers exactly these, the client is derived from them. */
export const ROUTES = {
  ...ACCOUNT_ROUTES,
  ...SESSION_ROUTES,
  ...TEAM_ROUTES,
  ...FLEET_ROUTES,
  ...INCIDENT_ROUTES,
  ...APPLY_ROUTES,
  ...CHANNEL_ROUTES,
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
  getTicket: {
    method: 'GET',
    path: '/api/ticket',
    summary: 'Get a ticket, which stands for the token for a few minutes',
    permission: 'read',
    status: 200,
    /** Both null where no token is needed. */
    output: z.object({ ticket: z.string().nullable(), expires_in_seconds: z.number().nullable() }),
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
    query: z.object({ after: z.string().optional() }),
    /** `next`: the `after` of the following page; null: these are all. */
    output: z.object({ targets: z.array(targetSchema), next: z.string().nullable() }),
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
  importTarget: {
    method: 'POST',
    path: '/api/targets/import',
    summary:
      'Make a description of a target from an OpenAPI document, HAR recording, Postman collection, curl command or access log; nothing is saved',
    permission: 'target.write',
    status: 200,
    body: importInputSchema,
    mostBodyBytes: MOST_IMPORT_BODY,
    output: importedTargetSchema,
  },
  readTarget: {
    method: 'POST',
    path: '/api/targets/read',
    summary:
      'Read a description of a target: the answer has every default filled in; nothing is saved, nothing is dialled',
    permission: 'target.write',
    status: 200,
    body: targetInputSchema,
    output: targetSchema,
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
    /** `traffic`: null where the target does not say it. */
    output: z.object({ target: z.string(), limits: z.array(limitSchema), traffic: headroomSchema.nullable() }),
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
      intensity: intensityQuery.optional(),
      /** Answer with `chances` too, evenly up to this intensity. */
      upTo: intensityQuery.optional(),
    }),
    output: predictionSchema,
  },
  targetTruth: {
    method: 'GET',
    path: '/api/targets/{id}/truth',
    summary: 'What the practice target that this Hive started can really take; 404 for any other target',
    permission: 'read',
    status: 200,
    params: idParams,
    query: truthQuery,
    output: practiceTruthSchema,
  },
  setPractice: {
    method: 'POST',
    path: '/api/targets/{id}/practice',
    summary: 'Take capacity away from the practice target that this Hive started, or give it back',
    permission: 'run',
    status: 200,
    params: idParams,
    body: practiceInputSchema,
    output: practiceStateSchema,
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
  createScenario: {
    method: 'POST',
    path: '/api/scenarios',
    summary: 'Create one scenario from a kind, a load, a time and faults',
    permission: 'run',
    status: 201,
    body: createScenarioSchema,
    output: scenarioRowSchema,
  },
  previewScenario: {
    method: 'POST',
    path: '/api/scenarios/preview',
    summary: 'What POST /api/scenarios would create from the same body; nothing is kept',
    permission: 'run',
    status: 200,
    body: createScenarioSchema,
    output: scenarioPreviewSchema,
  },
  listScenarios: {
    method: 'GET',
    path: '/api/scenarios',
    summary: 'List scenarios, newest first; with format=csv or format=json, all that fit as a file',
    permission: 'read',
    status: 200,
    query: scenariosQuery,
    output: z.object({ scenarios: z.array(scenarioRowSchema), next: z.string().nullable() }),
  },
  countScenarios: {
    method: 'GET',
    path: '/api/scenarios/counts',
    summary: 'Count scenarios by verdict, kind and validity, with the filters of the list',
    permission: 'read',
    status: 200,
    query: scenariosFilter,
    output: scenarioCountsSchema,
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
  scenarioHeatmap: {
    method: 'GET',
    path: '/api/scenarios/{id}/heatmap',
    summary: 'When the response times of a run were what: times by latency, and its percentiles',
    permission: 'read',
    status: 200,
    params: idParams,
    query: z.object({ columns: limitQuery(240, MOST_HEATMAP_COLUMNS) }),
    output: heatmapSchema,
  },
  executeScenario: {
    method: 'POST',
    path: '/api/scenarios/{id}/execute',
    summary: 'Run a scenario; with wait=true, answer when it has finished',
    permission: 'run',
    status: 202,
    params: idParams,
    query: z.object({ wait: z.enum(['true', 'false']).default('false') }),
    body: executeScenarioSchema,
    /** 202 without waiting; 200 with the finished row when `wait=true`. */
    output: z.object({ scenario_id: z.string(), session_id: z.string() }),
  },
  createMark: {
    method: 'POST',
    path: '/api/marks',
    summary: 'Record a release, or anything else that may change limits',
    permission: 'run',
    status: 201,
    body: markInputSchema,
    output: markSchema,
  },
  listMarks: {
    method: 'GET',
    path: '/api/marks',
    summary: 'List marks, newest first: those of a target, and those of all targets',
    permission: 'read',
    status: 200,
    query: marksQuery,
    output: z.object({ marks: z.array(markSchema) }),
  },
  deleteMark: {
    method: 'DELETE',
    path: '/api/marks/{id}',
    summary: 'Delete a mark',
    permission: 'run',
    status: 200,
    params: idParams,
    output: z.object({ deleted: z.string() }),
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
