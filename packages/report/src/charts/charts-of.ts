import type { ReportData } from '../report-schema.js';
import type { Chart } from './chart.js';
import { intervalTrail } from './interval-trail.js';
import { overTime } from './over-time.js';
import { p99AgainstLoad } from './p99-against-load.js';
import { percentileCurve } from './percentile-curve.js';

/** The charts of a report; those that have nothing to show are left out. */
export function chartsOf(report: ReportData): Chart[] {
  const { kinds } = report.session;
  const charts = [
    ...kinds.map((kind) => p99AgainstLoad(report, kind)),
    ...report.trails.map(intervalTrail),
    percentileCurve(report),
    overTime(report),
  ];
  return charts.filter((chart) => chart !== null);
}
