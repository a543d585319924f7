import { figure } from '../../figure.js';
import type { Axis } from '../axis.js';
import { chanceOfHolding } from './chance-of-failing.js';
import type { Ends, Learner, Tried } from './learner.js';
import {
  BROKE_UP_TO,
  CONFIDENT_WIDTH,
  ENOUGH_BROKEN_PASSES,
  HELD_FROM,
  INTENSITY_ROUNDING,
  LONG_RUN_REQUESTS,
  LONG_RUNS_COUNT_SECONDS,
  SAME_SESSION_REACH,
} from '../weights.js';

/** What an estimate lacks to be called measured. */
export type Lack = 'held' | 'broke' | 'usable' | 'narrow';

/**
 * What is still missing before a limit with these ends is `known`; nothing: it is. Held and broken are what the counts say, whatever the verdict was: a run
 * held if no clause had more bad requests than it allows of those that were planned.
 */
export function lacks(learner: Learner, { low, high }: Ends): Lack[] {
  const shown = learner.tried.filter((one) => isRecent(learner, one));
  const usable = shown.some(({ isValid }) => isValid);
  const narrow = Math.log(high / low) / 2 <= Math.log(1 + CONFIDENT_WIDTH);
  return [
    ...(narrow ? [] : ['narrow' as const]),
    ...(shown.some((one) => isHeldAt(learner, one, low)) ? [] : ['held' as const]),
    ...(shown.some((one) => isBrokenAt(learner, one, high)) ? [] : ['broke' as const]),
    ...(usable ? [] : ['usable' as const]),
  ];
}

/** What is missing, in words. */
export function lackInWords(learner: Learner, missing: readonly Lack[]): string {
  const { longRunSeconds, horizonSeconds } = learner.config;
  const words: Record<Lack, string> = {
    narrow: `the interval is wider than ±${figure(CONFIDENT_WIDTH * 100)} %`,
    held:
      longRunSeconds === null
        ? 'no run has passed at the low end yet'
        : `no run of ${figure(longRunSeconds)} s has passed at the low end yet`,
    broke:
      longRunSeconds === null
        ? 'no run has failed at the high end yet'
        : `no run of ${figure(horizonSeconds)} s has failed at the high end yet`,
    usable: 'every run was doubtful',
  };
  return missing.map((one) => words[one]).join('; ');
}

/** How long a run must be that shows that the low end holds, judged seconds: enough requests for the rarest that may be bad. */
export function longRunSeconds(
  { config }: { config: Pick<Axis, 'clauses' | 'longRunSeconds'> },
  ratePerSecond: number,
): number {
  const rarest = Math.min(...config.clauses.map(({ allowedShare }) => allowedShare));
  const least = config.longRunSeconds ?? 0;
  return Math.max(least, Math.ceil(LONG_RUN_REQUESTS / (rarest * Math.max(ratePerSecond, 1e-9))));
}

/** What earlier sessions showed counts for a week, as long as no change is believed. */
function isRecent({ past, at, epoch }: Learner, { session, endedAtEpoch }: Tried): boolean {
  if (session === past.length) return true;
  const [then, now] = [past[session], past.at(-1)];
  const isSame = then !== undefined && now !== undefined && then.low <= now.high && now.low <= then.high;
  return isSame && epoch + at - endedAtEpoch <= LONG_RUNS_COUNT_SECONDS;
}

/** The highest load that held for long, in each of its windows too; null: none did. */
export function heldLong(learner: Learner): number | null {
  const held = learner.tried.filter((one) => isRecent(learner, one) && hasHeldLong(learner, one));
  return held.length === 0 ? null : Math.max(...held.map(({ offered }) => offered));
}

/** What held at a higher load than the low end is better evidence still. */
function isHeldAt(learner: Learner, one: Tried, low: number): boolean {
  if (one.failed || one.offered < HELD_FROM * low * (1 - INTENSITY_ROUNDING)) return false;
  return learner.config.longRunSeconds === null || hasHeldLong(learner, one);
}

function hasHeldLong(learner: Learner, { failed, worstWindow, seconds, ratePerSecond }: Tried): boolean {
  if (failed || (worstWindow !== null && worstWindow > 0)) return false;
  return seconds >= longRunSeconds(learner, ratePerSecond) - 1;
}

/** What broke at a lower load than the high end is better evidence still, as long as it is none of another limit. */
function isBrokenAt(learner: Learner, one: Tried, high: number): boolean {
  const { config } = learner;
  if (!one.failed || one.offered > BROKE_UP_TO * high || one.offered < high / SAME_SESSION_REACH) return false;
  if (config.longRunSeconds === null) return true;
  if (one.session !== learner.past.length) return false;
  if (one.surelyBroke || one.seconds >= config.horizonSeconds - 1) return true;
  return !config.allowOverload && chanceOfHolding(learner, one.offered) < ENOUGH_BROKEN_PASSES;
}
