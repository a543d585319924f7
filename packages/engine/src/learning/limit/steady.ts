import { runScatter, type RunLength } from '../belief/cells.js';
import { intervalOf, posteriorOf, type Interval } from '../belief/posterior.js';
import { countingScatter, type Belief } from '../belief/belief.js';
import { fromCoordinate, toCoordinate } from '../belief/scale.js';
import { heldLong } from './evidence.js';
import { runOf } from './chance-of-failing.js';
import type { Learner } from './learner.js';
import { recentRuns } from './same-target.js';
import { rarestShare } from '../axis.js';
import { GRID_STEP } from '../weights-of-belief.js';
import {
  FEW_ALLOWED,
  FLOOR_SCALES,
  HELD_FROM,
  HELD_LOWERS,
  INTERVAL_BELOW,
  INTERVAL_UP_TO,
  LOGISTIC_DEVIATION,
  NEAR_LIMIT,
  NORMAL_TENTH,
  UNSTEADY_BAND,
} from '../weights.js';

/** How far runs of the horizon differ from one another at the same load, as standard deviation of the limit that each shows, ln. */
export interface Scatter {
  /** Whatever the cause. */
  whole: number;
  /** A standard deviation above that, as it is not known well. */
  atMost: number;
  /** The part that chance alone makes at this rate: random arrivals, and counting few bad requests. */
  byChance: number;
}

/** The belief about the clause that breaks first. */
function binding(learner: Learner): Belief {
  const beliefs = learner.beliefs as Belief[];
  return beliefs[posteriorOf(beliefs).binding] as Belief;
}

/** What is believed about how much runs of the horizon differ. */
export function scatterOf(learner: Learner): Scatter {
  const belief = binding(learner);
  const length = lengthAt(learner);
  const weights = cellWeights(belief);
  const counting = countingScatter(belief, length);
  const arrivals = 1 / Math.sqrt(Math.max(1, length.ratePerSecond * (length.seconds + length.warmupSeconds)));
  let whole = 0;
  let squares = 0;
  let byChance = 0;
  for (const [c, cell] of belief.cells.entries()) {
    const noise = counting / cell.slope;
    const own = Math.hypot(runScatter(cell, length), noise);
    whole += (weights[c] as number) * own;
    squares += (weights[c] as number) * own * own;
    byChance += (weights[c] as number) * Math.hypot(arrivals, noise);
  }
  return { whole, atMost: whole + Math.sqrt(Math.max(0, squares - whole * whole)), byChance };
}

/** Whether runs of the same load differ so much, beyond what chance does at this rate, that one number would mislead. */
export function isUnsteady({ whole, byChance }: Pick<Scatter, 'whole' | 'byChance'>): boolean {
  const beyond = Math.sqrt(Math.max(0, whole * whole - byChance * byChance));
  return 2 * NORMAL_TENTH * beyond > Math.log(UNSTEADY_BAND);
}

/** How many bad requests the objectives allow in a run of the horizon at the limit. */
export function allowedBad(learner: Learner): number {
  const { seconds, ratePerSecond } = lengthAt(learner);
  return ratePerSecond * seconds * rarestShare(learner.config.clauses);
}

/** The half width that an interval has at least, ln: runs differ, and only the time that was spent near the limit tells by how much. */
function leastHalfWidth(learner: Learner, middle: number): number {
  const { config } = learner;
  const { whole, atMost } = scatterOf(learner);
  // Where few bad requests are allowed the belief is wide already, by the noise of counting them.
  const scale = (allowedBad(learner) < FEW_ALLOWED ? whole : atMost) / LOGISTIC_DEVIATION;
  const seconds = recentRuns(learner)
    .filter(({ offered }) => Math.abs(toCoordinate(config.scale, offered) - middle) < NEAR_LIMIT)
    .reduce((sum, one) => sum + one.seconds, 0);
  return FLOOR_SCALES * scale * Math.sqrt(config.horizonSeconds / Math.max(seconds, 1));
}

/** The interval of the limit, no narrower than runs differ; coordinates. */
export function honestInterval(learner: Learner): Interval {
  const { low, middle, high } = intervalOf(posteriorOf(learner.beliefs as Belief[]));
  if (learner.config.longRunSeconds === null) return { low, middle, high };
  const least = leastHalfWidth(learner, middle);
  const own = { low: Math.min(low, middle - least), middle, high: Math.max(high, middle + least) };
  const held = heldLong(learner);
  // A little below where it would count for the low end: the low end is lowered to it.
  const lowered = held === null ? own.low : toCoordinate(learner.config.scale, held / HELD_FROM);
  return own.low > lowered && own.low + Math.log(HELD_LOWERS) <= lowered ? { ...own, low: lowered } : own;
}

/** Where 9 of 10 runs of the horizon hold (`tenth` −1) or fail (1): the middle and the ends of its 95 % interval, intensities. */
export function bandEnd(learner: Learner, tenth: -1 | 1): Interval {
  const belief = binding(learner);
  const length = lengthAt(learner);
  const counting = countingScatter(belief, length);
  const { size, cells, mass, from } = belief;
  const shifts = cells.map(
    (cell) => tenth * NORMAL_TENTH * Math.hypot(runScatter(cell, length), counting / cell.slope),
  );
  const places = new Float64Array(size + 2 * Math.ceil(Math.max(0, ...shifts.map(Math.abs)) / GRID_STEP) + 2);
  const margin = (places.length - size) / 2;
  for (const [c, shift] of shifts.entries()) {
    const by = Math.round(margin + shift / GRID_STEP);
    for (let i = 0; i < size; i += 1) {
      const place = i + by;
      places[place] = (places[place] ?? 0) + (mass[c * size + i] as number);
    }
  }
  const at = (chance: number): number => {
    let below = 0;
    const place = places.findIndex((own) => (below += own) >= chance);
    return fromCoordinate(learner.config.scale, from + (place - margin) * GRID_STEP);
  };
  return { low: at(INTERVAL_BELOW), middle: at(0.5), high: at(INTERVAL_UP_TO) };
}

/** A run of the horizon at the limit. */
function lengthAt(learner: Learner): RunLength {
  const { middle } = intervalOf(posteriorOf(learner.beliefs as Belief[]));
  return runOf(learner, fromCoordinate(learner.config.scale, middle), learner.config.horizonSeconds);
}

function cellWeights({ cells, size, mass }: Belief): number[] {
  return cells.map((_, c) => mass.subarray(c * size, (c + 1) * size).reduce((sum, one) => sum + one, 0));
}
