import type { CachePolicy } from '../../src/practice/cache.js';

/** Chance of each key: uniform for exponent 0, else Zipf. */
export function popularity(keys: number, exponent: number): number[] {
  const weights = Array.from({ length: keys }, (_, index) => (index + 1) ** -exponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/**
 * The share of independent reads that a full cache of `size` keys answers. With T, the time a key stays, from Σ occupancy = size:
 * LRU: occupancy 1 − e^(−pT) (Che, Tung and Wang, 2002). FIFO: pT ÷ (1 + pT) (Fricker, Robert and Roberts, 2012).
 */
export function hitShare(chances: readonly number[], size: number, policy: CachePolicy): number {
  if (policy === 'none' || size === 0) return 0;
  if (size >= chances.length) return 1;
  const occupancy = (chance: number, stay: number): number =>
    policy === 'lru' ? -Math.expm1(-chance * stay) : (chance * stay) / (1 + chance * stay);
  const held = (stay: number): number => chances.reduce((sum, chance) => sum + occupancy(chance, stay), 0);
  let low = 0;
  let high = 1;
  while (held(high) < size) high *= 2;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (held(middle) < size) low = middle;
    else high = middle;
  }
  return chances.reduce((sum, chance) => sum + chance * occupancy(chance, high), 0);
}

const MOST_KEYS = 1_000_000;

/** The most keys of which a cache still answers the share `floor`; Infinity where a million are not enough to break it. */
export function mostKeys(given: { size: number; policy: CachePolicy; exponent: number; floor: number }): number {
  const kept = (keys: number): boolean =>
    hitShare(popularity(keys, given.exponent), given.size, given.policy) >= given.floor;
  let low = given.size;
  let high = given.size * 2;
  while (kept(high)) {
    if (high >= MOST_KEYS) return Number.POSITIVE_INFINITY;
    [low, high] = [high, high * 2];
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (kept(middle)) low = middle;
    else high = middle;
  }
  return low;
}
