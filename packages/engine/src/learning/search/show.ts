/** The runs that show what a limit needs to be called measured. */
import { figure } from '../../figure.js';
import { intensityFailing, pFail } from '../limit/chance-of-failing.js';
import { heldLong, lacks, longRunSeconds } from '../limit/evidence.js';
import { effectiveCap, rateOf, warmupSeconds as warmupOf, type Learner } from '../limit/learner.js';
import { honestInterval } from '../limit/steady.js';
import { isVarying, seenEnds, varyingEnds } from '../limit/varying.js';
import { fromCoordinate } from '../belief/scale.js';
import type { Step } from './step.js';
import {
  AROUND_RUN_SECONDS,
  BROKE_UP_TO,
  FAILING_ABOVE,
  INTENSITY_DIGITS,
  LAST_CHANCE_SPARE_SECONDS,
  LAST_CHANCE_WIDTH,
  LONG_RUN_BELOW,
  LONG_RUN_FROM,
  SURELY_FAILING,
  VARYING_BELOW_BROKEN,
  VARYING_LEAST_SECONDS,
  VARYING_SEEN,
} from '../weights.js';

/** Why a search is about to end, and what must be shown first: that a load holds for long, or that one fails. */
export interface Unshown {
  reason: string;
  unseen: 'held' | 'broke' | null;
  /** Where; absent: at the end of the interval. */
  at?: number;
}

/** What must still be shown of a limit that is nearly known: first that its low end holds for long, then that its high end does not. */
export function shownNext(learner: Learner, precision: number): Unshown | null {
  if (isVarying(learner)) return varyingNext(learner);
  const { low, high } = honestInterval(learner);
  const halfWidth = (high - low) / 2;
  if (halfWidth > Math.log(1 + Math.max(precision, LONG_RUN_FROM))) return null;
  const at = (coordinate: number): number => fromCoordinate(learner.config.scale, coordinate);
  const missing = lacks(learner, { low: at(low), high: at(high) });
  const unseen = missing.includes('held') ? 'held' : missing.includes('broke') ? 'broke' : null;
  if (unseen === null && halfWidth > Math.log(1 + precision)) return null;
  return { reason: measuredTo(precision), unseen };
}

/** What must be shown now, as it would not fit into the budget after another run; null: nothing, or it does not fit at all. */
export function lastChance(learner: Learner, secondsLeft: number): Unshown | null {
  const { config } = learner;
  if (config.longRunSeconds === null || !learner.tried.some(({ session }) => session === learner.past.length))
    return null;
  const { low, high } = honestInterval(learner);
  if ((high - low) / 2 > LAST_CHANCE_WIDTH) return null;
  const [from, to] = [low, high].map((coordinate) => fromCoordinate(config.scale, coordinate)) as [number, number];
  const around = warmupOf(config) + config.latencySeconds + AROUND_RUN_SECONDS;
  const missing = lacks(learner, { low: from, high: to });
  const isHeld = !missing.includes('held') || heldLong(learner) !== null;
  const isBroken = !missing.includes('broke') || !config.allowOverload;
  const heldSeconds = isHeld ? 0 : longRunSeconds(learner, rateOf(learner, from)) + around;
  const brokeSeconds = isBroken ? 0 : config.horizonSeconds + around;
  const needed = heldSeconds + brokeSeconds;
  if (needed === 0 || secondsLeft > needed + LAST_CHANCE_SPARE_SECONDS) return null;
  return { reason: 'the budget is nearly used up', unseen: isHeld ? 'broke' : 'held' };
}

/** The run that shows that the low end, or a load, holds. */
function longRun(learner: Learner, at: number | undefined): Show {
  const low = fromCoordinate(learner.config.scale, honestInterval(learner).low);
  const intensity = at ?? LONG_RUN_BELOW * low;
  const seconds = longRunSeconds(learner, rateOf(learner, intensity));
  return { intensity, seconds, reason: `show that this load holds for ${figure(seconds)} s: it is about the low end` };
}

/** The run that shows that the high end, or a load, fails. */
function failingRun(learner: Learner, at: number | undefined): Show {
  const high = fromCoordinate(learner.config.scale, honestInterval(learner).high);
  const seconds = learner.config.horizonSeconds;
  // Of a wide interval the high end is far above what fails for certain: a slow service would queue for minutes.
  const sure = intensityFailing(learner, SURELY_FAILING, seconds) ?? Infinity;
  return {
    intensity: at ?? Math.min(FAILING_ABOVE * high, Math.max(sure, high / BROKE_UP_TO)),
    seconds,
    reason: 'show that this load fails: it is about the high end',
  };
}

/** What must still be shown of a target that varies: a load that holds for a minute, near one that does not, and one above which runs fail. */
function varyingNext(learner: Learner): Unshown | null {
  const { tried, past } = learner;
  const seconds = tried.filter(({ session }) => session === past.length).reduce((sum, one) => sum + one.seconds, 0);
  if (seconds < VARYING_LEAST_SECONDS) return null;
  const { lower, upper } = varyingEnds(learner);
  const { held, broke } = seenEnds(learner);
  const reason = 'measured how the target varies';
  const under = VARYING_BELOW_BROKEN * (broke ?? Infinity);
  if (held === null || held > (broke ?? Infinity))
    return { reason, unseen: 'held', at: Math.min(LONG_RUN_BELOW * lower.low, under) };
  if (broke !== null && broke > VARYING_SEEN * held) return { reason, unseen: 'held', at: Math.sqrt(held * broke) };
  const above = tried.filter(
    (one) => one.session === past.length && one.failed && one.offered * BROKE_UP_TO >= upper.high,
  );
  if (above.length === 0 && learner.config.allowOverload)
    return { reason, unseen: 'broke', at: FAILING_ABOVE * upper.high };
  return { reason, unseen: null };
}

/** The run that shows what is unseen; null: it does not fit into what is left, or is not allowed. */
export function runToShow(learner: Learner, { unseen, at }: Unshown, secondsLeft: number): Step | null {
  const { config } = learner;
  if (unseen === null || (unseen === 'broke' && !config.allowOverload)) return null;
  const { intensity, seconds, reason } = unseen === 'held' ? longRun(learner, at) : failingRun(learner, at);
  const warmupSeconds = warmupOf(config);
  if (warmupSeconds + seconds + config.latencySeconds > secondsLeft) return null;
  const shown = config.whole ? Math.round(intensity) : Number(intensity.toPrecision(INTENSITY_DIGITS));
  const inside = Math.min(Math.max(shown, config.floor), effectiveCap(learner));
  const predictedFailure = pFail(learner, inside, seconds);
  return { action: 'probe', intensity: inside, warmupSeconds, seconds, predictedFailure, reason };
}

/** A run that shows something. */
interface Show {
  intensity: number;
  /** Judged ones. */
  seconds: number;
  reason: string;
}

/** Why a search ends whose interval is as narrow as was asked for, as a share. */
export function measuredTo(precision: number): string {
  return `measured the limit to ±${figure(precision * 100)} %`;
}
