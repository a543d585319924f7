import { amount, duration, hasEstimate, kindLabel, type Limit } from '@hive/contract';
import type { ReportData, ReportRun } from '../report-schema.js';
import type { Chart, Ink, Mark, Point } from './chart.js';
import { latencyAsked } from './latency-asked.js';
import { CHART_WIDTH, plot, type Plot } from './plot.js';
import { fromZero, logarithmic, type Scale } from './scale.js';

const INKS: Readonly<Partial<Record<ReportRun['outcome'], Ink>>> = { passed: 'passed', failed: 'failed' };
const LEAST_POINTS = 2;

/** The p99 of each run of one kind against its load, with the limit, its interval, and the safe zone; null with fewer than two runs. */
export function p99AgainstLoad({ runs, limits }: ReportData, kind: Limit['kind']): Chart | null {
  const limit = limits.find((one) => one.kind === kind);
  const own = runs.filter((run) => run.kind === kind && run.result.measurement !== null && run.outcome !== 'aborted');
  const tried = own.filter(({ plan, intensity }) => plan.chirp === undefined && intensity > 0);
  const dots = tried.map((run) => ({ run, x: run.intensity, y: run.result.measurement?.responseTimeMs.p99 ?? 0 }));
  const ramp = own.flatMap(levelsOf);
  const [first] = own;
  if (first === undefined || dots.length + ramp.length < LEAST_POINTS) return null;
  const latency = latencyAsked(first.objectives);
  const ends = limit !== undefined && hasEstimate(limit.status) ? [limit.low, limit.high] : [];
  const loads = [...dots.map(({ x }) => x), ...ramp.map(([x]) => x), ...ends.filter((end) => end !== null)];
  const x = loadScale(loads, first.unit);
  const y = logarithmic(
    [...dots.map(({ y: ms }) => ms), ...ramp.map(([, ms]) => ms), ...(latency === null ? [] : [latency])],
    'p99',
  );
  if (x === null || y === null) return null;
  const on = plot(x, { ...y, say: duration }, { height: 250 });
  return {
    title: `${kindLabel(kind)}: p99 against load`,
    caption: captionOf(limit),
    width: CHART_WIDTH,
    height: on.height,
    marks: [
      ...(limit === undefined ? [] : zones(limit, x, on)),
      ...on.frame,
      ...(latency === null ? [] : [on.across(latency, 'failed')]),
      ...(ramp.length > 1 ? [on.line(ramp, 'muted', { dashed: true })] : []),
      ...(limit === undefined ? [] : limitMarks(limit, on)),
      ...dots.map(({ run, x: load, y: ms }) =>
        on.dot(load, ms, { ink: INKS[run.outcome] ?? 'undecided', hollow: run.outcome === 'not_usable' }),
      ),
    ],
    legend: [
      { ink: 'passed', text: 'passed', dot: true },
      { ink: 'failed', text: 'failed', dot: true },
      { ink: 'undecided', text: 'undecided; hollow: not usable', dot: true },
      ...(ramp.length > 1 ? [{ ink: 'muted' as const, text: 'ramp' }] : []),
      ...(latency === null ? [] : [{ ink: 'failed' as const, text: `objective ${duration(latency)}` }]),
      ...(limit?.estimate == null ? [] : [{ ink: 'limit' as const, text: 'limit and its interval' }]),
      ...(limit?.safe == null ? [] : [{ ink: 'safe' as const, text: 'safe zone' }]),
    ],
  };
}

/** A share goes from 0 to 1; every other axis is as wide as what was tried. */
function loadScale(loads: readonly number[], unit: string): Scale | null {
  const spread = logarithmic(loads, unit);
  const wide = spread !== null && spread.to / spread.from > 20 && unit !== 'share';
  const scale = wide ? spread : fromZero(loads, unit);
  const say = (value: number): string => amount(value, unit).replace(` ${unit}`, '');
  return scale === null ? null : { ...scale, say };
}

function levelsOf({ result: { evidence } }: ReportRun): Point[] {
  return evidence?.type === 'chirp'
    ? (evidence.levels ?? []).map(({ ratePerSecond, p99Ms }): Point => [ratePerSecond, p99Ms])
    : [];
}

function zones({ safe, low, high, status }: Limit, x: Scale, on: Plot): Mark[] {
  return [
    ...(safe === null ? [] : [on.band(x.from, safe, { ink: 'safe', opacity: 0.14 })]),
    ...(low === null || high === null || !hasEstimate(status)
      ? []
      : [on.band(low, high, { ink: 'interval', opacity: 0.22 })]),
  ];
}

function limitMarks({ estimate, status, unit }: Limit, on: Plot): Mark[] {
  if (estimate === null || !hasEstimate(status)) return [];
  return [on.upright(estimate, 'limit'), on.note(estimate, amount(estimate, unit), 'limit')];
}

function captionOf(limit: Limit | undefined): string {
  const about = 'Each dot is a run.';
  if (limit === undefined || !hasEstimate(limit.status)) return `${about} No limit could be drawn from them.`;
  return `${about} The line is the limit, the band around it its interval${limit.safe === null ? '' : '; up to the end of the green zone the load is safe'}.`;
}
