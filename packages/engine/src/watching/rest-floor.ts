import type { WatchSample } from './sample.js';

/** Fewer looks than this cannot tell a floor from a slip. */
const LEAST_SAMPLES = 3;
const SHARE_BELOW = 4;

/**
 * Resident memory that stays in a rest, bytes: of its second half, when collectors and allocators have given back what they will, the
 * value a quarter of the way up (and never the very lowest, which one wrong look would decide). Null when too little was seen.
 */
export function restFloor(
  samples: readonly WatchSample[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): number | null {
  const halfMs = (fromMs + toMs) / 2;
  const sizes = samples
    .filter(({ atMs }) => atMs >= halfMs && atMs <= toMs)
    .flatMap(({ values }) => values['target_memory'] ?? [])
    .sort((a, b) => a - b);
  if (sizes.length < LEAST_SAMPLES) return null;
  return sizes[Math.max(1, Math.floor(sizes.length / SHARE_BELOW))] ?? null;
}
