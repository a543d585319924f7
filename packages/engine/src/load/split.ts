import type { Split } from '../measuring.js';
import { createRandom, type Random } from '../random.js';
import { createBalance } from './balance.js';
import type { Pacer } from './pacers/pacer.js';
import { createDraw } from './weights.js';

/** Everything belongs to the only one. */
export const UNDIVIDED: Split = { index: 0, weights: [1] };
/** `round_robin` looks at no loads. */
const NO_LOADS = new Uint32Array(0);

/**
 * One part of a plan. Each arrival belongs to exactly one part, whoever asks: drawn by weight with `random`, which is the same stream in every
 * part, so that the parts of Poisson arrivals are Poisson arrivals again; in turn by weight without it, so that even arrivals stay even.
 */
export function splitPacer(pacer: Pacer, { index, weights }: Split, random: Random | null): Pacer {
  if (weights.length === 1) return pacer;
  const turn = createBalance(
    'round_robin',
    weights.map((weight) => ({ weight })),
    createRandom(0),
  );
  const next = random === null ? () => turn(NO_LOADS) : createDraw(weights, random);
  return {
    next() {
      for (;;) {
        const dueMs = pacer.next();
        if (dueMs === Infinity || next() === index) return dueMs;
      }
    },
  };
}

/** The part of a whole number, by weight; all parts together are the number. Each gets `least` first, as far as that goes. */
export function partOf(whole: number, { index, weights }: Split, least = 0): number {
  const { fromShare, toShare } = sharesOf({ index, weights });
  const spare = whole - least * weights.length;
  if (spare < 0) return Math.max(0, Math.min(least, whole - least * index));
  return least + Math.floor(spare * toShare) - Math.floor(spare * fromShare);
}

/** The share of the whole that a part is, 0–1. */
export function shareOfWhole(split: Split): number {
  const { fromShare, toShare } = sharesOf(split);
  return toShare - fromShare;
}

/** Where a part begins and ends when all are laid side by side from 0 to 1: one ends exactly where the next begins. */
function sharesOf({ index, weights }: Split): { fromShare: number; toShare: number } {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const until = (end: number): number =>
    end === weights.length ? 1 : weights.slice(0, end).reduce((sum, weight) => sum + weight, 0) / total;
  return { fromShare: until(index), toShare: until(index + 1) };
}
