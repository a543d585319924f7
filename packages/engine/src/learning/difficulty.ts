import type { Difficulty, Limit } from '@hive/contract';
import type { Axis } from './policy.js';

/** Where the labels lie on one axis. */
export interface DifficultyScale {
  safe: number;
  l50: number;
  l90: number;
  cap: number;
  /** False while the scale stands on the kind's prior. */
  calibrated: boolean;
}

/**
 * The scale of an axis from what is known of its limit: `easy` ≤ ½ safe < `medium` ≤ 0.85 safe < `hard` ≤ L90 < `extreme`.
 * A bracket has no safe intensity and no L90: its low and its high end stand in. "At least CAP" refers every label to the cap.
 */
export function difficultyScale(axis: Axis, limit: Limit | undefined): DifficultyScale {
  const known = limit?.status === 'known' && limit.estimate !== null && limit.low !== null && limit.high !== null;
  if (known) {
    const { estimate, low, high, safe, band } = limit as Limit & { estimate: number; low: number; high: number };
    return { safe: safe ?? low, l50: estimate, l90: band?.[1] ?? high, cap: axis.cap, calibrated: true };
  }
  const atCap = limit?.status === 'at_least' && limit.low !== null && limit.low >= axis.cap;
  const reference = atCap ? axis.cap : Math.min(Math.max(axis.prior, limit?.low ?? 0), axis.cap);
  return { safe: reference, l50: reference, l90: reference, cap: axis.cap, calibrated: atCap };
}

/** The label of an intensity. */
export function difficultyOf(intensity: number, scale: DifficultyScale): Difficulty {
  if (intensity <= scale.safe / 2) return 'easy';
  if (intensity <= 0.85 * scale.safe) return 'medium';
  return intensity <= scale.l90 ? 'hard' : 'extreme';
}

/** An intensity that carries the label: `draw` in [0, 1) picks the place within it. */
export function intensityOf(difficulty: Difficulty, scale: DifficultyScale, draw: number): number {
  const [from, to] = {
    easy: [scale.safe * 0.25, scale.safe * 0.5],
    medium: [scale.safe * 0.55, scale.safe * 0.85],
    hard: [scale.safe * 0.86, scale.l90],
    extreme: [scale.l90 * 1.05, scale.l50 * 1.5],
  }[difficulty] as [number, number];
  return Math.min(from + draw * (Math.max(to, from) - from), scale.cap);
}
