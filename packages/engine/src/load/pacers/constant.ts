import type { Pacer } from './pacer.js';
import { createInverse, type Stage } from './stages.js';

/**
 * Evenly spaced arrivals along the stages' rate, the first as soon as the rate is above zero. Each time is computed from its number, so
 * that nothing adds up; the plan has ⌈its integral⌉ arrivals before `endMs`.
 */
export function constantPacer(stages: readonly Stage[], endMs: number): Pacer {
  const timeOf = createInverse(stages);
  let sent = 0;
  return {
    next() {
      const dueMs = timeOf(sent++);
      return dueMs < endMs ? dueMs : Infinity;
    },
  };
}
