import { describe, expect, it } from 'vitest';
import { chartsOf } from '../src/charts/charts-of.js';
import type { Chart, Mark } from '../src/charts/chart.js';
import { percentileCurve } from '../src/charts/percentile-curve.js';
import { share, ticksOf } from '../src/charts/scale.js';
import { REPORTS } from './samples.js';

const usual = REPORTS['usual']!();
const titled = (title: string): Chart => chartsOf(usual).find((chart) => chart.title.startsWith(title))!;
const of = <Type extends Mark['type']>(chart: Chart, type: Type) =>
  chart.marks.filter((mark): mark is Extract<Mark, { type: Type }> => mark.type === type);

describe('scales', () => {
  it('have round ticks', () => {
    expect(ticksOf({ from: 0, to: 430, log: false, title: '' }).map(({ text }) => text)).toEqual([
      '0',
      '100',
      '200',
      '300',
      '400',
    ]);
    expect(ticksOf({ from: 9, to: 260, log: true, title: '' }).map(({ text }) => text)).toEqual([
      '10',
      '20',
      '50',
      '100',
      '200',
    ]);
  });

  it('hold what lies beyond their ends', () => {
    const scale = { from: 1, to: 100, log: true, title: '' };
    expect([0.1, 1, 10, 100, 1_000].map((value) => share(scale, value))).toEqual([0, 0, 0.5, 1, 1]);
  });
});

describe('the charts of a report', () => {
  it('are drawn inside their frame, with finite figures', () => {
    for (const report of Object.values(REPORTS)) {
      for (const chart of chartsOf(report())) {
        const places = chart.marks.flatMap((mark) => {
          if (mark.type === 'line') return mark.points.flat();
          return mark.type === 'area' ? [mark.x, mark.y, mark.width, mark.height] : [mark.x, mark.y];
        });
        expect(places.every((place) => place >= 0 && place <= 640)).toBe(true);
      }
    }
  });

  it('show p99 against the load with the limit, its interval and the safe zone', () => {
    const chart = titled('Request rate: p99 against load');
    expect(of(chart, 'dot').map(({ ink }) => ink)).toEqual([
      'passed',
      'passed',
      'passed',
      'passed',
      'failed',
      'failed',
    ]);
    expect(of(chart, 'area').map(({ ink }) => ink)).toEqual(['safe', 'interval']);
    const [safe, interval] = of(chart, 'area');
    const limit = of(chart, 'line').find(({ ink }) => ink === 'limit')!;
    expect(safe!.x + safe!.width).toBeLessThan(interval!.x);
    expect(limit.points[0]![0]).toBeGreaterThan(interval!.x);
    expect(limit.points[0]![0]).toBeLessThan(interval!.x + interval!.width);
    expect(of(chart, 'label').map(({ text }) => text)).toContain('412 requests/s');
  });

  it('end the percentiles where fewer than ten requests were slower', () => {
    // 380 requests/s for 4 s: 1,520 requests, so p99 has 15 above it and p99.9 has one.
    const labels = of(percentileCurve(usual)!, 'label').map(({ text }) => text);
    expect(labels).toContain('99 %');
    expect(labels).not.toContain('99.9 %');
  });

  it('leave out what has nothing to show', () => {
    expect(chartsOf(REPORTS['without a run']!())).toEqual([]);
  });
});
