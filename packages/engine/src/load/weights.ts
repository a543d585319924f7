import type { Random } from '../random.js';

/** Draws an index with a chance proportional to its weight. */
export function createDraw(weights: readonly number[], random: Random): () => number {
  if (weights.length < 2) return () => 0;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  const borders = Float64Array.from(weights, (weight) => (sum += weight) / total);
  const last = weights.length - 1;
  return () => {
    const drawn = random.next();
    let index = 0;
    while (index < last && drawn >= borders[index]!) index += 1;
    return index;
  };
}
