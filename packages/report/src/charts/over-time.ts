import { duration } from '@hive/contract';
import type { ReportData, ReportWindow } from '../report-schema.js';
import type { Chart, Ink, Mark, Point } from './chart.js';
import { CHART_WIDTH, plot, type Plot } from './plot.js';
import { fromZero, logarithmic, type Scale } from './scale.js';

/** More points than these are not told apart on paper. */
const MOST_POINTS = 400;
const RATE_HEIGHT = 170;
const LATENCY_HEIGHT = 210;

interface Moment {
  seconds: number;
  window: ReportWindow;
}

/** Rate and percentiles of every run over the time of the session; null where nothing was measured. */
export function overTime({ session, runs }: ReportData): Chart | null {
  const startedMs = Date.parse(session.started_at);
  const traces = runs.map(({ windows }) =>
    windows.flatMap((window): Moment[] => {
      const seconds = (Date.parse(window.at) - startedMs) / 1_000;
      return Number.isFinite(seconds) && window.phase !== 'grace' ? [{ seconds, window }] : [];
    }),
  );
  const total = traces.reduce((sum, trace) => sum + trace.length, 0);
  const shown = traces.map((trace) => worstOfEach(trace, Math.ceil(total / MOST_POINTS)));
  const moments = shown.flat();
  const rates = moments.flatMap(({ window }) => [window.offeredPerSecond, window.throughputPerSecond]);
  const times = moments.flatMap(({ window }) => [window.responseTimeMs.p50, window.responseTimeMs.p99]);
  const rateScale = fromZero(rates, 'requests/s');
  const timeScale = logarithmic(times, 'response time');
  const last = moments.at(-1)?.seconds;
  const first = moments[0]?.seconds;
  if (rateScale === null || timeScale === null || first === undefined || last === undefined) return null;
  const x: Scale = { from: Math.min(first - 1, last - 1), to: last, log: false, title: 'seconds since the start' };
  const above = plot(x, rateScale, { height: RATE_HEIGHT });
  const below = plot(x, { ...timeScale, say: duration }, { top: RATE_HEIGHT, height: LATENCY_HEIGHT });
  const lines = (on: Plot, ink: Ink, value: (window: ReportWindow) => number): Mark[] =>
    linesOf(shown, { on, ink, value });
  const worst = total > MOST_POINTS ? ' Of neighboring seconds the one with the highest p99 is drawn.' : '';
  return {
    title: 'Rate and response time over the session',
    caption: `Requests sent and good answers a second, and the response times of about each second; gaps are pauses between runs.${worst}`,
    width: CHART_WIDTH,
    height: RATE_HEIGHT + LATENCY_HEIGHT,
    marks: [
      ...above.frame,
      ...lines(above, 'sent', (window) => window.offeredPerSecond),
      ...lines(above, 'rate', (window) => window.throughputPerSecond),
      ...below.frame,
      ...lines(below, 'p50', (window) => window.responseTimeMs.p50),
      ...lines(below, 'p95', (window) => window.responseTimeMs.p95),
      ...lines(below, 'p99', (window) => window.responseTimeMs.p99),
    ],
    legend: [
      { ink: 'sent', text: 'sent' },
      { ink: 'rate', text: 'good answers' },
      { ink: 'p50', text: 'p50' },
      { ink: 'p95', text: 'p95' },
      { ink: 'p99', text: 'p99' },
    ],
  };
}

interface Drawn {
  on: Plot;
  ink: Ink;
  value(window: ReportWindow): number;
}

/** One line a run; a run of one second is a dot. A second without an answer has no response time. */
function linesOf(traces: readonly (readonly Moment[])[], { on, ink, value }: Drawn): Mark[] {
  const ofTimes = ink === 'p50' || ink === 'p95' || ink === 'p99';
  return traces.flatMap((trace) => {
    const told = ofTimes ? trace.filter(({ window }) => window.responseTimeMs.count > 0) : trace;
    const points = told.map(({ seconds, window }): Point => [seconds, value(window)]);
    const [first] = points;
    if (first === undefined) return [];
    return points.length === 1 ? [on.dot(first[0], first[1], { ink })] : [on.line(points, ink)];
  });
}

/** Of every `each` moments the one with the highest p99: what went wrong is never thinned out. */
function worstOfEach(trace: readonly Moment[], each: number): Moment[] {
  if (each <= 1) return [...trace];
  const groups = Array.from({ length: Math.ceil(trace.length / each) }, (_, i) =>
    trace.slice(i * each, (i + 1) * each),
  );
  return groups.map((group) =>
    group.reduce((worst, one) => (one.window.responseTimeMs.p99 > worst.window.responseTimeMs.p99 ? one : worst)),
  );
}
