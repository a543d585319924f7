import { intervalOf, posteriorOf } from '../belief/posterior.js';
import { fromCoordinate } from '../belief/scale.js';
import { areApart, type Learner, type Tried } from './learner.js';
import { LONG_RUNS_COUNT_SECONDS } from '../weights.js';

/** Whether the limit may still be where it was at the end of a session, by what is believed now. */
export function isSameTarget({ past, beliefs, config }: Learner, session: number): boolean {
  const then = past[session];
  if (then === undefined || beliefs === null) return true;
  const { low, high } = intervalOf(posteriorOf(beliefs));
  return !areApart(then, { low: fromCoordinate(config.scale, low), high: fromCoordinate(config.scale, high) });
}

/** The runs that count for what is known now: those of this session, and of the last week as long as no change is believed. */
export function recentRuns(learner: Learner): Tried[] {
  const { tried, past, at, epoch } = learner;
  const since = epoch + at - LONG_RUNS_COUNT_SECONDS;
  const same = new Map<number, boolean>([[past.length, true]]);
  return tried.filter(({ session, endedAtEpoch }) => {
    if (session !== past.length && endedAtEpoch < since) return false;
    const known = same.get(session) ?? isSameTarget(learner, session);
    same.set(session, known);
    return known;
  });
}
