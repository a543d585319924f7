import { ROUTES, type RouteInput, type RouteName, type RouteOutput, type RouteParsed } from '@hive/contract';
import type { z } from 'zod';
import type { Reading } from '../actions/actions.js';
import type { Principal } from '../identity/principal.js';

/** A route that answers from what is stored alone. */
export type ReadingRoute = Extract<
  RouteName,
  | 'latestMetrics'
  | 'metricsSummary'
  | 'performanceAnalytics'
  | 'listTargets'
  | 'getTarget'
  | 'targetLimits'
  | 'predict'
  | 'listSessions'
  | 'getSession'
  | 'listScenarios'
  | 'getScenario'
  | 'recentProblems'
  | 'storage'
>;

type ReadingHandlers = {
  [Name in ReadingRoute]: (actions: Reading, actor: Principal, input: RouteParsed<Name>) => Promise<RouteOutput<Name>>;
};

/** What each of them does: call the verb, name the parts of the answer. */
export const readingHandlers: ReadingHandlers = {
  latestMetrics: async ({ latestMetrics }, actor, { query }) => ({
    metrics: await latestMetrics(actor, {
      scenarioId: query.scenario_id,
      metricType: query.metric_type,
      target: query.target,
      session: query.session_id,
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
  getScenario: ({ getScenario }, actor, { params, query }) => getScenario(actor, { id: params.id, ...query }),
  recentProblems: async ({ recentProblems }, actor, { query }) => ({
    problems: await recentProblems(actor, query.limit),
  }),
  storage: ({ storage }, actor) => storage(actor),
};

/** Answers a route that only reads, without HTTP: as the client of the contract calls it. */
export interface Query {
  /** @throws HiveError as the route does. */
  <Name extends ReadingRoute>(
    name: Name,
    ...input: Record<never, never> extends RouteInput<Name> ? [RouteInput<Name>?] : [RouteInput<Name>]
  ): Promise<RouteOutput<Name>>;
}

type AnyHandler<Output> = (
  actions: Reading,
  actor: Principal,
  input: { params: unknown; query: unknown; body: undefined },
) => Promise<Output>;

/** A query of what these verbs read, in the name of `actor`. */
export function queryOf(actions: Reading, actor: Principal): Query {
  return async (name, ...[input]) => {
    const { params, query }: { params?: unknown; query?: unknown } = input ?? {};
    const route: { path: string; query?: z.ZodType } = ROUTES[name];
    const handle = readingHandlers[name] as AnyHandler<RouteOutput<typeof name>>;
    return handle(actions, actor, { params, query: route.query?.parse(query ?? {}), body: undefined });
  };
}
