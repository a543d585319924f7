import { executedScenarioSchema, ROUTES, type RouteName, type RouteOutput, type RouteParsed } from '@hive/contract';
import type { z } from 'zod';
import { analysePerformance } from '../actions/analyse-performance.js';
import { checkHealth } from '../actions/check-health.js';
import { findTarget } from '../actions/choose-target.js';
import type { Context } from '../actions/context.js';
import { deleteTarget } from '../actions/delete-target.js';
import { executeScenario } from '../actions/execute-scenario.js';
import { generateScenario } from '../actions/generate-scenario.js';
import { keepSession } from '../actions/keep-session.js';
import { predictRun } from '../actions/predict-run.js';
import { readScenario, recentProblems } from '../actions/read-scenario.js';
import { readSession } from '../actions/read-session.js';
import { createTarget, replaceTarget } from '../actions/save-target.js';
import { startTraining } from '../actions/start-training.js';
import { stopTraining } from '../actions/stop-training.js';
import { summariseMetrics } from '../actions/summarise-metrics.js';
import { targetLimits } from '../actions/target-limits.js';

/** An answer with a status other than the route's usual one. */
export class Answer {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {}
}

/** The bodies of those. */
export const OTHER_ANSWERS: { [Name in RouteName]?: Record<number, z.ZodType> } = {
  health: { 503: ROUTES.health.output },
  executeScenario: { 200: executedScenarioSchema },
};

type Handlers = {
  [Name in RouteName]: (context: Context, input: RouteParsed<Name>) => Promise<RouteOutput<Name> | Answer>;
};

/** What each route does: call the action, name the parts of the answer. */
export const handlers: Handlers = {
  service: async ({ version }) => ({ service: 'hive', status: 'running', version }),

  async health(context) {
    const { canServe, ...health } = await checkHealth(context);
    const body = { ...health, timestamp: new Date(context.clock.wall()).toISOString() };
    return canServe ? body : new Answer(503, body);
  },

  latestMetrics: async ({ store }, { query }) => ({
    metrics: await store.latestMetrics({
      scenarioId: query.scenario_id,
      metricType: query.metric_type,
      limit: query.limit,
    }),
  }),
  metricsSummary: (context, { query }) => summariseMetrics(context, query.session_id),
  performanceAnalytics: (context, { query }) => analysePerformance(context, query),

  listTargets: async ({ store }) => ({ targets: await store.listTargets() }),
  createTarget: (context, { body }) => createTarget(context, body),
  getTarget: (context, { params }) => findTarget(context, params.id),
  replaceTarget: (context, { params, body }) => replaceTarget(context, params.id, body),
  async deleteTarget(context, { params }) {
    await deleteTarget(context, params.id);
    return { deleted: params.id };
  },
  targetLimits: async (context, { params }) => ({
    target: params.id,
    limits: await targetLimits(context, params.id),
  }),
  predict: (context, { params, query }) => predictRun(context, params.id, query),

  async startTraining(context, { body }) {
    const { sessionId } = await startTraining(context, body);
    return { status: 'training_started', session_id: sessionId };
  },
  async stopTraining(context, { body }) {
    await stopTraining(context, body.session_id);
    return { status: 'training_stopped' };
  },
  trainingStatus: ({ runner }) => runner.status(),

  async listSessions({ store }, { query }) {
    const { rows, next } = await store.listSessions(query);
    return { sessions: rows, next };
  },
  keepSession: (context, { body }) => keepSession(context, body),
  getSession: (context, { params }) => readSession(context, params.id),

  generateScenario: (context, { body }) => generateScenario(context, body),
  async listScenarios({ store }, { query }) {
    const { rows, next } = await store.listScenarios(query);
    return { scenarios: rows, next };
  },
  getScenario: (context, { params }) => readScenario(context, params.id),
  async executeScenario(context, { params, query }) {
    const execution = await executeScenario(context, params.id);
    if (query.wait === 'true') return new Answer(200, await execution.finished());
    return { scenario_id: execution.scenarioId, session_id: execution.sessionId };
  },
  recentProblems: async (context, { query }) => ({ problems: await recentProblems(context, query.limit) }),
};
