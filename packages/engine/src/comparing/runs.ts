import {
  COMPARED_METRICS,
  overallAnswer,
  type ComparedMetric,
  type ComparisonAnswer,
  type ComparisonItem,
  type Measurement,
} from '@hive/contract';
import { medianOf } from '../median.js';
import { intervalOf, meanOf, type Mean } from './interval.js';
import { studentQuantile } from './student.js';
import { CONFIRMING_CHANCE, CONFIRMING_SHARE, ERRORS_TOLERANCE, LEVEL, LOOK_CHANCE, LOOKS, POWER } from './weights.js';

/** What a run is compared by: response times in ms, answers/s, and the share of planned requests that went wrong, whatever their latency. */
export type RunFigures = Record<ComparedMetric, number>;

/** A run of the base and one of the candidate, about the same time. */
export interface Pair {
  base: RunFigures;
  candidate: RunFigures;
}

/** By what pairs are judged. */
export interface PairRules {
  /** As a share. */
  tolerance: number;
  /** What decides. */
  gates: readonly ComparedMetric[];
  /** The share of requests that the objectives allow to go wrong. */
  allowedErrors: number;
}

const UNITS: Record<ComparedMetric, string> = {
  p50: 'ms',
  p95: 'ms',
  p99: 'ms',
  throughput: 'answers/s',
  errors: 'share of requests',
};
/** Where more is worse. */
const IS_COST: Record<ComparedMetric, boolean> = { p50: true, p95: true, p99: true, throughput: false, errors: true };

/** The figures of a measured run. */
export function runFigures({ responseTimeMs, throughputPerSecond, counts }: Measurement): RunFigures {
  const { p50, p95, p99 } = responseTimeMs;
  const errors = counts.planned === 0 ? 0 : (counts.planned - counts.good) / counts.planned;
  return { p50, p95, p99, throughput: throughputPerSecond, errors };
}

/** Whether it is decided after this many pairs, of at most `most`. */
export function isLook(pairs: number, most: number): boolean {
  return pairs === most || LOOKS.includes(pairs);
}

/**
 * Compares runs by their pairs. The unit is the run: requests of one run are correlated. A change is d = ln(candidate ÷ base) of each pair (of
 * `errors` the difference of the shares), its interval Student's t over the pairs. `worse` and `better`: an interval that is corrected for three looks
 * and for all gates excludes no change, and the estimate is beyond the tolerance. `same`: the plain 95 % interval lies within the tolerance.
 */
export function compareRuns(
  pairs: readonly Pair[],
  rules: PairRules,
): { answer: ComparisonAnswer; items: ComparisonItem[] } {
  const items = COMPARED_METRICS.map((name) => compareMetric(name, pairs, rules));
  return { answer: overallAnswer(items.filter(({ decides }) => decides).map(({ answer }) => answer)), items };
}

/** Whether new pairs show again that something is worse: by one of the metrics that showed it first. */
export function isConfirmed(
  { items }: { items: readonly ComparisonItem[] },
  pairs: readonly Pair[],
  rules: PairRules,
): boolean {
  const worse = items.filter(({ decides, answer }) => decides && answer === 'worse');
  return worse.some(({ name }) => {
    const metric = name as ComparedMetric;
    const change = meanOf(pairs.map((pair) => changeOf(metric, pair)));
    if (change === null) return false;
    const cost = IS_COST[metric] ? change.mean : -change.mean;
    const [, most] = bounds(metric, rules);
    const least = studentQuantile(1 - CONFIRMING_CHANCE, change.count - 1) * change.se;
    return cost > least && cost > CONFIRMING_SHARE * most;
  });
}

function compareMetric(name: ComparedMetric, pairs: readonly Pair[], rules: PairRules): ComparisonItem {
  const decides = rules.gates.includes(name);
  const change = meanOf(pairs.map((pair) => changeOf(name, pair)));
  const shown = {
    of: 'metric' as const,
    name,
    unit: UNITS[name],
    base: pairs.length === 0 ? null : medianOf(pairs.map(({ base }) => base[name])),
    candidate: pairs.length === 0 ? null : medianOf(pairs.map(({ candidate }) => candidate[name])),
    decides,
  };
  if (change === null || !Number.isFinite(change.mean)) {
    const [only] = pairs;
    const ratio = only === undefined ? null : told(name, changeOf(name, only));
    return { ...shown, ratio, low: null, high: null, answer: 'no_evidence', couldHaveSeen: null };
  }
  const [low, high] = intervalOf(change, 1 - LEVEL);
  const answer = answerOf(name, change, rules);
  return {
    ...shown,
    ratio: told(name, change.mean),
    low: told(name, low),
    high: told(name, high),
    answer,
    ...(answer === 'no_evidence' ? { couldHaveSeen: couldHaveSeen(name, change) } : {}),
  };
}

function answerOf(name: ComparedMetric, change: Mean, rules: PairRules): ComparisonAnswer {
  const [least, most] = bounds(name, rules);
  const [low, high] = intervalOf(change, LOOK_CHANCE / Math.max(1, rules.gates.length));
  const rose = low > 0 && change.mean > most;
  const fell = high < 0 && change.mean < least;
  if (rose || fell) return rose === IS_COST[name] ? 'worse' : 'better';
  const [from, to] = intervalOf(change, 1 - LEVEL);
  return from >= least && to <= most ? 'same' : 'no_evidence';
}

/** How far it may fall and rise and be called the same. */
function bounds(name: ComparedMetric, { tolerance, allowedErrors }: PairRules): [least: number, most: number] {
  if (name === 'errors') return [-ERRORS_TOLERANCE * allowedErrors, ERRORS_TOLERANCE * allowedErrors];
  return [Math.log(1 - tolerance), Math.log(1 + tolerance)];
}

function changeOf(name: ComparedMetric, { base, candidate }: Pair): number {
  return name === 'errors' ? candidate[name] - base[name] : Math.log(candidate[name] / base[name]);
}

function told(name: ComparedMetric, change: number): number | null {
  const value = name === 'errors' ? change : Math.exp(change);
  return Number.isFinite(value) ? value : null;
}

/** The change that POWER of such comparisons would have shown. */
function couldHaveSeen(name: ComparedMetric, { se, count }: Mean): number {
  const reach = (studentQuantile(1 - (1 - LEVEL) / 2, count - 1) + studentQuantile(POWER, count - 1)) * se;
  return name === 'errors' ? reach : Math.expm1(reach);
}
