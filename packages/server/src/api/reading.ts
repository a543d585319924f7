import {
  ROUTES,
  type RouteInput,
  type RouteName,
  type RouteOutput,
  type RouteParsed,
  type Labels,
} from '@hive/contract';
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
  | 'sessionCourse'
  | 'listScenarios'
  | 'countScenarios'
  | 'getScenario'
  | 'scenarioHeatmap'
  | 'recentProblems'
  | 'listMarks'
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

  async listTargets({ listTargets }, actor, { query }) {
    const { rows, next } = await listTargets(actor, query.after);
    return { targets: rows, next };
  },
  getTarget: ({ getTarget }, actor, { params }) => getTarget(actor, params.id),
  targetLimits: async ({ targetLimits }, actor, { params }) => ({
    target: params.id,
    ...(await targetLimits(actor, params.id)),
  }),
  predict: ({ predictRun }, actor, { params, query }) => predictRun(actor, { target: params.id, ...query }),

  async listSessions({ listSessions }, actor, { query }) {
    const { label, ...page } = query;
    const labels = label === undefined ? undefined : labelIn(label);
    const { rows, next } = await listSessions(actor, { ...page, labels });
    return { sessions: rows, next };
  },
  getSession: ({ getSession }, actor, { params }) => getSession(actor, params.id),
  sessionCourse: ({ sessionCourse }, actor, { params }) => sessionCourse(actor, params.id),

  async listScenarios({ listScenarios }, actor, { query }) {
    const { rows, next } = await listScenarios(actor, query);
    return { scenarios: rows, next };
  },
  countScenarios: ({ countScenarios }, actor, { query }) => countScenarios(actor, query),
  getScenario: ({ getScenario }, actor, { params, query }) => getScenario(actor, { id: params.id, ...query }),
  scenarioHeatmap: ({ scenarioHeatmap }, actor, { params, query }) =>
    scenarioHeatmap(actor, { id: params.id, ...query }),
  recentProblems: async ({ recentProblems }, actor, { query }) => ({
    problems: await recentProblems(actor, query.limit),
  }),
  listMarks: async ({ listMarks }, actor, { query }) => ({ marks: await listMarks(actor, query) }),
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

/** `name=value`, as the query has it. */
function labelIn(text: string): Labels {
  const at = text.indexOf('=');
  return { [text.slice(0, at)]: text.slice(at + 1) };
}
