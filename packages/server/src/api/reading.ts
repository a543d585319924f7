import type { RouteName, RouteOutput, RouteParsed } from '@hive/contract';
import type { Reading } from '../actions/actions.js';
import type { Principal } from '../identity/principal.js';

/** Routes that answer from what is stored alone. */
export const READING = [
  'latestMetrics',
  'metricsSummary',
  'performanceAnalytics',
  'listTargets',
  'getTarget',
  'targetLimits',
  'predict',
  'listSessions',
  'getSession',
  'listScenarios',
  'getScenario',
  'recentProblems',
] as const satisfies readonly RouteName[];
export type ReadingRoute = (typeof READING)[number];

type ReadingHandlers = {
  [Name in ReadingRoute]: (actions: Reading, actor: Principal, input: RouteParsed<Name>) => Promise<RouteOutput<Name>>;
};

/** What each of them does: call the verb, name the parts of the answer. */
export const readingHandlers: ReadingHandlers = {
  latestMetrics: async ({ latestMetrics }, actor, { query }) => ({
    metrics: await latestMetrics(actor, {
      scenarioId: query.scenario_id,
      metricType: query.metric_type,
      limit: query.limit,
    }),
  }),
  metricsSummary: ({ summariseMetrics }, actor, { query }) => summariseMetrics(actor, query.session_id),
  performanceAnalytics: ({ analysePerformance }, actor, { query }) => analysePerformance(actor, query),

  listTargets: async ({ listTargets }, actor) => ({ targets: await listTargets(actor) }),
  getTarget: ({ getTarget }, actor, { params }) => getTarget(actor, params.id),
  targetLimits: async ({ targetLimits }, actor, { params }) => ({
    target: params.id,
    limits: await targetLimits(actor, params.id),
  }),
  predict: ({ predictRun }, actor, { params, query }) => predictRun(actor, { target: params.id, ...query }),

  async listSessions({ listSessions }, actor, { query }) {
    const { rows, next } = await listSessions(actor, query);
    return { sessions: rows, next };
  },
  getSession: ({ getSession }, actor, { params }) => getSession(actor, params.id),

  async listScenarios({ listScenarios }, actor, { query }) {
    const { rows, next } = await listScenarios(actor, query);
    return { scenarios: rows, next };
  },
  getScenario: ({ getScenario }, actor, { params }) => getScenario(actor, params.id),
  recentProblems: async ({ recentProblems }, actor, { query }) => ({
    problems: await recentProblems(actor, query.limit),
  }),
};
