import { durationShift, runScatter, type Cell, type RunLength } from './cells.js';
import { at, dispersionOf, type Table } from './likelihood.js';
import { normalBelow } from './scale.js';
import { GRID_STEP, LEAST_DIFFUSION, NEGLIGIBLE_PLACE, SURELY_ABOVE, SURELY_BELOW } from '../weights-of-belief.js';

/** A belief about one clause: a probability for every limit on a grid and every cell. Plain data. */
export interface Belief {
  /** Coordinate of the first grid point. */
  from: number;
  size: number;
  allowedShare: number;
  cells: Cell[];
  /** Probability of (cell c, grid point i) at c·size + i; they add up to 1. */
  mass: Float64Array;
}

/** A density over coordinates, for each cell; not necessarily normed. */
export type Density = (coordinate: number, cell: Cell) => number;

export interface NewBelief {
  from: number;
  to: number;
  allowedShare: number;
  density: Density;
  cells: Cell[];
}

/** A belief before any probe: a density of the limit, and the prior weights of the cells. */
export function createBelief({ from, to, allowedShare, density, cells }: NewBelief): Belief {
  const size = Math.max(2, Math.ceil((to - from) / GRID_STEP) + 1);
  const mass = new Float64Array(size * cells.length);
  for (const [c, cell] of cells.entries()) {
    const values = Array.from({ length: size }, (_, i) => density(from + i * GRID_STEP, cell));
    const sum = values.reduce((total, value) => total + value, 0);
    for (const [i, value] of values.entries()) mass[c * size + i] = (value * cell.weight) / sum;
  }
  return normed({ from, size, allowedShare, cells, mass });
}

/** The belief on a grid that reaches at least so far on both sides; what was beyond it was as good as impossible. */
export function reaching(belief: Belief, low: number, high: number): Belief {
  const { from, size, cells } = belief;
  const below = Math.max(0, Math.ceil((from - low) / GRID_STEP));
  const above = Math.max(0, Math.ceil((high - from) / GRID_STEP) - size + 1);
  if (below === 0 && above === 0) return belief;
  const wider = size + below + above;
  const mass = new Float64Array(wider * cells.length);
  for (let c = 0; c < cells.length; c += 1) mass.set(belief.mass.subarray(c * size, (c + 1) * size), c * wider + below);
  return { ...belief, from: from - below * GRID_STEP, size: wider, mass };
}

/** Bayes' rule: one table of likelihoods a cell, for a probe at `coordinate`. Also says how surprising it was (0–1, small is surprising). */
export function learn(
  belief: Belief,
  tables: readonly Table[],
  probe: { coordinate: number; length: RunLength },
): { belief: Belief; evidence: number } {
  const { size, cells, from } = belief;
  const mass = new Float64Array(belief.mass.length);
  const [step, valueAt] = [GRID_STEP, at];
  let evidence = 0;
  for (let c = 0; c < cells.length; c += 1) {
    const table = tables[c] as Table;
    const first = probe.coordinate - durationShift(cells[c] as Cell, probe.length) - from;
    for (let i = 0; i < size; i += 1) {
      const value = (belief.mass[c * size + i] as number) * valueAt(table, first - i * step);
      mass[c * size + i] = value;
      evidence += value;
    }
  }
  return { belief: normed({ ...belief, mass }), evidence };
}

/**
 * The belief some time later: it diffuses (Laplace of mean `spread`) and jumps with chance `jump` to `elsewhere`.
 * This carries warm-up, scaling, a change of the target and contradicting probes.
 */
export function age(
  belief: Belief,
  { spread, jump, elsewhere }: { spread: number; jump: number; elsewhere: (coordinate: number) => number },
): Belief {
  const { size, cells, from } = belief;
  const mass = new Float64Array(belief.mass);
  const keep = spread <= 0 ? 0 : Math.exp(-GRID_STEP / spread);
  const places = Float64Array.from({ length: size }, (_, i) => elsewhere(from + i * GRID_STEP));
  const sum = places.reduce((total, place) => total + place, 0);
  for (let c = 0; c < cells.length; c += 1) {
    const part = mass.subarray(c * size, (c + 1) * size);
    const total = part.reduce((all, one) => all + one, 0);
    if (keep > LEAST_DIFFUSION) smooth(part, keep);
    const after = part.reduce((all, one) => all + one, 0);
    const scale = after > 0 ? ((1 - jump) * total) / after : 0;
    for (let i = 0; i < size; i += 1)
      part[i] = (part[i] as number) * scale + (jump * total * (places[i] as number)) / sum;
  }
  return normed({ ...belief, mass });
}

/** A two-sided exponential filter, in place. */
function smooth(part: Float64Array, keep: number): void {
  const gain = (1 - keep) / (1 + keep);
  const forward = new Float64Array(part.length);
  let carry = 0;
  for (let i = 0; i < part.length; i += 1) {
    carry = carry * keep + (part[i] as number);
    forward[i] = carry;
  }
  carry = 0;
  for (let i = part.length - 1; i >= 0; i -= 1) {
    const own = part[i] as number;
    part[i] = gain * ((forward[i] as number) + carry * keep);
    carry = carry * keep + own;
  }
}

/** The probability of each grid point, all cells together. */
export function marginal({ size, cells, mass }: Belief): Float64Array {
  const sum = new Float64Array(size);
  for (let c = 0; c < cells.length; c += 1)
    for (let i = 0; i < size; i += 1) sum[i] = (sum[i] as number) + (mass[c * size + i] as number);
  return sum;
}

/**
 * The chance that a run breaks this clause: over belief, scatter and duration; the noise of counting as scatter of √(φ ÷ n·p*) ÷ β.
 */
export function chanceOfFailing(belief: Belief, coordinate: number, length: RunLength): number {
  const { size, cells, from, mass } = belief;
  const counting = countingScatter(belief, length);
  // The innermost loops of the learner: what is imported is looked up once.
  const [step, negligible, below] = [GRID_STEP, NEGLIGIBLE_PLACE, normalBelow];
  let chance = 0;
  for (let c = 0; c < cells.length; c += 1) {
    const cell = cells[c] as Cell;
    const spread = Math.hypot(runScatter(cell, length), counting / cell.slope);
    const first = coordinate - durationShift(cell, length) - from;
    // Below its own share of the grid it is certain to break, above it certain to hold.
    const certain = within(size, (first - SURELY_BELOW * spread) / step);
    const possible = within(size, (first + SURELY_ABOVE * spread) / step);
    const row = c * size;
    for (let i = 0; i < certain; i += 1) if (mass[row + i]! >= negligible) chance += mass[row + i]!;
    for (let i = certain; i < possible; i += 1) {
      const own = mass[row + i]!;
      if (own >= negligible) chance += own * below((first - i * step) / spread);
    }
  }
  return chance;
}

/** The noise of counting bad requests, in log-odds of their share: √(φ·(1 − p*) ÷ n·p*). */
export function countingScatter({ allowedShare }: Belief, { ratePerSecond, seconds }: RunLength): number {
  const planned = Math.max(1, ratePerSecond * seconds);
  return Math.sqrt(((1 - allowedShare) * dispersionOf(planned, allowedShare)) / (planned * allowedShare));
}

function within(size: number, place: number): number {
  return Math.max(0, Math.min(size, Math.ceil(place)));
}

function normed(belief: Belief): Belief {
  let sum = 0;
  for (const one of belief.mass) sum += one;
  if (!(sum > 0)) throw new Error('a belief must keep some probability');
  for (let i = 0; i < belief.mass.length; i += 1) belief.mass[i] = (belief.mass[i] as number) / sum;
  return belief;
}
