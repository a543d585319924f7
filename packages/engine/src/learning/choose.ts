import type { Belief } from './belief.js';
import type { RunLength } from './cells.js';
import { expectedInformation, particlesOf } from './information.js';
import type { LearnerConfig } from './learner.js';
import { failing, quantile, type Posterior } from './posterior.js';
import { fromCoordinate, toCoordinate } from './scale.js';

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
}

const PLACES: readonly number[] = [0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9];
/** Where overload is not allowed, nothing is tried that fails with a greater chance. */
const MOST_FAILING = 0.5;

/** The probe with the most expected information about the limit for its cost; null when no probe fits into what is left. */
export function chooseProbe(question: Question): Probe | null {
  const { posterior, beliefs, config, secondsLeft } = question;
  const belief = beliefs[posterior.binding] as Belief;
  const particles = particlesOf(belief);
  const width = quantile(posterior, 0.975) - quantile(posterior, 0.025);
  let best: { value: number; probe: Probe } | null = null;
  for (const intensity of places(question)) {
    const coordinate = toCoordinate(config.scale, intensity);
    const ratePerSecond = question.rateOf(intensity);
    const warmupSeconds = warmup(config);
    for (const seconds of lengths(ratePerSecond, width, config.horizonSeconds)) {
      if (warmupSeconds + seconds + config.latencySeconds > secondsLeft) continue;
      const length: RunLength = { seconds, ratePerSecond, horizonSeconds: config.horizonSeconds };
      const { information, badShare } = expectedInformation(particles, {
        coordinate,
        allowedShare: belief.allowedShare,
        length,
      });
      const cost = costOf({ config, warmupSeconds, length, badShare });
      const value = information / cost;
      if (best !== null && value <= best.value) continue;
      const predictedFailure = failing(beliefs, coordinate, length);
      if (!config.allowOverload && predictedFailure > MOST_FAILING) continue;
      best = { value, probe: { intensity, warmupSeconds, seconds, predictedFailure } };
    }
  }
  return best?.probe ?? null;
}

/** W, the judged seconds (fewer when it is stopped as failed), the drain, and a price for what is bad. */
function costOf({
  config,
  warmupSeconds,
  length,
  badShare,
}: {
  config: LearnerConfig;
  warmupSeconds: number;
  length: RunLength;
  badShare: number;
}): number {
  const spent = badShare > 0.3 ? Math.max(1.5, length.seconds * (1 - badShare)) : length.seconds;
  const drain = config.latencySeconds + 0.1;
  return warmupSeconds + spent + drain + config.secondsPerBad * badShare * spent * length.ratePerSecond;
}

function places({ posterior, config, cap }: Question): number[] {
  const found = new Set<number>();
  for (const place of PLACES) {
    const intensity = Math.min(Math.max(fromCoordinate(config.scale, quantile(posterior, place)), config.floor), cap);
    found.add(config.whole ? Math.max(1, Math.round(intensity)) : Number(intensity.toPrecision(4)));
  }
  return [...found];
}

function lengths(ratePerSecond: number, width: number, horizonSeconds: number): number[] {
  const least = Math.max(3, Math.ceil(120 / ratePerSecond));
  const most = Math.max(horizonSeconds, least);
  // Short runs say too little about a limit that is nearly known: their shift and scatter are larger than what is left to learn.
  const found = width < 0.25 ? [9, 12, 18, 26, least, least * 1.5] : [least, least * 2, least * 4];
  const shortest = width < 0.25 ? Math.max(9, least) : least;
  return [...new Set(found.filter((one) => one >= shortest && one <= most))];
}

/** W = max(2 s, 2 L), as in the fresh runs that define the limit: with less, estimates came out higher. */
function warmup({ latencySeconds }: LearnerConfig): number {
  return Math.max(2, 2 * latencySeconds);
}
