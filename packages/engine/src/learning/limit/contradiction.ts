import type { Learner, Tried } from './learner.js';
import { CLEAR_CALL, CONTRADICTING_RUNS } from '../weights.js';

/** The lowest load that clearly broke in this session, and the highest clearly above it that clearly held; null: there are none. */
export function contradicts({ tried, past }: Learner): { held: Tried; broke: Tried } | null {
  const now = tried.filter(({ session, worst }) => session === past.length && Math.abs(worst) > CLEAR_CALL);
  const [broke] = now.filter(({ worst }) => worst > 0).toSorted((a, b) => a.offered - b.offered);
  if (broke === undefined) return null;
  const [held] = now
    .filter(({ worst }) => worst < 0)
    .filter((one) =>
      CONTRADICTING_RUNS.some(({ seconds, times }) => one.seconds >= seconds && one.offered >= times * broke.offered),
    )
    .toSorted((a, b) => b.offered - a.offered);
  return held === undefined ? null : { held, broke };
}
