// How many keys a cache can be asked for, from how many it holds.

const EXPONENT = 1;

/** The most keys, drawn by Zipf with exponent 1, at which a cache of `capacity` keys that drops the least recently read still answers `hitShare`. */
export function mostKeys({ capacity, hitShare }) {
  let low = capacity;
  let high = 20 * capacity;
  while (high - low > 1) {
    const keys = Math.floor((low + high) / 2);
    if (hitShareOf(keys, capacity) >= hitShare) low = keys;
    else high = keys;
  }
  return low;
}

/**
 * The share of reads that such a cache answers: key k is held for 1 − e^(−p_k T) of the time, where T is such that all keys together
 * fill the cache (Che, Tung and Wang, 2002).
 */
function hitShareOf(keys, capacity) {
  const weights = Array.from({ length: keys }, (_, index) => (index + 1) ** -EXPONENT);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const chances = weights.map((weight) => weight / sum);
  const held = (time) => chances.reduce((total, chance) => total - Math.expm1(-chance * time), 0);
  let low = 0;
  let high = 1_000 * keys;
  for (let step = 0; step < 60; step++) {
    const time = (low + high) / 2;
    if (held(time) < capacity) low = time;
    else high = time;
  }
  return chances.reduce((total, chance) => total - chance * Math.expm1(-chance * high), 0);
}
