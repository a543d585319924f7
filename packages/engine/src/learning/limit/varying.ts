import { amount, figure } from '../../figure.js';
import type { Interval } from '../belief/posterior.js';
import { contradicts } from './contradiction.js';
import { hasSurelyBroken, heldLong } from './evidence.js';
import type { Learner, Tried } from './learner.js';
import { allowedBad, bandEnd, isUnsteady, scatterOf } from './steady.js';
import { CONTRADICTING_RUNS, FEW_ALLOWED, UNSTEADY_PAIR, VARYING_UNSEEN } from '../weights.js';

/** The two limits of a target that varies, each with its interval; intensities. */
export interface VaryingEnds {
  /** 9 of 10 runs hold here. */
  lower: Interval;
  /** 9 of 10 fail here. */
  upper: Interval;
}

/** Whether runs of the same load differ so much that one number would mislead: by what is believed, or because two contradict one another. */
export function isVarying(learner: Learner): boolean {
  // Runs with so few bad requests differ by chance.
  if (learner.config.longRunSeconds === null || learner.beliefs === null || allowedBad(learner) < FEW_ALLOWED)
    return false;
  const pair = contradicts(learner);
  return isUnsteady(scatterOf(learner)) || (pair !== null && pair.held.offered > UNSTEADY_PAIR * pair.broke.offered);
}

/**
 * Where 9 of 10 runs hold and fail: as believed, and no narrower than what was seen. A load that held for a minute lies below the first (a minute meets
 * what comes that often), the lowest that surely broke lies above it, and the second is no lower than the highest that clearly held.
 */
export function varyingEnds(learner: Learner): VaryingEnds {
  const [lower, upper] = [bandEnd(learner, -1), bandEnd(learner, 1)];
  const { held, broke, highestHeld } = seenEnds(learner);
  const low = Math.min(lower.low, held ?? VARYING_UNSEEN * (broke ?? Infinity), broke ?? Infinity);
  const high = Math.max(low, Math.min(lower.high, broke ?? Infinity));
  const top = Math.max(upper.high, highestHeld ?? 0);
  return {
    lower: { low, middle: Math.min(Math.max(lower.middle, low), high), high },
    upper: { low: Math.max(upper.low, high), middle: Math.max(upper.middle, high), high: top },
  };
}

/** Of this session: the highest load that held for a minute, the lowest that surely broke, and the highest that clearly held; null: none did. */
export function seenEnds(learner: Learner): { held: number | null; broke: number | null; highestHeld: number | null } {
  const now = ofThisSession(learner);
  const broken = now.filter((one) => hasSurelyBroken(one, learner.config.horizonSeconds));
  const least = Math.max(...CONTRADICTING_RUNS.map(({ seconds }) => seconds));
  const heldClearly = now.filter((one) => !one.failed && one.seconds >= least);
  return {
    held: heldLong(learner, now),
    broke: broken.length === 0 ? null : Math.min(...broken.map(({ offered }) => offered)),
    highestHeld: heldClearly.length === 0 ? null : Math.max(...heldClearly.map(({ offered }) => offered)),
  };
}

/** How it varies, in three sentences. */
export function varyingInWords(learner: Learner, { lower, upper }: VaryingEnds): string {
  const { unit, horizonSeconds } = learner.config;
  const runs = `9 of 10 runs of ${figure(horizonSeconds)} s`;
  const longest = Math.max(0, ...ofThisSession(learner).map(({ seconds }) => seconds));
  return `varies: ${runs} pass up to ${amount(lower.middle, unit)}, and ${runs} fail from ${amount(upper.middle, unit)} on. Something other than this load affects the target (pauses, a periodic job, a noisy neighbor?). What comes less often than every ${figure(longest)} s was not seen`;
}

function ofThisSession({ tried, past }: Learner): Tried[] {
  return tried.filter(({ session }) => session === past.length);
}
