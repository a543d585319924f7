import type { RunLength } from '../belief/cells.js';
import { effectiveCap, rateOf, warmupSeconds, type Learner } from './learner.js';
import { failing, posteriorOf } from '../belief/posterior.js';
import { fromCoordinate, toCoordinate } from '../belief/scale.js';
import { GRID_STEP, INTENSITY_HALVINGS } from '../weights-of-belief.js';
import { LONG_RUNS, SAFE_CHANCE, SAFE_SECONDS } from '../weights.js';

/** The predicted chance that a run of this many judged seconds fails; null while nothing is known. */
export function pFail(learner: Learner, intensity: number, seconds: number): number | null {
  if (learner.beliefs === null) return null;
  const coordinate = toCoordinate(learner.config.scale, intensity);
  return failing(learner.beliefs, coordinate, runOf(learner, intensity, seconds));
}

/** How a run of this many judged seconds would be laid out. */
export function runOf(learner: Learner, intensity: number, seconds: number): RunLength {
  const { config } = learner;
  const { horizonSeconds } = config;
  return { seconds, ratePerSecond: rateOf(learner, intensity), warmupSeconds: warmupSeconds(config), horizonSeconds };
}

/** The chance that a run of the horizon still passes at this intensity, by what is believed. */
export function chanceOfHolding(learner: Learner, intensity: number): number {
  return 1 - (pFail(learner, intensity, learner.config.horizonSeconds) ?? 0);
}

/** What was asked of a learner before: its limit is reported before and after each run. */
const told = new WeakMap<Learner, Map<string, number | null>>();

/** The largest intensity at which a run of this many seconds fails with at most this chance; null while nothing is known. */
export function intensityFailing(learner: Learner, chance: number, seconds: number): number | null {
  const known = told.get(learner) ?? new Map<string, number | null>();
  told.set(learner, known);
  const question = `${chance} ${seconds}`;
  const answer = known.get(question) ?? searched(learner, chance, seconds);
  known.set(question, answer);
  return answer;
}

function searched(learner: Learner, chance: number, seconds: number): number | null {
  if (learner.beliefs === null) return null;
  const { from, above } = posteriorOf(learner.beliefs);
  let low = from;
  let high = from + above.length * GRID_STEP;
  for (let i = 0; i < INTENSITY_HALVINGS; i += 1) {
    const middle = (low + high) / 2;
    if ((pFail(learner, fromCoordinate(learner.config.scale, middle), seconds) as number) > chance) high = middle;
    else low = middle;
  }
  return fromCoordinate(learner.config.scale, low);
}

/** The largest intensity at which a ten-minute run fails with a chance of at most 5 %. */
export function safeIntensity(learner: Learner): number | null {
  const safe = intensityFailing(learner, SAFE_CHANCE, SAFE_SECONDS);
  return safe === null ? null : Math.min(LONG_RUNS * safe, effectiveCap(learner));
}
