import { intervalOf, posteriorOf, quantile } from '../belief/posterior.js';
import { fromCoordinate } from '../belief/scale.js';
import { effectiveCap, type Learner } from '../limit/learner.js';
import {
  GENTLE_STEP_UP,
  INTENSITY_DIGITS,
  MARGIN_MOST_RUNS,
  MARGIN_NEAR,
  MARGIN_OTHER_SIDE,
  MARGIN_PRECISION,
  STEP_UP,
} from '../weights.js';

/** Where to look next, or why there is no more to look at. */
export function nextMargin(learner: Learner): { intensity: number; reason: string } | { done: string } {
  const { config, beliefs, past, invalid } = learner;
  const cap = effectiveCap(learner);
  const inVain = invalid.reduce((sum, { times }) => sum + times, 0);
  if (inVain >= MARGIN_MOST_RUNS) return { done: 'the load generator could not keep up' };
  const inside = (intensity: number): number =>
    Math.min(Math.max(Number(intensity.toPrecision(INTENSITY_DIGITS)), config.floor), cap);
  if (beliefs === null)
    return { intensity: inside(config.start), reason: 'not measured yet: see how much memory stays in use' };
  const posterior = posteriorOf(beliefs);
  const { low, middle, high } = intervalOf(posterior);
  const tried = learner.tried.filter(({ session }) => session === past.length);
  const isNarrow = (high - low) / 2 < Math.log(1 + MARGIN_PRECISION);
  const isHeld = tried.some(({ worst }) => worst <= 0);
  const isBroken = tried.some(({ worst }) => worst > 0);
  if (isNarrow && isHeld && isBroken) return { done: `measured the limit to ±${MARGIN_PRECISION * 100} %` };
  // A limit must be seen from both sides: after passes alone, try where it should fail, and the other way round.
  const isOneSided = isHeld !== isBroken && (isNarrow || tried.length > 1);
  const place = isOneSided ? quantile(posterior, isHeld ? MARGIN_OTHER_SIDE : 1 - MARGIN_OTHER_SIDE) : middle;
  // A small load far from its limit says nothing about how much the target can take.
  const most =
    Math.max(0, ...learner.tried.map((one) => one.intensity)) * (config.allowOverload ? STEP_UP : GENTLE_STEP_UP);
  const intensity = inside(Math.min(fromCoordinate(config.scale, place), most));
  const nearest = Math.min(...tried.map((one) => Math.abs(Math.log(one.intensity / intensity))));
  if (nearest < MARGIN_NEAR || tried.length + inVain >= MARGIN_MOST_RUNS) return { done: 'more runs would add little' };
  return { intensity, reason: 'the margin of the last run points to this load' };
}
