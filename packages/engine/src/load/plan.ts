import type { LoadOrder } from '../measuring.js';
import { createRandom } from '../random.js';
import { constantPacer } from './pacers/constant.js';
import type { Pacer } from './pacers/pacer.js';
import { poissonPacer } from './pacers/poisson.js';
import { partOf, splitPacer, UNDIVIDED } from './split.js';

/** Streams that lie this far apart are independent; those of threads are the lowest. */
const STREAM = 0x1_0000_0000;
const SPLIT_STREAM = 2 ** 20;
/** More threads than one machine ever has. */
const THREADS = 64;

type Open = Extract<LoadOrder['arrivals'], { model: 'open' }>;
type Planned = Pick<LoadOrder, 'seed' | 'split' | 'warmupMs' | 'durationMs' | 'mostRequests'>;

/** When the requests of an order, or of its part, are meant to start. The seed alone decides, so that everybody draws the same. */
export function planOf(order: Planned, { arrivals, stages }: Open): Pacer {
  const { seed, split = UNDIVIDED } = order;
  const endMs = order.warmupMs + order.durationMs;
  if (arrivals === 'constant') return splitPacer(constantPacer(stages, endMs), split, null);
  return splitPacer(poissonPacer(stages, endMs, createRandom(seed)), split, createRandom(seed + SPLIT_STREAM * STREAM));
}

/** The seed of what one thread draws beside its plan, another for each thread of each part. */
export function drawnSeed({ seed, split = UNDIVIDED }: Pick<LoadOrder, 'seed' | 'split'>, thread: number): number {
  return seed + (split.index * THREADS + thread + 1) * STREAM;
}

/** How many requests an order, or its part, plans before a moment on the run's time line; null in a closed model, which plans none. */
export function plannedUntil(
  order: Planned & Pick<LoadOrder, 'arrivals'>,
  untilMs: number,
): { warmup: number; judged: number } | null {
  if (order.arrivals.model === 'closed') return null;
  const pacer = planOf(order, order.arrivals);
  const planned = { warmup: 0, judged: 0 };
  let left = order.mostRequests === undefined ? Infinity : partOf(order.mostRequests, order.split ?? UNDIVIDED);
  for (let dueMs = pacer.next(); dueMs < untilMs && left > 0; dueMs = pacer.next(), left--)
    planned[dueMs < order.warmupMs ? 'warmup' : 'judged'] += 1;
  return planned;
}
