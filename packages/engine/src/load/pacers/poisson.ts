import type { Random } from '../../random.js';
import type { Pacer } from './pacer.js';
import { createInverse, type Stage } from './stages.js';

/**
 * Poisson arrivals along the stages' rate, by time change: the arrivals of a process of rate one, carried through the inverse of the
 * rate's integral (Çinlar, Introduction to Stochastic Processes, 1975).
 */
export function poissonPacer(stages: readonly Stage[], endMs: number, random: Random): Pacer {
  const timeOf = createInverse(stages);
  let count = 0;
  let done = false;
  return {
    next() {
      if (done) return Infinity;
      count += random.exponential();
      const dueMs = timeOf(count);
      done = !(dueMs < endMs);
      return done ? Infinity : dueMs;
    },
  };
}
