import {
  BLUR_FROM,
  BLUR_POINTS,
  BLUR_STEP,
  COUNTS_LAPSE,
  DISPERSION,
  RIGHT_SIDE,
  TABLE_REACH,
  TABLE_STEP,
} from '../weights-of-belief.js';
import { badShares, runScatter, type Cell, type RunLength } from './cells.js';

/** What a probe says about one clause. */
export interface CountsEvidence {
  n: number;
  bad: number;
  allowedShare: number;
  /** The probe was stopped as failed: there were at least `bad` of `n` planned. */
  atLeast: boolean;
}

/** The likelihood of one observation over u = distance above the limit, from −TABLE_REACH to TABLE_REACH in steps of TABLE_STEP. */
export type Table = Float64Array;

const MIDDLE = Math.round(TABLE_REACH / TABLE_STEP);
const SIZE = 2 * MIDDLE + 1;

/** One table for each cell; cells that differ only in the duration shift share one. */
export function countTables(evidence: CountsEvidence, cells: readonly Cell[], length: RunLength): Table[] {
  const sharp = new Map<string, Table>();
  const blurred = new Map<string, Table>();
  return cells.map((cell) => {
    const shape = `${cell.slope} ${cell.floor}`;
    const scatter = runScatter(cell, length);
    const key = `${shape} ${scatter}`;
    const known = blurred.get(key);
    if (known) return known;
    const raw = sharp.get(shape) ?? countTable(evidence, cell);
    sharp.set(shape, raw);
    const table = blur(raw, scatter);
    blurred.set(key, table);
    return table;
  });
}

/** The likelihood at u, between the table's steps; clamped at its ends. */
export function at(table: Table, u: number): number {
  const place = u / TABLE_STEP + MIDDLE;
  if (place <= 0) return table[0] as number;
  if (place >= SIZE - 1) return table[SIZE - 1] as number;
  const i = Math.floor(place);
  const part = place - i;
  return (table[i] as number) * (1 - part) + (table[i + 1] as number) * part;
}

/**
 * φ of a run of n requests: at the limit half of the runs break, so there are bad requests in half of them at least, and those that come together are no more
 * than n·p* ÷ ln 2 (Poisson).
 */
export function dispersionOf(n: number, allowedShare: number): number {
  return Math.min(DISPERSION, Math.max(1, (n * allowedShare) / Math.LN2));
}

/** Quasi-binomial deviance, with the right side almost free, and a lapse. */
function countTable(evidence: CountsEvidence, cell: Cell): Table {
  const { n, bad, allowedShare, atLeast } = evidence;
  const dispersion = dispersionOf(n, allowedShare);
  const observed = n > 0 ? bad / n : 0;
  const failed = observed > allowedShare;
  const shareAt = badShares(cell, allowedShare);
  return tableOf((u) => {
    const p = shareAt(u);
    const rightSide = failed === p > allowedShare;
    const weight = rightSide ? (atLeast ? 0 : RIGHT_SIDE) : 1;
    return COUNTS_LAPSE + (1 - COUNTS_LAPSE) * Math.exp((-weight * n * divergence(observed, p)) / dispersion);
  });
}

/** A table of what `likelihood` says at each distance. */
export function tableOf(likelihood: (u: number) => number): Table {
  return Float64Array.from({ length: SIZE }, (_, i) => likelihood((i - MIDDLE) * TABLE_STEP));
}

/** Kullback–Leibler divergence of two Bernoulli variables: the binomial deviance of one request, halved. */
function divergence(observed: number, p: number): number {
  const inside = Math.min(Math.max(p, 1e-12), 1 - 1e-12);
  const bad = observed > 0 ? observed * Math.log(observed / inside) : 0;
  const good = observed < 1 ? (1 - observed) * Math.log((1 - observed) / (1 - inside)) : 0;
  return Math.max(0, bad + good);
}

/** The table seen through a normal scatter of the limit. */
function blur(table: Table, scatter: number): Table {
  const result = new Float64Array(SIZE);
  for (const [node, weight] of NODES) {
    const shift = (node * scatter) / TABLE_STEP;
    const whole = Math.floor(shift);
    const part = shift - whole;
    for (let i = 0; i < SIZE; i += 1) {
      const a = table[clamp(i + whole)] as number;
      const b = table[clamp(i + whole + 1)] as number;
      result[i] = (result[i] as number) + weight * (a + (b - a) * part);
    }
  }
  return result;
}

/** Points of a standard normal, and their weights. */
const NODES: readonly [number, number][] = (() => {
  const places = Array.from({ length: BLUR_POINTS }, (_, i) => BLUR_FROM + i * BLUR_STEP);
  const weights = places.map((z) => Math.exp((-z * z) / 2));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return places.map((z, i): [number, number] => [z, (weights[i] as number) / sum]);
})();

const clamp = (i: number): number => (i < 0 ? 0 : i >= SIZE ? SIZE - 1 : i);
