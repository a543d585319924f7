import { duration, percent } from '@hive/contract';
import { readHistogram } from '@hive/engine';
import { runText } from '../document/words.js';
import { tellingRuns } from '../document/telling-runs.js';
import type { ReportData, ReportRun } from '../report-schema.js';
import type { Chart, Ink, Point } from './chart.js';
import { CHART_WIDTH, plot } from './plot.js';
import { logarithmic, type Scale } from './scale.js';

/** A percentile that fewer samples lie above is an accident of those few. */
const LEAST_ABOVE = 10;
const STEPS_A_DECADE = 24;
const TICKS = [1, 2, 10, 100, 1_000, 10_000, 100_000];

/** Percentiles of one run's response and service times; null where no run has enough of them. */
export function percentileCurve(report: ReportData): Chart | null {
  const run = chosenRun(report);
  if (run === null || curveOf(run.responseTime).length < 2) return null;
  const curves: { ink: Ink; text: string; points: Point[] }[] = [
    { ink: 'p50', text: 'service time (from the actual send)', points: curveOf(run.serviceTime) },
    { ink: 'p99', text: 'response time (from the planned send)', points: curveOf(run.responseTime) },
  ];
  const y = logarithmic(
    curves.flatMap(({ points }) => points.map(([, ms]) => ms)),
    'time',
  );
  if (y === null) return null;
  const to = curves.flatMap(({ points }) => points.map(([x]) => x)).reduce((a, b) => Math.max(a, b));
  const x: Scale = { from: 1, to, log: true, title: 'share of requests that are faster', ticks: TICKS, say: sayShare };
  const on = plot(x, { ...y, say: duration }, {});
  return {
    title: `Percentiles: ${runText(run)}`,
    caption: `The time that a share of the requests stayed within. The lines end where fewer than ${LEAST_ABOVE} requests were slower.`,
    width: CHART_WIDTH,
    height: on.height,
    marks: [
      ...on.frame,
      ...curves.filter(({ points }) => points.length > 1).map(({ points, ink }) => on.line(points, ink, { width: 2 })),
    ],
    legend: curves.map(({ ink, text }) => ({ ink, text })),
  };
}

/** The longest run that passed: more requests show more of the tail. Where none passed, the longest of those that are reported. */
function chosenRun(report: ReportData): ReportRun | null {
  const passed = report.runs.filter(({ outcome }) => outcome === 'passed');
  const counted = (run: ReportRun): number => run.result.measurement?.responseTimeMs.count ?? 0;
  const runs = passed.length > 0 ? passed : tellingRuns(report);
  return runs.toSorted((a, b) => counted(b) - counted(a))[0] ?? null;
}

/** Points of 1 ÷ (1 − p) and the percentile, ms. */
function curveOf(encoded: ReportRun['responseTime']): Point[] {
  if (encoded === null) return [];
  const { total, quantileMs } = readHistogram(Buffer.from(encoded, 'base64'));
  const last = Math.floor(STEPS_A_DECADE * Math.log10(total / LEAST_ABOVE));
  return Array.from({ length: Math.max(0, last + 1) }, (_, i): Point => {
    const times = 10 ** (i / STEPS_A_DECADE);
    return [times, quantileMs(1 - 1 / times)];
  });
}

function sayShare(times: number): string {
  return times === 1
    ? 'fastest'
    : percent(Number((1 - 1 / times).toPrecision(6))).replace(/^(99\.9+|100) %$/, () => `${nines(times)} %`);
}

/** 99.99 stays that, where a figure would be rounded to 100. */
function nines(times: number): string {
  return String(Number((100 - 100 / times).toFixed(6)));
}
