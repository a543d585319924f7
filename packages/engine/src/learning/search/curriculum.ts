import type { Kind } from '@hive/contract';
import { KIND_BLOCK, LEAST_BITS, LEAST_RUN_SECONDS, MOST_BITS, STALEST_EVERY } from '../weights.js';

/** A kind whose goal is not met. */
export interface OpenKind {
  kind: Kind;
  /** How often it was tried in this session. */
  scenarios: number;
  /** How many scenarios of other kinds have been run since its last; Infinity: it was never tried. */
  waiting: number;
  /** How much must still be learned of its limit, bits: each halves the interval. */
  missingBits: number;
  /** What its next run takes, s. */
  seconds: number;
}

/** How many bits an interval of this half width (ln) is away from the wanted one; null: nothing is known. */
export function missingBits(halfWidth: number | null, wanted: number): number {
  if (halfWidth === null) return MOST_BITS;
  return Math.min(MOST_BITS, Math.max(LEAST_BITS, Math.log2(halfWidth / wanted)));
}

/**
 * Which kind is next: the running one until its block is full, then the one with the most missing bits for the seconds of its next run.
 * One block in ten goes to the one that waited longest. `done`: the session's scenarios so far.
 */
export function kindToTry(
  open: readonly OpenKind[],
  { done, running }: { done: number; running: Kind | undefined },
): Kind {
  const inBlock = open.find(({ kind, scenarios }) => kind === running && scenarios % KIND_BLOCK !== 0);
  if (inBlock) return inBlock.kind;
  const isStalestsTurn = Math.floor(done / KIND_BLOCK) % STALEST_EVERY === STALEST_EVERY - 1;
  const value = ({ waiting, missingBits: bits, seconds }: OpenKind): number =>
    isStalestsTurn ? waiting : bits / Math.max(LEAST_RUN_SECONDS, seconds);
  return open.reduce((best, one) => (value(one) > value(best) ? one : best)).kind;
}
