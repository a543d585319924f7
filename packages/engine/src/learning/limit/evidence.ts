import { figure } from '../../figure.js';
import { rarestShare, type Axis } from '../axis.js';
import { chanceOfHolding } from './chance-of-failing.js';
import type { Ends, Learner, Tried } from './learner.js';
import { recentRuns } from './same-target.js';
import {
  BROKE_DOWN_TO,
  BROKE_UP_TO,
  CONFIDENT_WIDTH,
  ENOUGH_BROKEN_PASSES,
  HELD_FROM,
  INTENSITY_ROUNDING,
  LONG_RUN_REQUESTS,
  RUN_SECONDS_SLACK,
} from '../weights.js';

/** What an estimate lacks to be called measured. */
export type Lack = 'held' | 'broke' | 'usable' | 'narrow';

/**
 * What is still missing before a limit with these ends is `known`; nothing: it is. Held and broken are what the counts say, whatever the verdict was: a run
 * held if no clause had more bad requests than it allows of those that were planned.
 */
export function lacks(learner: Learner, { low, high }: Ends): Lack[] {
  const shown = recentRuns(learner);
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
  const rarest = rarestShare(config.clauses);
  const least = config.longRunSeconds ?? 0;
  return Math.max(least, Math.ceil(LONG_RUN_REQUESTS / (rarest * Math.max(ratePerSecond, 1e-9))));
}

/** The highest load that held for long, in each of its windows too, of the runs that count; null: none did. */
export function heldLong(learner: Learner, runs: readonly Tried[] = recentRuns(learner)): number | null {
  const held = runs.filter((one) => hasHeldFor(one, longRunSeconds(learner, one.ratePerSecond)));
  return held.length === 0 ? null : Math.max(...held.map(({ offered }) => offered));
}

/** What held at a higher load than the low end is better evidence still. */
function isHeldAt(learner: Learner, one: Tried, low: number): boolean {
  if (one.failed || one.offered < HELD_FROM * low * (1 - INTENSITY_ROUNDING)) return false;
  return learner.config.longRunSeconds === null || hasHeldFor(one, longRunSeconds(learner, one.ratePerSecond));
}

/** Whether a run held for this many judged seconds, and so did each stretch of the horizon's length in it. */
export function hasHeldFor({ failed, worstWindow, seconds }: Tried, wanted: number): boolean {
  return !failed && seconds >= wanted - RUN_SECONDS_SLACK && (worstWindow === null || worstWindow <= 0);
}

/** Whether a run broke for as long as the limit is about, or had more bad requests than such a run may have. */
export function hasSurelyBroken({ failed, surelyBroke, seconds }: Tried, horizonSeconds: number): boolean {
  return failed && (surelyBroke || seconds >= horizonSeconds - RUN_SECONDS_SLACK);
}

/** What broke at a lower load than the high end is better evidence still, as long as it is none of another limit. */
function isBrokenAt(learner: Learner, one: Tried, high: number): boolean {
  const { config } = learner;
  if (!one.failed || one.offered > BROKE_UP_TO * high || one.offered < BROKE_DOWN_TO * high) return false;
  if (config.longRunSeconds === null) return true;
  if (one.session !== learner.past.length) return false;
  if (hasSurelyBroken(one, config.horizonSeconds)) return true;
  return !config.allowOverload && chanceOfHolding(learner, one.offered) < ENOUGH_BROKEN_PASSES;
}
