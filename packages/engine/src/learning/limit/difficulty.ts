import type { Difficulty, Limit } from '@hive/contract';
import type { Axis } from '../axis.js';
import {
  EASY_FROM,
  EASY_UP_TO,
  EXTREME_FROM,
  EXTREME_UP_TO,
  HARD_FROM,
  MEDIUM_FROM,
  MEDIUM_UP_TO,
  MOST_SHARE_UNDER_FAULT,
} from '../weights.js';

/** Where the labels lie on one axis. */
export interface DifficultyScale {
  safe: number;
  l50: number;
  l90: number;
  cap: number;
  /** False while the scale stands on the kind's prior. */
  calibrated: boolean;
  /** For shares the factors act on the odds. */
  shares: boolean;
}

/**
 * The scale of an axis from what is known about its limit: `easy` ≤ ½ safe < `medium` ≤ 0.85 safe < `hard` ≤ L90 < `extreme`.
 * Where no safe intensity or L90 is known, the low and the high end of the interval stand in. "At least CAP" refers every label to the cap,
 * "below X" to no more than X.
 */
export function difficultyScale(axis: Axis, limit: Limit | undefined): DifficultyScale {
  const shares = axis.scale === 'logit';
  const known = limit !== undefined && limit.estimate !== null && limit.low !== null && limit.high !== null;
  if (known) {
    const { estimate, low, high, safe, band } = limit as Limit & { estimate: number; low: number; high: number };
    return { safe: safe ?? low, l50: estimate, l90: band?.[1] ?? high, cap: axis.cap, calibrated: true, shares };
  }
  const atCap = limit?.status === 'at_least' && limit.low !== null && limit.low >= axis.cap;
  const most = limit?.status === 'below' && limit.high !== null ? Math.min(limit.high, axis.cap) : axis.cap;
  const reference = atCap ? axis.cap : Math.min(Math.max(axis.prior, limit?.low ?? 0), most);
  return { safe: reference, l50: reference, l90: reference, cap: axis.cap, calibrated: atCap, shares };
}

/** The label of an intensity. */
export function difficultyOf(intensity: number, scale: DifficultyScale): Difficulty {
  if (intensity <= times(scale, scale.safe, EASY_UP_TO)) return 'easy';
  if (intensity <= times(scale, scale.safe, MEDIUM_UP_TO)) return 'medium';
  return intensity <= scale.l90 ? 'hard' : 'extreme';
}

/** An intensity that carries the label: `draw` in [0, 1) picks the place within it. */
export function intensityOf(difficulty: Difficulty, scale: DifficultyScale, draw: number): number {
  const [from, to] = {
    easy: [times(scale, scale.safe, EASY_FROM), times(scale, scale.safe, EASY_UP_TO)],
    medium: [times(scale, scale.safe, MEDIUM_FROM), times(scale, scale.safe, MEDIUM_UP_TO)],
    hard: [times(scale, scale.safe, HARD_FROM), scale.l90],
    extreme: [times(scale, scale.l90, EXTREME_FROM), times(scale, scale.l50, EXTREME_UP_TO)],
  }[difficulty] as [number, number];
  return Math.min(from + draw * (Math.max(to, from) - from), scale.cap);
}

/** A factor on an intensity; for shares on their odds. */
function times({ shares }: DifficultyScale, intensity: number, factor: number): number {
  if (!shares) return intensity * factor;
  const share = Math.min(intensity, MOST_SHARE_UNDER_FAULT);
  const odds = (share / (1 - share)) * factor;
  return odds / (1 + odds);
}
