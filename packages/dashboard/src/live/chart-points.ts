import type { MetricRow, Window } from '@hive/contract';

/** What the chart shows of one window. Latencies in ms, rates in 1/s; null where nothing was measured. */
export interface ChartPoint {
  /** Wall time of the window's end, ms. */
  atMs: number;
  scenarioId: string;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  throughput: number | null;
  offered: number | null;
}

/** How much of the past is kept for the chart. */
export const ROLLING_MS = 120_000;

/** A rate over less than this says nothing. */
const SHORTEST_RATE_MS = 100;

/** The point of one live window. A window without an answer has no percentiles; one after the last planned send has no rates. */
export function pointOf(window: Window): ChartPoint {
  const { count, p50, p95, p99 } = window.responseTimeMs;
  const hasRates = window.phase !== 'grace' && window.toMs - window.fromMs >= SHORTEST_RATE_MS;
  return {
    atMs: Date.parse(window.at),
    scenarioId: window.scenarioId,
    p50: count > 0 ? p50 : null,
    p95: count > 0 ? p95 : null,
    p99: count > 0 ? p99 : null,
    throughput: hasRates ? window.throughputPerSecond : null,
    offered: hasRates ? window.offeredPerSecond : null,
  };
}

const FIELDS = {
  response_time_p50: 'p50',
  response_time_p95: 'p95',
  response_time_p99: 'p99',
  throughput: 'throughput',
  offered_rate: 'offered',
} as const;
/** The kept series that make up the chart. */
export const CHART_METRICS = Object.keys(FIELDS) as (keyof typeof FIELDS)[];

/** Joins kept rows of the five series to points, oldest first, without rates after the last planned send, as when live; only the last {@link ROLLING_MS} before the newest. */
export function pointsOfRows(rows: readonly MetricRow[]): ChartPoint[] {
  const points = new Map<string, ChartPoint>();
  for (const row of rows) {
    const field = FIELDS[row.metric_type as keyof typeof FIELDS];
    if (field === undefined) continue;
    const isRate = field === 'throughput' || field === 'offered';
    if (isRate && row.metadata['phase'] === 'grace') continue;
    const key = `${row.scenario_id} ${row.timestamp}`;
    let point = points.get(key);
    if (!point) points.set(key, (point = emptyPoint(Date.parse(row.timestamp), row.scenario_id)));
    point[field] = row.value;
  }
  return recent([...points.values()].toSorted((a, b) => a.atMs - b.atMs));
}

/** Appends a point. One that is not newer than the last is put aside: time goes forward only. */
export function appendPoint(points: readonly ChartPoint[], point: ChartPoint): readonly ChartPoint[] {
  const last = points.at(-1);
  if (last && point.atMs <= last.atMs) return points;
  return recent([...points, point]);
}

function recent(points: readonly ChartPoint[]): ChartPoint[] {
  const oldest = (points.at(-1)?.atMs ?? 0) - ROLLING_MS;
  return points.filter((point) => point.atMs >= oldest);
}

function emptyPoint(atMs: number, scenarioId: string): ChartPoint {
  return { atMs, scenarioId, p50: null, p95: null, p99: null, throughput: null, offered: null };
}
