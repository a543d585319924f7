import { amount } from '../../figure.js';
import type { Held, Learner, ProbeObservation } from './learner.js';
import { safeIntensity } from './chance-of-failing.js';
import { isSameTarget } from './same-target.js';
import { isVarying, varyingEnds } from './varying.js';
import { BROKEN_HOLD_LOWER, HELD_ABOUT } from '../weights.js';

/** The intensity that long runs keep, and how long one did. */
export interface Safe {
  safe: number | null;
  /** Judged ones; absent: it is only predicted. */
  heldSeconds?: number;
}

/**
 * What a hold showed. It says whether what counts as safe is, and nothing of the limit: that is about runs of the horizon, and what long runs meet
 * beside them (a leak, a full disk, another hour) is in no cell.
 */
export function observeHold(learner: Learner, run: ProbeObservation): Learner {
  const { intensity, plannedSeconds: seconds, validity, clauses } = run;
  const isCounted = validity !== 'invalid' && clauses.some(({ n }) => n > 0);
  const broke = run.stoppedEarly || clauses.some(({ n, bad, allowedShare }) => bad > allowedShare * n);
  const outcome = !isCounted ? 'undecided' : broke ? 'broke' : 'held';
  return { ...learner, holds: [...learner.holds, { intensity, seconds, outcome, session: learner.past.length }] };
}

/**
 * The safe intensity: predicted by the belief, but below a failed hold and, where the target varies, no higher than what 9 of 10 runs surely hold. Where
 * about as much held for minutes, it is no higher than that.
 */
export function safeOf(learner: Learner): Safe {
  const predicted = safeIntensity(learner);
  if (predicted === null) return { safe: null };
  const broke = lowestBroken(learner);
  const surely = isVarying(learner) ? varyingEnds(learner).lower.low : Infinity;
  const most = Math.min(predicted, surely, broke === null ? Infinity : BROKEN_HOLD_LOWER * broke.intensity);
  const [longest] = learner.holds
    .filter(({ outcome, intensity }) => outcome === 'held' && intensity >= HELD_ABOUT * most)
    .filter(({ intensity }) => broke === null || intensity < broke.intensity)
    .toSorted((a, b) => b.seconds - a.seconds || b.intensity - a.intensity);
  if (longest === undefined) return { safe: most };
  return { safe: Math.min(most, longest.intensity), heldSeconds: Math.round(longest.seconds) };
}

/** What a reader must know about failed holds, in one sentence; null: none failed. */
export function brokenHold(learner: Learner): string | null {
  const broke = lowestBroken(learner);
  return broke === null
    ? null
    : `the soak at ${amount(broke.intensity, learner.config.unit)} failed, although this load should have been safe: long runs meet what short runs do not`;
}

function lowestBroken(learner: Learner): Held | null {
  const [lowest] = learner.holds
    .filter((one) => one.outcome === 'broke' && isSameTarget(learner, one.session))
    .toSorted((a, b) => a.intensity - b.intensity);
  return lowest ?? null;
}
