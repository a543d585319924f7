import type { Client, Limit, MetricsSummary, ScenarioRow, SessionRow, Target, TrainingStatus } from '@hive/contract';
import { CHART_METRICS, pointsOfRows, ROLLING_MS, type ChartPoint } from './chart-points';

/** How many scenarios and sessions the page keeps. */
export const MOST_SCENARIOS = 20;
export const MOST_SESSIONS = 20;

/** Everything the page shows, as HTTP tells it. */
export interface Snapshot {
  targets: Target[];
  status: TrainingStatus;
  /** Newest first. */
  sessions: SessionRow[];
  scenarios: ScenarioRow[];
  /** Of everything that ever ran. */
  total: MetricsSummary;
  /** Of the running session or, when none runs, of the last one; null before the first. */
  session: MetricsSummary | null;
  limits: Record<string, Limit[]>;
  points: readonly ChartPoint[];
}

/**
 * Asks the API for everything the page shows; limits of one target: the wanted one, else the one that seems to matter.
 * @throws HiveError as the client does.
 */
export async function loadSnapshot(client: Client, wantedTarget?: string): Promise<Snapshot> {
  const [{ targets }, status] = await Promise.all([client.call('listTargets'), client.call('trainingStatus')]);
  const target = chooseTarget(targets, status, wantedTarget);
  const [{ sessions }, { scenarios }, { total, session }, limits, points] = await Promise.all([
    client.call('listSessions', { query: { limit: MOST_SESSIONS } }),
    client.call('listScenarios', { query: { limit: MOST_SCENARIOS } }),
    loadSummaries(client, status.session_id),
    target === null ? [] : loadLimits(client, target),
    loadPoints(client),
  ]);
  return {
    targets,
    status,
    sessions,
    scenarios,
    total,
    session,
    limits: target === null ? {} : { [target]: limits },
    points,
  };
}

/** Totals of everything, and of one session. */
export async function loadSummaries(
  client: Client,
  sessionId: string | null,
): Promise<{ total: MetricsSummary; session: MetricsSummary | null }> {
  const [total, session] = await Promise.all([
    client.call('metricsSummary'),
    sessionId === null ? null : client.call('metricsSummary', { query: { session_id: sessionId } }),
  ]);
  return { total, session };
}

/** What has been learned about one target. */
export async function loadLimits(client: Client, target: string): Promise<Limit[]> {
  return (await client.call('targetLimits', { params: { id: target } })).limits;
}

/** The target the page is about: the wanted one, the one last trained, the practice target, or the first. */
export function chooseTarget(targets: readonly Target[], status: TrainingStatus, wanted?: string): string | null {
  const ids = targets.map(({ id }) => id);
  const inOrder = [wanted, status.target ?? undefined, 'practice', ids[0]];
  return inOrder.find((id) => id !== undefined && ids.includes(id)) ?? null;
}

async function loadPoints(client: Client): Promise<ChartPoint[]> {
  const limit = ROLLING_MS / 1_000;
  const series = await Promise.all(
    CHART_METRICS.map((metric_type) => client.call('latestMetrics', { query: { metric_type, limit } })),
  );
  return pointsOfRows(series.flatMap(({ metrics }) => metrics));
}
