import type { Belief } from '../belief/belief.js';
import type { RunLength } from '../belief/cells.js';
import { outlookOf } from './information.js';
import { warmupSeconds as warmupOf, type LearnerConfig } from '../limit/learner.js';
import { failing, intervalOf, quantile, type Posterior } from '../belief/posterior.js';
import { fromCoordinate, toCoordinate } from '../belief/scale.js';
import {
  DRAIN_SECONDS,
  FAILING_LEAST_FAILING,
  HOLDING_MOST_FAILING,
  INTENSITY_DIGITS,
  MOST_FAILING,
  MOST_PER_SECOND,
  NARROW_INTERVAL,
  NARROW_LEAST_SECONDS,
  NARROW_SECONDS,
  NARROW_TIMES,
  PROBE_BEYOND,
  PROBE_BEYOND_LEAST,
  PROBE_CHANCES,
  PROBE_LEAST_REQUESTS,
  PROBE_LEAST_SECONDS,
  STOPPED_LEAST_SECONDS,
  STOPPED_SHARE,
  WIDE_TIMES,
} from '../weights.js';

/** A probe worth running. */
export interface Probe {
  intensity: number;
  /** Shown, not judged. */
  warmupSeconds: number;
  seconds: number;
  /** Predicted chance of failing; null while nothing is known. */
  predictedFailure: number | null;
}

export interface Question {
  posterior: Posterior;
  beliefs: readonly Belief[];
  config: LearnerConfig;
  /** The highest intensity that may be tried. */
  cap: number;
  rateOf(intensity: number): number;
  secondsLeft: number;
  /** What must still be seen: that it holds below the limit, or fails above it; null: what tells most. */
  wanted: 'holding' | 'failing' | null;
}

/** The probe with the most expected information about the limit for its cost; null when no probe fits into what is left. */
export function chooseProbe(question: Question): Probe | null {
  const { posterior, beliefs, config, secondsLeft } = question;
  const belief = beliefs[posterior.binding] as Belief;
  const outlook = outlookOf(belief);
  const { low, high } = intervalOf(posterior);
  const width = high - low;
  const warmupSeconds = warmupOf(config);
  const candidates = places(question).flatMap((intensity) => {
    const coordinate = toCoordinate(config.scale, intensity);
    const ratePerSecond = question.rateOf(intensity);
    return lengths(ratePerSecond, width, config.horizonSeconds)
      .filter((seconds) => warmupSeconds + seconds + config.latencySeconds <= secondsLeft)
      .map((seconds) => {
        const length: RunLength = { seconds, ratePerSecond, warmupSeconds, horizonSeconds: config.horizonSeconds };
        const { information, badShare } = outlook({ coordinate, length });
        return { intensity, coordinate, length, value: information / costOf(config, length, badShare) };
      });
  });
  for (const { intensity, coordinate, length } of candidates.toSorted((a, b) => b.value - a.value)) {
    const predictedFailure = failing(beliefs, coordinate, length);
    if (question.wanted === 'holding' && predictedFailure > HOLDING_MOST_FAILING) continue;
    if (question.wanted === 'failing' && predictedFailure < FAILING_LEAST_FAILING) continue;
    if (!config.allowOverload && predictedFailure > MOST_FAILING) continue;
    return { intensity, warmupSeconds, seconds: length.seconds, predictedFailure };
  }
  return null;
}

/** W, the judged seconds (fewer when it is stopped as failed), the drain, and a price for what is bad. */
function costOf(
  { latencySeconds, secondsPerBad }: LearnerConfig,
  { seconds, warmupSeconds, ratePerSecond }: RunLength,
  badShare: number,
): number {
  const spent = badShare > STOPPED_SHARE ? Math.max(STOPPED_LEAST_SECONDS, seconds * (1 - badShare)) : seconds;
  const drain = latencySeconds + DRAIN_SECONDS;
  const price = Math.min(MOST_PER_SECOND, secondsPerBad * ratePerSecond);
  return warmupSeconds + spent + drain + price * badShare * spent;
}

function places({ posterior, config, cap, wanted }: Question): number[] {
  const found = new Set<number>();
  const { low, high } = intervalOf(posterior);
  const inside = PROBE_CHANCES.map((place) => quantile(posterior, place));
  const width = (inside.at(-1) as number) - (inside[0] as number);
  // Beyond both ends, for what must still be seen.
  const outside = PROBE_BEYOND.map((times) => times * Math.max(width, PROBE_BEYOND_LEAST));
  const ends =
    wanted === 'failing' ? outside.map((by) => high + by) : wanted === 'holding' ? outside.map((by) => low - by) : [];
  for (const coordinate of [...inside, ...ends]) {
    const exact = fromCoordinate(config.scale, coordinate);
    const shown = config.whole ? Math.round(exact) : Number(exact.toPrecision(INTENSITY_DIGITS));
    found.add(Math.min(Math.max(shown, config.floor), cap));
  }
  return [...found];
}

function lengths(ratePerSecond: number, width: number, horizonSeconds: number): number[] {
  const least = Math.max(PROBE_LEAST_SECONDS, Math.ceil(PROBE_LEAST_REQUESTS / ratePerSecond));
  const most = Math.max(horizonSeconds, least);
  // Short runs say too little about a limit that is nearly known: their shift and scatter are larger than what is left to learn.
  const isNarrow = width < NARROW_INTERVAL;
  const inTimes = (isNarrow ? NARROW_TIMES : WIDE_TIMES).map((times) => least * times);
  const found = isNarrow ? [...NARROW_SECONDS, ...inTimes] : inTimes;
  const shortest = isNarrow ? Math.max(NARROW_LEAST_SECONDS, least) : least;
  return [...new Set(found.filter((one) => one >= shortest && one <= most))];
}
