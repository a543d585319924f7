import { GRID_STEP } from '../belief/belief.js';
import { effectiveCap, rateOf, warmupSeconds, type Learner } from './learner.js';
import { failing, posteriorOf } from '../belief/posterior.js';
import { fromCoordinate, toCoordinate } from '../belief/scale.js';

/** The predicted chance that a run of so many judged seconds fails; null while nothing is known. */
export function pFail(learner: Learner, intensity: number, seconds: number): number | null {
  if (learner.beliefs === null) return null;
  const { config } = learner;
  const length = {
    seconds,
    ratePerSecond: rateOf(learner, intensity),
    warmupSeconds: warmupSeconds(config),
    horizonSeconds: config.horizonSeconds,
  };
  return failing(learner.beliefs, toCoordinate(config.scale, intensity), length);
}

/** The largest intensity at which a run of so many seconds fails with at most this chance; null while nothing is known. */
export function intensityFailing(learner: Learner, chance: number, seconds: number): number | null {
  if (learner.beliefs === null) return null;
  const { from, above } = posteriorOf(learner.beliefs);
  let low = from;
  let high = from + above.length * GRID_STEP;
  for (let i = 0; i < 22; i += 1) {
    const middle = (low + high) / 2;
    if ((pFail(learner, fromCoordinate(learner.config.scale, middle), seconds) as number) > chance) high = middle;
    else low = middle;
  }
  return fromCoordinate(learner.config.scale, low);
}

/** Runs of minutes meet what runs of seconds did not: on the services of bench/learning they break this much earlier than predicted. */
const LONG_RUNS = 0.975;

/** The largest intensity at which a ten-minute run fails with a chance of at most 5 %. */
export function safeIntensity(learner: Learner): number | null {
  const safe = intensityFailing(learner, 0.05, 600);
  return safe === null ? null : Math.min(LONG_RUNS * safe, effectiveCap(learner));
}
