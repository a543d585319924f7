import { marginal, type Belief } from '../belief/belief.js';
import { badShares, durationShift, runScatter, type Cell, type RunLength } from '../belief/cells.js';
import { dispersionOf } from '../belief/likelihood.js';
import { logit, normalBelow } from '../belief/scale.js';
import { GRID_STEP } from '../weights-of-belief.js';
import {
  LEAST_NOISY_BAD,
  NEGLIGIBLE_CELL,
  NEGLIGIBLE_LIMIT,
  OUTCOME_BORDERS,
  OUTCOME_NODES,
  OUTCOME_REACH,
  OUTCOME_STEPS,
  RATES_PER_E,
} from '../weights.js';

/** What a probe is expected to bring. */
export interface Outlook {
  /** Information about the limit, nats: mutual information of limit and outcome (Lindley 1956). */
  information: number;
  /** Share of its requests that will be bad. */
  badShare: number;
}

const OUTCOMES = OUTCOME_BORDERS.length + 1;
/** Of a row of outcomes: their chances and the bad share. */
const WIDTH = OUTCOMES + 1;
/** Distances from the limit at which outcomes are worked out. */
const STEP = OUTCOME_STEPS * GRID_STEP;
const PLACES = Math.round((2 * OUTCOME_REACH) / STEP) + 1;

/** For each distance from the limit: the chance of each outcome, then the bad share. */
type Outcomes = Float64Array;

/** Says for any probe what it is expected to bring, under one belief. Outcomes are worked out once for each length of run. */
export function outlookOf(belief: Belief): (probe: { coordinate: number; length: RunLength }) => Outlook {
  const { size, mass, from, allowedShare } = belief;
  const masses = marginal(belief);
  const limits = [...masses.keys()].filter((i) => (masses[i] as number) > NEGLIGIBLE_LIMIT);
  const cells = belief.cells
    .map((cell, c) => ({ cell, own: limits.map((i) => mass[c * size + i] as number) }))
    .filter(({ own }) => own.reduce((sum, one) => sum + one, 0) > NEGLIGIBLE_CELL);
  const known = new Map<string, Outcomes[]>();

  return ({ coordinate, length }) => {
    const key = `${length.seconds} ${Math.round(RATES_PER_E * Math.log(length.ratePerSecond))}`;
    const tables = known.get(key) ?? cells.map(({ cell }) => outcomesOf(cell, allowedShare, length));
    known.set(key, tables);
    const joint = new Float64Array(limits.length * OUTCOMES);
    let bad = 0;
    let all = 0;
    for (const [c, { cell, own }] of cells.entries()) {
      const table = tables[c] as Outcomes;
      const first = coordinate - durationShift(cell, length) - from;
      for (let k = 0; k < limits.length; k += 1) {
        const chance = own[k] as number;
        const distance = (first - (limits[k] as number) * GRID_STEP + OUTCOME_REACH) / STEP;
        const place = Math.min(PLACES - 1.001, Math.max(0, distance));
        const row = Math.floor(place) * WIDTH;
        const part = place % 1;
        for (let o = 0; o < WIDTH; o += 1) {
          const value = chance * ((table[row + o] as number) * (1 - part) + (table[row + WIDTH + o] as number) * part);
          if (o < OUTCOMES) joint[k * OUTCOMES + o]! += value;
          else bad += value;
        }
        all += chance;
      }
    }
    return { information: mutualInformation(joint, all), badShare: bad / all };
  };
}

/** Of rows (limits) and columns (outcomes) whose entries add up to `all`. */
function mutualInformation(joint: Float64Array, all: number): number {
  const columns = new Float64Array(OUTCOMES);
  for (let i = 0; i < joint.length; i += 1) columns[i % OUTCOMES]! += (joint[i] as number) / all;
  let information = 0;
  for (let i = 0; i < joint.length; i += OUTCOMES) {
    let row = 0;
    for (let o = 0; o < OUTCOMES; o += 1) row += (joint[i + o] as number) / all;
    for (let o = 0; o < OUTCOMES; o += 1) {
      const both = (joint[i + o] as number) / all;
      if (both > 0) information += both * Math.log(both / (row * (columns[o] as number)));
    }
  }
  return Math.max(0, information);
}

function outcomesOf(cell: Cell, allowedShare: number, length: RunLength): Outcomes {
  const table = new Float64Array(PLACES * WIDTH);
  // An innermost loop of the learner: what is imported is looked up once.
  const [borders, nodes, below] = [OUTCOME_BORDERS, OUTCOME_NODES, normalBelow];
  const shareAt = badShares(cell, allowedShare);
  const n = Math.max(1, length.ratePerSecond * length.seconds);
  const scatter = runScatter(cell, length);
  const allowed = logit(allowedShare);
  const dispersion = dispersionOf(n, allowedShare);
  for (let place = 0; place < PLACES; place += 1) {
    const row = place * WIDTH;
    for (const node of nodes) {
      const p = shareAt(place * STEP - OUTCOME_REACH + node * scatter);
      const noise = Math.sqrt(dispersion / (n * Math.max(p * (1 - p), LEAST_NOISY_BAD / n)));
      const center = logit(p) - allowed;
      let before = 0;
      for (let o = 0; o < OUTCOMES; o += 1) {
        const upTo = o < borders.length ? below((borders[o]! - center) / noise) : 1;
        table[row + o]! += (upTo - before) / nodes.length;
        before = upTo;
      }
      table[row + OUTCOMES]! += p / nodes.length;
    }
  }
  return table;
}
