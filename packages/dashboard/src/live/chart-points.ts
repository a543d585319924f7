import type { CoursePoint, MetricRow, Window } from '@hive/contract';

/** What the chart shows of one window. Latencies in ms, rates in 1/s; null where nothing was measured. */
export interface ChartPoint {
  /** Wall time of the window's end, ms. */
  atMs: number;
  /** Length of the window, ms. */
  ms: number;
  scenarioId: string;
  /** As it is stored. A live one holds its place until then. */
  kept: boolean;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  throughput: number | null;
  offered: number | null;
}

/** How much of the past is kept for the chart. */
export const ROLLING_MS = 120_000;

/** A live rate over less than this says nothing. */
const SHORTEST_RATE_MS = 100;
/** A stored window shorter than this becomes part of the one beside it: at the ends of phases some last a few ms. */
const SHORTEST_KEPT_MS = 500;
/** How long stored windows are, ms. */
const USUAL_KEPT_MS = 1_000;

const empty: readonly ChartPoint[] = [];

/** The point of one window. A window without an answer has no percentiles; one after the last planned send has no rates. */
export function pointOf(window: Window, kept: boolean): ChartPoint {
  const { count, p50, p95, p99 } = window.responseTimeMs;
  const ms = window.toMs - window.fromMs;
  const hasRates = window.phase !== 'grace' && (kept || ms >= SHORTEST_RATE_MS);
  return {
    atMs: Date.parse(window.at),
    ms,
    scenarioId: window.scenarioId,
    kept,
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

/** Joins stored rows of the five series to the points that their windows gave when they were live, oldest first. */
export function pointsOfRows(rows: readonly MetricRow[]): readonly ChartPoint[] {
  const points = new Map<string, ChartPoint>();
  for (const row of rows) {
    const field = FIELDS[row.metric_type as keyof typeof FIELDS];
    if (field === undefined) continue;
    const isRate = field === 'throughput' || field === 'offered';
    if (isRate && row.metadata['phase'] === 'grace') continue;
    const key = `${row.scenario_id} ${row.timestamp} ${String(row.metadata['from_ms'])}`;
    let point = points.get(key);
    if (!point) points.set(key, (point = emptyPoint(row)));
    point[field] = row.value;
  }
  const inOrder = [...points.values()].toSorted((a, b) => a.atMs - b.atMs);
  return inOrder.reduce((sofar, point) => addPoint(sofar, withLength(point, sofar.at(-1))), empty);
}

/** The points of a session from its beginning, short windows joined with the one before. */
export function pointsOfCourse(course: readonly CoursePoint[]): ChartPoint[] {
  const points: ChartPoint[] = [];
  for (const { at, scenario_id, ...figures } of course) {
    const point = { ...figures, atMs: Date.parse(at), scenarioId: scenario_id, kept: true };
    const before = points.at(-1);
    const isNext = before?.scenarioId === scenario_id && isOfOneKind(before, point);
    if (isNext && Math.min(before.ms, point.ms) < SHORTEST_KEPT_MS) points[points.length - 1] = joined(before, point);
    else points.push(point);
  }
  return points;
}

/**
 * Adds a point to others, oldest first; only the last {@link ROLLING_MS} before the newest stay. A stored one takes the place of the live ones of
 * its scenario up to its end, and a short one is joined with the one before. A live one that is not newer than the last is put aside.
 */
export function addPoint(points: readonly ChartPoint[], point: ChartPoint): readonly ChartPoint[] {
  if (!point.kept) {
    const last = points.at(-1);
    return last && point.atMs <= last.atMs ? points : recent([...points, point]);
  }
  // They come in order: one that is not newer is known already.
  if (points.some(({ kept, scenarioId, atMs }) => kept && scenarioId === point.scenarioId && atMs >= point.atMs))
    return points;
  const others = points.filter(
    (other) => other.kept || other.scenarioId !== point.scenarioId || other.atMs > point.atMs,
  );
  const place = others.findLastIndex((other) => other.atMs <= point.atMs) + 1;
  const before = others[place - 1];
  const after = others.slice(place);
  const isNext = before?.kept === true && before.scenarioId === point.scenarioId && isOfOneKind(before, point);
  if (isNext && Math.min(before.ms, point.ms) < SHORTEST_KEPT_MS)
    return recent([...others.slice(0, place - 1), joined(before, point), ...after]);
  return recent([...others.slice(0, place), point, ...after]);
}

/** What is stored, and what came live after it. */
export function joinPoints(stored: readonly ChartPoint[], live: readonly ChartPoint[]): readonly ChartPoint[] {
  const newest = stored.at(-1)?.atMs ?? -Infinity;
  return recent([...stored, ...live.filter(({ atMs }) => atMs > newest)]);
}

/** Rates of sending and of what only drains are not joined. */
function isOfOneKind(one: ChartPoint, other: ChartPoint): boolean {
  return (one.offered === null) === (other.offered === null);
}

/** Two windows in a row as one: rates by their lengths; percentiles cannot be joined, so the longer window has them. */
function joined(one: ChartPoint, next: ChartPoint): ChartPoint {
  const ms = one.ms + next.ms;
  const [longer, shorter] = one.ms >= next.ms ? [one, next] : [next, one];
  const rate = (a: number | null, b: number | null): number | null =>
    a === null || b === null ? (a ?? b) : (a * one.ms + b * next.ms) / ms;
  return {
    ...next,
    ms,
    p50: longer.p50 ?? shorter.p50,
    p95: longer.p95 ?? shorter.p95,
    p99: longer.p99 ?? shorter.p99,
    throughput: rate(one.throughput, next.throughput),
    offered: rate(one.offered, next.offered),
  };
}

function recent(points: readonly ChartPoint[]): readonly ChartPoint[] {
  const oldest = (points.at(-1)?.atMs ?? 0) - ROLLING_MS;
  return points.filter((point) => point.atMs >= oldest);
}

/** Rows of 0.1.0 do not say how long their windows were: at most as long as the time since the one before. */
function withLength(point: ChartPoint, before: ChartPoint | undefined): ChartPoint {
  if (!Number.isNaN(point.ms)) return point;
  const since = before?.scenarioId === point.scenarioId ? point.atMs - before.atMs : USUAL_KEPT_MS;
  return { ...point, ms: Math.min(USUAL_KEPT_MS, since) };
}

function emptyPoint({ timestamp, scenario_id, metadata: { from_ms: from, to_ms: to } }: MetricRow): ChartPoint {
  const hasLength = typeof from === 'number' && typeof to === 'number';
  return {
    atMs: Date.parse(timestamp),
    ms: hasLength ? to - from : Number.NaN,
    scenarioId: scenario_id,
    kept: true,
    p50: null,
    p95: null,
    p99: null,
    throughput: null,
    offered: null,
  };
}
