import type { Plan } from '@hive/contract';
import type { MemoryCycle, Stretch } from '../judging/facts.js';
import { restFloor } from '../watching/rest-floor.js';
import type { WatchSample } from '../watching/sample.js';

/** Cuts a run of load and rest into its cycles; null where the plan has none or memory was not seen in every rest. */
export function memoryCycles(
  { rests }: Plan,
  samples: readonly WatchSample[],
  stretches: readonly Stretch[],
): MemoryCycle[] | null {
  if (rests === undefined) return null;
  const cycles: MemoryCycle[] = [];
  let countedMs = 0;
  for (const rest of rests) {
    const floorBytes = restFloor(samples, rest);
    if (floorBytes === null) return null;
    const requests = stretches
      .filter(({ endMs }) => endMs > countedMs && endMs <= rest.toMs + 1)
      .reduce((sum, stretch) => sum + stretch.counts.planned, 0);
    countedMs = rest.toMs + 1;
    cycles.push({ requests, floorBytes });
  }
  return cycles;
}
