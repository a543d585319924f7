import { studentQuantile } from './student.js';

/** The mean of independent values, and how well it is known. */
export interface Mean {
  mean: number;
  /** Standard error of the mean. */
  se: number;
  count: number;
}

/** The mean of at least two values; null of fewer. */
export function meanOf(values: readonly number[]): Mean | null {
  const count = values.length;
  if (count < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, se: Math.sqrt(squares / (count - 1) / count), count };
}

/** The two-sided interval of a mean that misses it with this chance, by Student's t. */
export function intervalOf({ mean, se, count }: Mean, missing: number): [low: number, high: number] {
  const half = se === 0 ? 0 : studentQuantile(1 - missing / 2, count - 1) * se;
  return [mean - half, mean + half];
}
