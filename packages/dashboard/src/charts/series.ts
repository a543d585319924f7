import type { ChartPoint } from '../live/chart-points';
import type { PlotSeries } from './time-plot';

type Field = 'p50' | 'p95' | 'p99' | 'throughput' | 'offered';

export interface ChartSeries extends PlotSeries {
  field: Field;
}

export const LATENCY_SERIES: readonly ChartSeries[] = [
  { field: 'p50', label: 'p50', color: '--chart-p50' },
  { field: 'p95', label: 'p95', color: '--chart-p95' },
  { field: 'p99', label: 'p99', color: '--chart-p99' },
];
export const RATE_SERIES: readonly ChartSeries[] = [
  { field: 'offered', label: 'sent', color: '--chart-offered', dashed: true },
  { field: 'throughput', label: 'good answers', color: '--chart-throughput', filled: true },
];

/** A pause longer than this breaks the line. */
const PAUSE_MS = 2_500;
const SHOWN_SECONDS = 90;

export interface ChartRows {
  /** One row a column of the plot; null is a break between two runs or after a pause. */
  rows: readonly (ChartPoint | null)[];
  /** s */
  times: number[];
  marks: number[];
  range: [number, number];
}

/** Lays points out on the time axis: lines break between runs, each run's first window is marked, the newest is at the right. The last seconds are shown, or all. */
export function layOut(points: readonly ChartPoint[], shown: 'newest' | 'all' = 'newest'): ChartRows {
  const rows: (ChartPoint | null)[] = [];
  const times: number[] = [];
  const marks: number[] = [];
  let last: ChartPoint | undefined;
  for (const point of points) {
    const begins = last?.scenarioId !== point.scenarioId;
    if (last && (begins || point.atMs - last.atMs > PAUSE_MS)) {
      rows.push(null);
      times.push((last.atMs + point.atMs) / 2_000);
    }
    if (begins && last) marks.push((last.atMs + point.atMs) / 2_000);
    rows.push(point);
    times.push(point.atMs / 1_000);
    last = point;
  }
  const end = times.at(-1) ?? 0;
  const begin = shown === 'newest' ? end - SHOWN_SECONDS : (times[0] ?? 0);
  return { rows, times, marks, range: [begin, end] };
}

/** One series as the plot wants it. A logarithmic axis has no place for zero. */
export function column(rows: ChartRows['rows'], field: Field): (number | null)[] {
  return rows.map((row) => row?.[field] ?? null);
}
