import { amount, amounts, figure } from '../../figure.js';
import { rarestShare } from '../axis.js';
import { contradicts } from './contradiction.js';
import { brokenHold } from './safe.js';
import { areApart, rateOf, type Ends, type Learner, type Tried } from './learner.js';
import {
  FEW_ALLOWED,
  NOT_MONOTONE_APART,
  NOT_MONOTONE_CLEAR,
  NOT_MONOTONE_CLEAR_MARGIN,
  WIDE_INTERVAL,
} from '../weights.js';

/** What a reader must know about a limit before trusting it, in one sentence; null: nothing. */
export function doubtAbout(learner: Learner, ends: Ends & { estimate: number }): string | null {
  const more = [changed(learner, ends), brokenHold(learner)].filter((one) => one !== null);
  return more.length > 0 ? more.join('; ') : (tooRare(learner, ends) ?? contradicted(learner));
}

/**
 * It clearly held at more than what it clearly broke at, and one of the two was seen again after the other, so that it is no change in time;
 * of `few` runs that take minutes, once must do. Null: more is worse, as it should be.
 */
export function notMonotone({ config, tried, past }: Learner, few = false): (Ends & { reason: string }) | null {
  const clear = few ? NOT_MONOTONE_CLEAR_MARGIN : NOT_MONOTONE_CLEAR;
  const now = tried.filter(({ session, worst }) => session === past.length && Math.abs(worst) > clear);
  const pairs = now.flatMap((broke) =>
    now
      .filter((held) => isAbove(held, broke) && (few || isRepeated(now, held, broke)))
      .map((held) => ({ held, broke })),
  );
  const [first] = pairs.toSorted((a, b) => a.broke.intensity - b.broke.intensity);
  if (!first) return null;
  const { held, broke } = first;
  const below = now.filter(({ worst, intensity }) => worst < 0 && intensity < broke.intensity);
  return {
    low: Math.max(config.floor, ...below.map(({ intensity }) => intensity)),
    high: broke.intensity,
    reason: `failed at ${amount(broke.intensity, config.unit)} but passed at ${amount(held.intensity, config.unit)}: more load is not always worse here (a cache warming up, autoscaling, a second pool?)`,
  };
}

function isAbove(held: Tried, broke: Tried): boolean {
  return held.worst < 0 && broke.worst > 0 && held.intensity > NOT_MONOTONE_APART * broke.intensity;
}

/** Held, broke, held again; or broke, held, broke again. */
function isRepeated(all: readonly Tried[], held: Tried, broke: Tried): boolean {
  const later = Math.max(held.endedAtSeconds, broke.endedAtSeconds);
  const isHeldLater = held.endedAtSeconds === later;
  return all.some(
    (one) =>
      one.endedAtSeconds > later &&
      (isHeldLater ? one.worst > 0 && isAbove(held, one) : one.worst < 0 && isAbove(one, broke)),
  );
}

/** Its interval and that of the session before have nothing in common. */
function changed({ past, config }: Learner, now: Ends): string | null {
  const before = past.at(-1);
  if (before === undefined || !areApart(before, now)) return null;
  return `the target changed: the limit was within ${amounts(before.low, before.high, config.unit)} in the previous session`;
}

/** The interval stayed wide: at this rate the objective allows so few bad requests that one hardly ever occurs. */
function tooRare(learner: Learner, { estimate, low, high }: Ends & { estimate: number }): string | null {
  const { config } = learner;
  const allowed = rateOf(learner, estimate) * config.horizonSeconds * rarestShare(config.clauses);
  if (allowed >= FEW_ALLOWED || Math.log(high / low) / 2 <= Math.log(1 + WIDE_INTERVAL)) return null;
  return `few requests: runs of ${figure(config.horizonSeconds)} s differ by chance, and the interval stays wide. The objectives allow only ${figure(allowed)} bad requests in ${figure(config.horizonSeconds)} s at this load. Allow a larger share (p95, for example) or give more time`;
}

/** A run failed at a lower load than another passed, and neither by chance: the target did not stay the same. In words; null: none did. */
function contradicted(learner: Learner): string | null {
  const pair = contradicts(learner);
  if (pair === null) return null;
  const { unit } = learner.config;
  const told = [
    { text: `passed at ${amount(pair.held.offered, unit)}`, at: pair.held.endedAtSeconds },
    { text: `failed at ${amount(pair.broke.offered, unit)}`, at: pair.broke.endedAtSeconds },
  ].toSorted((a, b) => a.at - b.at);
  return `varies: ${told.map(({ text }) => text).join(' and later ')}. Something other than this load affects the target (pauses, a noisy neighbor, warm-up?). Measure again later before you trust this limit`;
}
