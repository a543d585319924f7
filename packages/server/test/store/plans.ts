import type { RouteName, ROUTES } from '@hive/contract';
import pg from 'pg';
import { expect } from 'vitest';
import type { TestServer } from '../test-server.js';
import type { Filled } from './filled.js';

type GetRoute = { [Name in RouteName]: (typeof ROUTES)[Name]['method'] extends 'GET' ? Name : never }[RouteName];

/** What is asked of each route that reads: each filter that the database sees. */
const PATHS: Record<GetRoute, (filled: Filled) => string[]> = {
  service: () => ['/'],
  health: () => ['/api/health'],
  getTicket: () => ['/api/ticket'],
  latestMetrics: ({ target, session, scenario }) =>
    ['', '&metric_type=throughput', '&metric_type=target_cpu', `&target=${target}`, `&session_id=${session}`]
      .concat(`&scenario_id=${scenario}`, `&target=${target}&metric_type=error_rate`)
      .map((query) => `/api/metrics/latest?limit=500${query}`),
  metricsSummary: ({ session }) => ['/api/metrics/summary', `/api/metrics/summary?session_id=${session}`],
  performanceAnalytics: ({ target }) => [
    '/api/analytics/performance',
    `/api/analytics/performance?target=${target}`,
    '/api/analytics/performance?from=2026-01-01T00:00:00Z',
  ],
  listTargets: () => ['/api/targets'],
  getTarget: ({ target }) => [`/api/targets/${target}`],
  targetLimits: ({ target }) => [`/api/targets/${target}/limits`],
  predict: ({ target }) => [`/api/targets/${target}/predict`],
  trainingPlan: ({ target }) => [`/api/training/plan?target=${target}`],
  trainingStatus: () => ['/api/training/status'],
  listSessions: ({ target }) => ['/api/sessions', `/api/sessions?target=${target}`],
  getSession: ({ session }) => [`/api/sessions/${session}`],
  sessionCourse: ({ session }) => [`/api/sessions/${session}/course`],
  sessionReport: ({ session }) => [`/api/sessions/${session}/report?format=json`],
  compareSessions: ({ session }) => [`/api/compare?a=${session}&b=session-3`],
  listScenarios: ({ target, session }) =>
    ['', `target=${target}`, `session=${session}`, 'kind=load_balancing', 'verdict=failed', 'text=nothing']
      .concat(`target=${target}&kind=load_balancing&difficulty=hard`, 'from=2026-01-01T00:00:00Z')
      .concat('validity=invalid', 'verdict=failed&format=csv', 'format=json')
      .map((query) => `/api/scenarios?${query}`),
  countScenarios: ({ target }) => ['/api/scenarios/counts', `/api/scenarios/counts?target=${target}`],
  getScenario: ({ scenario }) => [`/api/scenarios/${scenario}`, `/api/scenarios/${scenario}?fromMs=0&toMs=5000`],
  scenarioHeatmap: ({ scenario }) => [`/api/scenarios/${scenario}/heatmap`],
  listMarks: ({ target }) => ['/api/marks', `/api/marks?target=${target}&from=2026-01-01T00:00:00Z`],
  fleet: () => ['/api/fleet'],
  listSchedules: ({ target }) => ['/api/schedules', `/api/schedules?target=${target}`],
  getSchedule: () => [],
  listRules: () => ['/api/rules'],
  getRule: () => ['/api/rules/rul_checks_fail'],
  listIncidents: ({ target }) => ['/api/incidents', `/api/incidents?target=${target}&status=open`],
  getIncident: () => [],
  listMaintenance: () => ['/api/maintenance'],
  listChannels: () => ['/api/channels'],
  getChannel: () => [],
  listSecrets: () => ['/api/secrets'],
  // It asks the practice target, and no other has one.
  targetTruth: () => [],
  listChecks: ({ target }) => [`/api/checks?target=${target}&from=2026-01-01T00:00:00Z`],
  storage: () => ['/api/storage'],
  recentProblems: () => ['/api/problems/recent?limit=50'],
  me: () => ['/api/me'],
  listUsers: () => ['/api/users'],
  listAudit: () => ['/api/audit', '/api/audit?who=anyone', '/api/audit?action=stopAll&outcome=done'],
  listTokens: () => ['/api/tokens'],
  // It is of who is signed in.
  listOwnSessions: () => [],
};

/** Every path, by the route that answers it. */
export function pathsOf(filled: Filled): [RouteName, string][] {
  return (Object.keys(PATHS) as GetRoute[]).flatMap((name) =>
    PATHS[name](filled).map((path): [RouteName, string] => [name, path]),
  );
}

interface Statement {
  text: string;
  values: unknown[];
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: PlanNode[];
}

/** What grows for as long as Hive is used. */
const LARGE = /^(performance_metrics|windows|rollups|test_scenarios|training_sessions)/;
/** Counts what is grouped, reading no result; counts what is smaller than 4 MiB; looks for a text in what each run says of itself. */
const COUNTS = /group by|count\(\*\)::text as n from| ilike /;

/** Records the statements that pools made from now on run. */
export function recordStatements(): { statements: Statement[]; stop(): void } {
  const statements: Statement[] = [];
  const prototype = pg.Client.prototype as unknown as { query: (...input: unknown[]) => unknown };
  const { query } = prototype;
  prototype.query = function (this: unknown, ...input) {
    const [statement, values] = input as [string | Statement, unknown[] | undefined];
    const own = typeof statement === 'string' ? { text: statement, values: [] } : statement;
    statements.push({ text: own.text, values: Array.isArray(values) ? values : (own.values ?? []) });
    return query.apply(this, input);
  };
  return { statements, stop: () => Object.assign(prototype, { query }) };
}

/** Asks a path, and returns what it read by going through a large table from its beginning to its end. */
export async function sequentialReads(
  server: TestServer,
  { path, statements, client }: { path: string; statements: Statement[]; client: pg.Client },
): Promise<string[]> {
  const answer = await server.app.inject(path);
  expect([path, answer.statusCode]).toEqual([path, 200]);
  // Asking for plans is recorded too.
  const asked = statements.splice(0).filter(({ text }) => /^\s*(select|with)/i.test(text) && !COUNTS.test(text));
  const found: string[] = [];
  const isSmall = await smallTables(client);
  for (const { text, values } of asked) {
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `explain (format json) ${text}`,
      values,
    );
    for (const node of nodesOf(rows[0]?.['QUERY PLAN'][0].Plan)) {
      const table = node['Relation Name'] ?? '';
      if (node['Node Type'] === 'Seq Scan' && LARGE.test(table) && !isSmall(table)) {
        found.push(`${path} reads all of ${table}: ${text}`);
      }
    }
  }
  statements.length = 0;
  return found;
}

/** The days to come have partitions already: nothing, or next to nothing, is faster to read to its end. */
async function smallTables(client: pg.Client): Promise<(name: string) => boolean> {
  const { rows } = await client.query<{ name: string }>(
    "select relname as name from pg_class where relkind = 'r' and reltuples between 0 and 99",
  );
  const names = new Set(rows.map(({ name }) => name));
  return (name) => names.has(name);
}

function nodesOf(node: PlanNode | undefined): PlanNode[] {
  return node === undefined ? [] : [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
