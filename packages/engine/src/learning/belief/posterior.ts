import { chanceOfFailing, marginal, type Belief } from './belief.js';
import type { RunLength } from './cells.js';
import { GRID_STEP } from '../weights-of-belief.js';
import { INTERVAL_BELOW, INTERVAL_UP_TO, LEAST_CHANCE_OF_BITS } from '../weights.js';

/** The belief about the limit of several clauses: the smallest of theirs, taken as fully dependent. Plain data. */
export interface Posterior {
  from: number;
  /** Chance that the limit lies above each grid point. */
  above: Float64Array;
  /** Index of the clause that most probably breaks first. */
  binding: number;
}

/** All beliefs must share one grid. */
export function posteriorOf(beliefs: readonly Belief[]): Posterior {
  const first = beliefs[0] as Belief;
  const above = new Float64Array(first.size).fill(1);
  let binding = 0;
  let lowest = Infinity;
  for (const [j, belief] of beliefs.entries()) {
    const masses = marginal(belief);
    let below = 0;
    let median = Infinity;
    for (let i = 0; i < masses.length; i += 1) {
      below += masses[i] as number;
      if (below >= 0.5 && median === Infinity) median = i;
      above[i] = Math.min(above[i] as number, 1 - below);
    }
    if (median < lowest) {
      lowest = median;
      binding = j;
    }
  }
  return { from: first.from, above, binding };
}

/** The coordinate below which the limit lies with this chance. Each grid point stands for its cell of the grid. */
export function quantile({ from, above }: Posterior, chance: number): number {
  let before = 0;
  for (let i = 0; i < above.length; i += 1) {
    const below = 1 - (above[i] as number);
    if (below >= chance) return from + (i - 0.5 + (chance - before) / Math.max(below - before, 1e-12)) * GRID_STEP;
    before = below;
  }
  return from + (above.length - 1) * GRID_STEP;
}

/** The 95 % interval of the limit and its median, as coordinates. */
export interface Interval {
  low: number;
  middle: number;
  high: number;
}

/** What is believed of the limit, in short. */
export function intervalOf(posterior: Posterior): Interval {
  return {
    low: quantile(posterior, INTERVAL_BELOW),
    middle: quantile(posterior, 0.5),
    high: quantile(posterior, INTERVAL_UP_TO),
  };
}

/** The chance that the limit lies below a coordinate. */
export function chanceBelow({ from, above }: Posterior, coordinate: number): number {
  const place = (coordinate - from) / GRID_STEP + 0.5;
  const i = Math.floor(place);
  if (i < 0) return 0;
  if (i >= above.length) return 1;
  const before = i === 0 ? 0 : 1 - (above[i - 1] as number);
  return before + (1 - (above[i] as number) - before) * (place - i);
}

/** How far one belief is from another that came before it: the Kullback–Leibler divergence, bits (Lindley 1956: what a run taught). */
export function bitsBetween(before: Posterior, after: Posterior): number {
  let bits = 0;
  let below = 0;
  for (let i = 0; i < after.above.length; i += 1) {
    const own = 1 - (after.above[i] as number) - below;
    below += own;
    const from = after.from + (i - 0.5) * GRID_STEP;
    const was = chanceBelow(before, from + GRID_STEP) - chanceBelow(before, from);
    if (own > LEAST_CHANCE_OF_BITS) bits += own * Math.log2(own / Math.max(was, LEAST_CHANCE_OF_BITS));
  }
  return Math.max(0, bits);
}

/** The chance that a run breaks some clause: the largest of the clauses'. */
export function failing(beliefs: readonly Belief[], coordinate: number, length: RunLength): number {
  return Math.max(...beliefs.map((belief) => chanceOfFailing(belief, coordinate, length)));
}
