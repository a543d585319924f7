import type { MetricRow, Window } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { roundMarks } from '../src/charts/round-marks.js';
import { layOut } from '../src/charts/series.js';
import { addPoint, CHART_METRICS, pointOf, pointsOfRows, type ChartPoint } from '../src/live/chart-points.js';
import { at, window } from './message-samples.js';

const NONE: readonly ChartPoint[] = [];
/** A window from one time of its scenario to another, with this many good answers. */
const part = (fromMs: number, toMs: number, good: number, phase: Window['phase'] = 'judged'): Window => ({
  ...window('a', toMs),
  fromMs,
  toMs,
  phase,
  throughputPerSecond: good / ((toMs - fromMs) / 1_000),
  offeredPerSecond: good / ((toMs - fromMs) / 1_000),
});
/** The rows that the store keeps of a window. */
function rowsOf({ at: timestamp, fromMs, toMs, phase, ...measured }: Window, hasLength = true): MetricRow[] {
  const { p50, p95, p99 } = measured.responseTimeMs;
  const values = [p50, p95, p99, measured.throughputPerSecond, measured.offeredPerSecond];
  const metadata = hasLength ? { phase, from_ms: fromMs, to_ms: toMs } : { phase };
  return CHART_METRICS.map((metric_type, index) => ({
    id: index,
    timestamp,
    metric_type,
    value: values[index] ?? 0,
    scenario_id: measured.scenarioId,
    metadata,
  }));
}

describe('the chart', () => {
  const point = (atMs: number, scenarioId: string): ChartPoint => ({
    ...pointOf(window(scenarioId, 0), true),
    atMs,
  });

  it('breaks its lines between scenarios and marks where one begins', () => {
    const { rows, times, marks, range } = layOut([point(1_000, 'a'), point(2_000, 'a'), point(4_000, 'b')]);
    expect(rows.map((row) => row?.scenarioId ?? null)).toEqual(['a', 'a', null, 'b']);
    expect(times).toEqual([1, 2, 3, 4]);
    expect(marks).toEqual([3]);
    expect(range[1]).toBe(4);
  });

  it('breaks after a pause too', () => {
    expect(layOut([point(1_000, 'a'), point(9_000, 'a')]).rows).toHaveLength(3);
  });

  it('joins the kept series by time', () => {
    const row = (
      metric_type: MetricRow['metric_type'],
      value: number,
      fromMs: number,
      phase = 'judged',
    ): MetricRow => ({
      id: 1,
      timestamp: at(fromMs + 1_000),
      metric_type,
      value,
      scenario_id: 'a',
      metadata: { phase, from_ms: fromMs, to_ms: fromMs + 1_000 },
    });
    const points = pointsOfRows([
      row('throughput', 40, 1_000),
      row('throughput', 30, 0),
      row('response_time_p95', 12, 0),
      row('connections', 8, 0),
      row('response_time_p95', 15, 2_000, 'grace'),
      row('offered_rate', 0, 2_000, 'grace'),
    ]);
    expect(points.map(({ p95, throughput, offered }) => [p95, throughput, offered])).toEqual([
      [12, 30, null],
      [null, 40, null],
      // Nothing is sent any more: that is no rate of zero.
      [15, null, null],
    ]);
  });

  it('joins a window of a few ms with the one beside it, its rate weighted by its length', () => {
    const rates = (windows: Window[]) =>
      windows
        .map((one) => pointOf(one, true))
        .reduce(addPoint, NONE)
        .map(({ throughput }) => throughput);
    expect(rates([part(0, 1_000, 105), part(1_000, 1_004, 1)])).toEqual([expect.closeTo(105.6, 1)]);
    expect(rates([part(0, 8, 2), part(8, 1_008, 105), part(1_008, 2_008, 100)])).toEqual([
      expect.closeTo(106.2, 1),
      100,
    ]);
  });

  it('says of 0.1.0, which did not keep lengths, no more than its times allow', () => {
    const rows = [part(0, 1_000, 105), part(1_000, 1_004, 1)].flatMap((one) => rowsOf(one, false));
    expect(pointsOfRows(rows).map(({ throughput }) => throughput)).toEqual([expect.closeTo(105.6, 1)]);
  });

  it('shows after a reload what it showed live', () => {
    const kept = [
      part(0, 1_000, 100, 'warmup'),
      part(1_000, 1_003, 2, 'warmup'),
      part(1_003, 2_003, 110),
      part(2_003, 3_003, 105),
      part(3_003, 3_006, 3),
      part(3_006, 3_200, 0, 'grace'),
    ];
    const told = kept.flatMap((one) => [
      ...[250, 500, 750, 1_000]
        .filter((offset) => one.fromMs + offset <= one.toMs)
        .map((offset) => pointOf(part(one.fromMs + offset - 250, one.fromMs + offset, 26, one.phase), false)),
      pointOf(one, true),
    ]);
    expect(pointsOfRows(kept.flatMap((one) => rowsOf(one)))).toEqual(told.reduce(addPoint, NONE));
    // Before the first second is over there is what came live.
    expect(told.slice(0, 2).reduce(addPoint, NONE)).toHaveLength(2);
    // One that is told again, or late, changes nothing.
    const all = told.reduce(addPoint, NONE);
    expect(told.reduce(addPoint, all)).toEqual(all);
  });
});

it.each([
  [4, [0, 1, 2, 3, 4]],
  [397, [0, 100, 200, 300]],
  [1_330, [0, 500, 1_000]],
  [0.9, [0, 0.2, 0.4, 0.6, 0.8]],
])('an axis to %d has round marks', (most, marks) => {
  expect(roundMarks(most)).toEqual(marks);
});
