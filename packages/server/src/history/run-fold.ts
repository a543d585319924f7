import {
  addCounts,
  noCounts,
  type Counts,
  type Difficulty,
  type Kind,
  type Measurement,
  type Outcome,
  type ScenarioRow,
} from '@hive/contract';
import { mergeHistograms } from '@hive/engine';
import { base64 } from '../base64.js';
import { mergeReadable } from '../readable-histograms.js';
import type { KeptResult } from '../store/store.js';

/** What executed runs came to together. Plain data, so that it can be remembered; two folds make one. */
export interface RunFold {
  runs: number;
  outcomes: Partial<Record<Outcome, number>>;
  /** Runs that were doubtful or not usable, and one of the reasons. */
  doubtful: number;
  doubtfulBecause: string | null;
  counts: Counts;
  errors: Record<string, number>;
  answers: Answers;
  /** Encoded histograms, base64; null: nothing was recorded. */
  responseTime: string | null;
  serviceTime: string | null;
  kinds: Partial<Record<Kind, KindFold>>;
}

/** Good answers, and the time in which they came, s. */
export interface Answers {
  good: number;
  seconds: number;
}

/** Good answers a second; null when nothing was measured. */
export function perSecond({ good, seconds }: Answers): number | null {
  return seconds === 0 ? null : good / seconds;
}

export interface KindFold {
  difficulties: Partial<Record<Difficulty, { judged: number; passed: number }>>;
  /** Usable runs by their load: those of about the same load together. */
  loads: Record<string, LoadFold>;
}

export interface LoadFold {
  runs: number;
  /** Of their loads. */
  least: number;
  most: number;
  sum: number;
  answers: Answers;
  responseTime: string | null;
}

/** Loads that differ by less are shown as one: a limit is seldom known better. */
const SAME_LOAD = 1.05;

export const noRuns = (): RunFold => ({
  runs: 0,
  outcomes: {},
  doubtful: 0,
  doubtfulBecause: null,
  counts: noCounts(),
  errors: {},
  answers: { good: 0, seconds: 0 },
  responseTime: null,
  serviceTime: null,
  kinds: {},
});

const noLoads = (): LoadFold => ({
  runs: 0,
  least: Infinity,
  most: 0,
  sum: 0,
  answers: { good: 0, seconds: 0 },
  responseTime: null,
});

/** The fold of one run. */
export function foldOf({ row, responseTime, serviceTime }: KeptResult): RunFold {
  const measurement = row.results?.measurement ?? null;
  const isDoubtful = row.validity !== null && row.validity.status !== 'valid';
  return {
    ...noRuns(),
    runs: 1,
    outcomes: row.outcome === null ? {} : { [row.outcome]: 1 },
    doubtful: isDoubtful ? 1 : 0,
    doubtfulBecause: isDoubtful ? (row.validity?.reasons[0] ?? null) : null,
    ...(measurement && { counts: measurement.counts, errors: measurement.errors, answers: answersOf(measurement) }),
    responseTime: base64(responseTime),
    serviceTime: base64(serviceTime),
    kinds: { [row.scenario_type]: kindOf(row, base64(responseTime)) },
  };
}

/** An invalid measurement tells nothing of the target: it is left out of the loads. */
function kindOf(
  { difficulty, intensity, outcome, results, validity }: ScenarioRow,
  responseTime: string | null,
): KindFold {
  const isJudged = outcome === 'passed' || outcome === 'failed';
  const measurement = results?.measurement ?? null;
  const isTrusted = measurement !== null && validity?.status !== 'invalid';
  return {
    difficulties: isJudged ? { [difficulty]: { judged: 1, passed: outcome === 'passed' ? 1 : 0 } } : {},
    loads: isTrusted
      ? {
          [Math.round(Math.log(Math.max(intensity, Number.MIN_VALUE)) / Math.log(SAME_LOAD))]: {
            runs: 1,
            least: intensity,
            most: intensity,
            sum: intensity,
            answers: answersOf(measurement),
            responseTime,
          },
        }
      : {},
  };
}

/** Longer than planned where a line of requests drained after the end. */
function answersOf({ counts, durationMs, throughputPerSecond }: Measurement): Answers {
  const seconds = throughputPerSecond > 0 ? counts.good / throughputPerSecond : durationMs / 1_000;
  return { good: counts.good, seconds };
}

/** Several folds as one. */
export function mergeFolds(folds: readonly RunFold[]): RunFold {
  const merged = noRuns();
  for (const fold of folds) {
    merged.runs += fold.runs;
    merged.doubtful += fold.doubtful;
    merged.doubtfulBecause ??= fold.doubtfulBecause;
    addCounts(merged.counts, fold.counts);
    addTo(merged.outcomes, fold.outcomes);
    addTo(merged.errors, fold.errors);
    addAnswers(merged.answers, fold.answers);
  }
  merged.responseTime = mergeTexts(folds.map((fold) => fold.responseTime));
  merged.serviceTime = mergeTexts(folds.map((fold) => fold.serviceTime));
  for (const kind of keysOf(folds.map(({ kinds }) => kinds))) {
    merged.kinds[kind] = mergeKinds(folds.flatMap(({ kinds }) => kinds[kind] ?? []));
  }
  return merged;
}

function mergeKinds(folds: readonly KindFold[]): KindFold {
  const merged: KindFold = { difficulties: {}, loads: {} };
  for (const difficulty of keysOf(folds.map(({ difficulties }) => difficulties))) {
    const sum = { judged: 0, passed: 0 };
    for (const { difficulties } of folds) addTo(sum, difficulties[difficulty] ?? {});
    merged.difficulties[difficulty] = sum;
  }
  for (const place of keysOf(folds.map(({ loads }) => loads))) {
    merged.loads[place] = mergeLoads(folds.flatMap(({ loads }) => loads[place] ?? []));
  }
  return merged;
}

function mergeLoads(folds: readonly LoadFold[]): LoadFold {
  const merged = noLoads();
  for (const { runs, sum, least, most, answers } of folds) {
    merged.runs += runs;
    merged.sum += sum;
    merged.least = Math.min(merged.least, least);
    merged.most = Math.max(merged.most, most);
    addAnswers(merged.answers, answers);
  }
  merged.responseTime = mergeTexts(folds.map(({ responseTime }) => responseTime));
  return merged;
}

function addAnswers(to: Answers, from: Answers): void {
  to.good += from.good;
  to.seconds += from.seconds;
}

function addTo(to: Partial<Record<string, number>>, from: Partial<Record<string, number>>): void {
  for (const [name, count = 0] of Object.entries(from)) to[name] = (to[name] ?? 0) + count;
}

function keysOf<Key extends string>(records: readonly Partial<Record<Key, unknown>>[]): Set<Key> {
  return new Set(records.flatMap((record) => Object.keys(record) as Key[]));
}

function mergeTexts(texts: readonly (string | null)[]): string | null {
  const some = texts.filter((text) => text !== null);
  if (some.length < 2) return some[0] ?? null;
  return base64(mergeReadable(some.map(bytesOf), mergeHistograms));
}

/** The bytes of a histogram in a fold. */
export const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'base64');
