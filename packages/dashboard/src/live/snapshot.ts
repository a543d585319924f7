import type {
  Client,
  Headroom,
  Limit,
  Mark,
  MetricsSummary,
  ScenarioRow,
  SessionRow,
  Target,
  TrainingStatus,
} from '@hive/contract';
import { CHART_METRICS, pointsOfRows, ROLLING_MS, type ChartPoint } from './chart-points';

/** How many scenarios and sessions the page keeps. */
export const MOST_SCENARIOS = 20;
export const MOST_SESSIONS = 20;
const MOST_MARKS = 20;

/** What the page shows of one target, and of nothing else. */
export interface TargetView {
  /** Newest first. */
  scenarios: readonly ScenarioRow[];
  sessions: readonly SessionRow[];
  /** Of its newest session; null before the first, and until it is loaded: its `session_id` says whose it is. */
  summary: MetricsSummary | null;
  limits: readonly Limit[];
  /** How they compare with its traffic, as it was when the page was loaded; null where the target does not say that. */
  traffic: Headroom | null;
  /** The newest, newest first. */
  marks: readonly Mark[];
  /** Of what runs, and what came in since the page was loaded; oldest first. */
  points: readonly ChartPoint[];
}

/** Everything the page shows, as HTTP tells it. */
export interface Snapshot {
  targets: Target[];
  status: TrainingStatus;
  /** Of all targets, newest first. */
  sessions: SessionRow[];
  /** By target: of the one that is looked at. */
  views: Readonly<Record<string, TargetView>>;
}

/**
 * Asks the API for everything the page shows, of one target: the wanted one, else the one that seems to matter.
 * @throws HiveError as the client does.
 */
export async function loadSnapshot(client: Client, wantedTarget?: string): Promise<Snapshot> {
  const [{ targets }, status] = await Promise.all([client.call('listTargets'), client.call('trainingStatus')]);
  const target = chooseTarget(targets, status, wantedTarget);
  const [{ sessions }, view] = await Promise.all([
    client.call('listSessions', { query: { limit: MOST_SESSIONS } }),
    target === null ? null : loadView(client, target, status),
  ]);
  return { targets, status, sessions, views: target === null || view === null ? {} : { [target]: view } };
}

/** What the page shows of one target. @throws HiveError as the client does. */
async function loadView(client: Client, target: string, status: TrainingStatus): Promise<TargetView> {
  const [{ sessions }, { scenarios }, { limits, traffic }, { marks }, points] = await Promise.all([
    client.call('listSessions', { query: { target, limit: MOST_SESSIONS } }),
    client.call('listScenarios', { query: { target, limit: MOST_SCENARIOS } }),
    client.call('targetLimits', { params: { id: target } }),
    client.call('listMarks', { query: { target, limit: MOST_MARKS } }),
    // A chart of what comes in is shown while a session runs.
    status.running && status.target === target ? loadPoints(client, target) : [],
  ]);
  const [newest] = sessions;
  const summary = newest === undefined ? null : await loadSummary(client, newest.id);
  return { sessions, scenarios, limits, traffic, marks, points, summary };
}

/** Totals of one session. @throws HiveError as the client does. */
export async function loadSummary(client: Client, sessionId: string): Promise<MetricsSummary> {
  return client.call('metricsSummary', { query: { session_id: sessionId } });
}

/** The target the page is about: the wanted one, the one last trained, the practice target, or the first. */
export function chooseTarget(targets: readonly Target[], status: TrainingStatus, wanted?: string): string | null {
  const ids = targets.map(({ id }) => id);
  const inOrder = [wanted, status.target ?? undefined, 'practice', ids[0]];
  return inOrder.find((id) => id !== undefined && ids.includes(id)) ?? null;
}

async function loadPoints(client: Client, target: string): Promise<readonly ChartPoint[]> {
  // Some windows last a few ms.
  const limit = (2 * ROLLING_MS) / 1_000;
  const series = await Promise.all(
    CHART_METRICS.map((metric_type) => client.call('latestMetrics', { query: { metric_type, target, limit } })),
  );
  return pointsOfRows(series.flatMap(({ metrics }) => metrics));
}
