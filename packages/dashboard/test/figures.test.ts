import type { MetricRow } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { layOut } from '../src/charts/series.js';
import { pointsOfRows, type ChartPoint } from '../src/live/chart-points.js';
import { sayRange, saySafe, sayShort, valueOf } from '../src/panels/say-limit.js';
import { count, duration, figure, interval, percent, quantity, say } from '../src/ui/format.js';
import { at, limit } from './message-samples.js';

describe('numbers as text', () => {
  it.each([
    [null, '–'],
    [0, '0'],
    [2.345, '2.35'],
    [23.45, '23.5'],
    [1_603, '1,600'],
    [393.4, '393'],
    [12_345, '12,300'],
  ])('%s measured is %s', (value, text) => expect(figure(value)).toBe(text));

  it.each([
    [null, '–'],
    [1_603, '1,603'],
  ])('%s counted is %s', (value, text) => expect(count(value)).toBe(text));

  it.each([
    [null, '–'],
    [0, '0 %'],
    [1, '100 %'],
    [0.99999, '>99.9 %'],
    [0.5, '50 %'],
    [0.9876, '98.8 %'],
  ])('the share %s is %s', (share, text) => expect(percent(share)).toBe(text));

  it.each([
    [7.4, '7 s'],
    [90, '1:30 min'],
    [7_500, '2:05 h'],
  ])('%s seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));

  it.each([
    [250, 'ms', '250 ms'],
    [12_345, 'ms', '12.3 s'],
    [396, 'requests/s', '396 requests/s'],
    [0.05, 'share', '5 %'],
    [512, 'bytes', '512 bytes'],
    [65_536, 'bytes', '65.5 kB'],
    [1_048_576, 'bytes', '1.05 MB'],
    [null, 'ms', '–'],
  ])('%s %s are told as %s', (value, unit, text) => expect(say(quantity(value, unit))).toBe(text));

  it('an interval has one unit, that of its high end', () => {
    expect(say(interval(377.2, 436.8, 'requests/s'))).toBe('377–437 requests/s');
    expect(say(interval(800_000, 1_600_000, 'bytes'))).toBe('0.8–1.6 MB');
  });
});

describe('a limit in words', () => {
  const known = { ...limit(377, 437), method: 'belief' as const, level: 0.95, estimate: 396 };

  it('is a number with its interval, and says how sure that is', () => {
    expect(sayShort(known)).toBe('396 requests/s (377–437)');
    expect(sayRange(known)).toBe('95 % interval 377–437 requests/s');
    expect(sayRange(limit(377, 437))).toBe('bracket 377–437 requests/s');
  });

  it('is never a number where only a bound, or nothing, is known', () => {
    const atLeast = { ...known, status: 'at_least' as const, high: null };
    expect(sayShort(atLeast)).toBe('at least 377 requests/s');
    expect(sayShort({ ...known, status: 'below' })).toBe('below 437 requests/s');
    const unknown = { ...known, status: 'unknown' as const, low: null, high: null, estimate: null };
    expect(valueOf(unknown)).toBeNull();
    expect(sayShort(unknown)).toBe('not measured yet');
    expect(sayShort({ ...known, status: 'not_monotone' })).toBe('no single limit (377–437)');
  });

  it('is called safe as predicted, or as soaked', () => {
    expect(saySafe(known)).toBe('');
    expect(saySafe({ ...known, safe: 300 })).toBe('Safe up to 300 requests/s, predicted for runs of 10 minutes');
    expect(saySafe({ ...known, safe: 300, heldSeconds: 300 })).toBe('Safe up to 300 requests/s, soaked for 5:00 min');
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
