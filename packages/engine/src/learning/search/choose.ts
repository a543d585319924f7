import type { Belief } from '../belief/belief.js';
import type { RunLength } from '../belief/cells.js';
import { outlookOf } from './information.js';
import { warmupSeconds as warmupOf, type LearnerConfig } from '../limit/learner.js';
import { failing, intervalOf, quantile, type Posterior } from '../belief/posterior.js';
import { fromCoordinate, toCoordinate } from '../belief/scale.js';

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

const PLACES: readonly number[] = [0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9];
/** Where overload is not allowed, nothing is tried that fails with a greater chance. */
const MOST_FAILING = 0.5;
/** A second in which everything fails is worth at most this many others, however fast the service. */
const MOST_PER_SECOND = 4;

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
    if (question.wanted === 'holding' && predictedFailure > 0.2) continue;
    if (question.wanted === 'failing' && predictedFailure < 0.8) continue;
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
  const spent = badShare > 0.3 ? Math.max(1.5, seconds * (1 - badShare)) : seconds;
  const drain = latencySeconds + 0.1;
  const price = Math.min(MOST_PER_SECOND, secondsPerBad * ratePerSecond);
  return warmupSeconds + spent + drain + price * badShare * spent;
}

function places({ posterior, config, cap, wanted }: Question): number[] {
  const found = new Set<number>();
  const { low, high } = intervalOf(posterior);
  const inside = PLACES.map((place) => quantile(posterior, place));
  const width = (inside.at(-1) as number) - (inside[0] as number);
  // Beyond both ends, for what must still be seen.
  const outside = [0.5, 1, 2].map((times) => times * Math.max(width, 0.02));
  const ends =
    wanted === 'failing' ? outside.map((by) => high + by) : wanted === 'holding' ? outside.map((by) => low - by) : [];
  for (const coordinate of [...inside, ...ends]) {
    const exact = fromCoordinate(config.scale, coordinate);
    const shown = config.whole ? Math.round(exact) : Number(exact.toPrecision(4));
    found.add(Math.min(Math.max(shown, config.floor), cap));
  }
  return [...found];
}

function lengths(ratePerSecond: number, width: number, horizonSeconds: number): number[] {
  const least = Math.max(3, Math.ceil(120 / ratePerSecond));
  const most = Math.max(horizonSeconds, least);
  // Short runs say too little about a limit that is nearly known: their shift and scatter are larger than what is left to learn.
  const found = width < 0.25 ? [12, 18, 26, least, least * 1.5] : [least, least * 2, least * 4];
  const shortest = width < 0.25 ? Math.max(12, least) : least;
  return [...new Set(found.filter((one) => one >= shortest && one <= most))];
}
