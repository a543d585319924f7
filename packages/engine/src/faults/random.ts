/** Seeded draws in [0, 1). The parts of the key separate the streams of draws of one seed. */
export function seededDraws(seed: number, ...key: (string | number)[]): () => number {
  let state = fnv1a(`${seed}/${key.join('/')}`);
  // Mulberry32 (Ettinger, 2017): 32 bits of state, ample for faults.
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** FNV-1a, 32 bits (Fowler, Noll and Vo, 1991). */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}
