import type { Kind, Limit, PredictedPoint, Prediction, Target } from '@hive/contract';
import { latencyCurve, type AskedRun, type LatencyPoint, type PredictedLatency } from '../learning/limit/latency.js';
import type { Axis, LearnedResult } from '../learning/axis.js';
import { axisOf, comparableResults, POLICY } from './axes.js';

/** The predicted run, s. */
const SECONDS = 30;
/** The points of a curve, from the lowest to the highest of these parts of the limit. */
const CURVE_PARTS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1];
/** Where the chances up to an intensity are computed. */
const CHANCES = 40;
/** Above the limit times grow for as long as a run lasts. */
const BEYOND = 1.02;

/**
 * What a run of 30 s at an intensity would show, from stored results (oldest first). Without an intensity: at the safe one, else at the estimate, else
 * where the kind's prior has it.
 */
export function predict(
  target: Target,
  history: readonly LearnedResult[],
  asked: { kind: Kind; intensity?: number | undefined; upTo?: number | undefined },
): Prediction {
  const known = knowledgeOf(target, history, asked.kind);
  const { axis, limit } = known;
  const intensity = asked.intensity ?? limit.safe ?? limit.estimate ?? limit.low ?? axis.prior;
  const common = { kind: axis.kind, intensity, unit: axis.unit, seconds: SECONDS };
  const none = { pass: null, p50Ms: null, p95Ms: null, p99Ms: null, extrapolated: true };
  if (axis.notApplicable !== null) return { ...common, ...none, reason: axis.notApplicable };
  if (axis.evidence === 'margin')
    return { ...common, ...none, reason: 'this kind is judged by memory, not by requests: only its limit is measured' };
  const pass = passing(known, intensity);
  if (pass === null)
    return {
      ...common,
      ...none,
      reason: `not measured yet (${limit.reason ?? 'no run yet'}): measure this kind first`,
    };
  const latency = known.latency(intensity);
  const chances = asked.upTo === undefined ? {} : { chances: chancesUpTo(known, asked.upTo) };
  if (latency === null) return { ...common, ...none, pass, ...chances, reason: known.whyNoLatency(intensity) };
  return { ...common, pass, ...inMs(latency), ...chances };
}

/** How the chance falls, evenly up to an intensity. */
function chancesUpTo(known: Knowledge, most: number): NonNullable<Prediction['chances']> {
  const { whole, floor } = known.axis;
  const evenly = Array.from({ length: CHANCES }, (_, index) => (most * (index + 1)) / CHANCES);
  const intensities = new Set(evenly.map((one) => Math.max(floor, whole ? Math.round(one) : one)));
  return [...intensities].flatMap((intensity) => {
    const pass = passing(known, intensity);
    return pass === null ? [] : [{ intensity, pass }];
  });
}

/** The predictions up to the limit; empty where too little is known. */
export function predictedCurve(target: Target, history: readonly LearnedResult[], kind: Kind): PredictedPoint[] {
  const known = knowledgeOf(target, history, kind);
  const { axis, limit } = known;
  const top = limit.estimate ?? limit.low;
  if (top === null || axis.scale !== 'ln' || axis.evidence === 'margin') return [];
  const intensities = CURVE_PARTS.map((part) => (axis.whole ? Math.max(1, Math.round(part * top)) : part * top));
  return [...new Set(intensities)].flatMap((intensity) => {
    const pass = passing(known, intensity);
    const latency = known.latency(intensity);
    return pass === null || latency === null ? [] : [{ intensity, pass, ...inMs(latency) }];
  });
}

interface Knowledge {
  axis: Axis;
  limit: Limit;
  results: readonly LearnedResult[];
  latency(intensity: number): PredictedLatency | null;
  whyNoLatency(intensity: number): string;
}

function knowledgeOf(target: Target, history: readonly LearnedResult[], kind: Kind): Knowledge {
  const axis = axisOf(target, kind);
  const results = comparableResults(history, axis, { target });
  const limit = POLICY.limit(axis, results);
  const points = results.flatMap(pointsOf);
  const top = limit.estimate ?? limit.low ?? limit.high;
  const curve = top === null ? null : latencyCurve(points, top);
  const beyond = (intensity: number): boolean => limit.estimate !== null && intensity > BEYOND * limit.estimate;
  return {
    axis,
    limit,
    results,
    latency: (intensity) =>
      curve === null || beyond(intensity) ? null : curve({ intensity, requests: requestsOf(axis, points, intensity) }),
    whyNoLatency: (intensity) =>
      beyond(intensity)
        ? 'above the limit, response times keep growing while the run lasts'
        : 'too few runs to predict response times: measure this kind again',
  };
}

/** The response times that one result tells. A run that was cut short because it failed tells of no steady load. */
function pointsOf({ scenario, result }: LearnedResult): LatencyPoint[] {
  const { evidence, measurement, validity } = result;
  if (validity.status === 'invalid') return [];
  if (evidence?.type === 'chirp')
    return (evidence.levels ?? []).map(({ ratePerSecond, requests, p50Ms, p95Ms, p99Ms }) => ({
      intensity: ratePerSecond,
      requests,
      p50: p50Ms,
      p95: p95Ms,
      p99: p99Ms,
    }));
  if (evidence?.type !== 'counts' || evidence.endedEarly === true || !measurement) return [];
  const { count, p50, p95, p99 } = measurement.responseTimeMs;
  return count > 0 ? [{ intensity: scenario.intensity, requests: count, p50, p95, p99 }] : [];
}

/** Where only the target decides how many requests a run has: as many as the nearest run had. */
function requestsOf(axis: Axis, points: readonly LatencyPoint[], intensity: number): AskedRun['requests'] {
  const offered = axis.offeredPerSecond(intensity);
  if (offered !== null) return offered * SECONDS;
  const away = (point: LatencyPoint): number => Math.abs(Math.log(point.intensity / intensity));
  return points.reduce((nearest, point) => (away(point) < away(nearest) ? point : nearest)).requests;
}

function passing({ axis, results }: Knowledge, intensity: number): number | null {
  const failing = POLICY.chanceOfFailing(axis, results, { intensity, seconds: SECONDS });
  return failing === null ? null : Math.min(1, Math.max(0, 1 - failing));
}

function inMs({
  p50,
  p95,
  p99,
  extrapolated,
}: PredictedLatency): Pick<PredictedPoint, 'p50Ms' | 'p95Ms' | 'p99Ms' | 'extrapolated'> {
  return { p50Ms: p50, p95Ms: p95, p99Ms: p99, extrapolated };
}
