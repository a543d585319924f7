import type { MetricRow } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { layOut } from '../src/charts/series.js';
import { pointsOfRows, type ChartPoint } from '../src/live/chart-points.js';
import { duration, figure, latency, percent } from '../src/ui/format.js';
import { at } from './message-samples.js';

describe('numbers as text', () => {
  it.each([
    [null, '–'],
    [0, '0'],
    [2.345, '2.35'],
    [23.45, '23.4'],
    [1_603, '1,603'],
    [393.4, '393'],
  ])('%s is %s', (value, text) => expect(figure(value)).toBe(text));

  it.each([
    [null, '–'],
    [0, '0 %'],
    [1, '100 %'],
    [0.99999, '>99.9 %'],
    [0.5, '50.0 %'],
  ])('the share %s is %s', (share, text) => expect(percent(share)).toBe(text));

  it.each([
    [7.4, '7 s'],
    [90, '1:30 min'],
    [7_500, '2:05 h'],
  ])('%s seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));

  it('a long latency is told in seconds', () => {
    expect(latency(12_345)).toEqual({ value: '12.3', unit: 's' });
    expect(latency(250)).toEqual({ value: '250', unit: 'ms' });
  });
});

describe('the chart', () => {
  const point = (atMs: number, scenarioId: string): ChartPoint => ({
    atMs,
    scenarioId,
    p50: 1,
    p95: 2,
    p99: 3,
    throughput: 4,
    offered: 5,
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
      offsetMs: number,
      phase = 'judged',
    ): MetricRow => ({
      id: 1,
      timestamp: at(offsetMs),
      metric_type,
      value,
      scenario_id: 'a',
      metadata: { phase },
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
});
