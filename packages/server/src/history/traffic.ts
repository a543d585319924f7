import { BASE_KIND, type Headroom, type Limit, type Target } from '@hive/contract';
import { readPeak } from '@hive/engine';
import { learnedHistory } from './learned-history.js';
import type { Learning } from './learned-limits.js';
import { remembered } from './remembered.js';

/** What the traffic of a target is asked with. */
export interface TrafficParts {
  /** Addresses beyond loopback that may be dialled. */
  allowTargets: readonly string[];
  /** Wall clock, ms since 1970. */
  now: () => number;
}

/** A peak of seven days hardly changes meanwhile, and a Prometheus that is away keeps nobody waiting twice, ms. */
const ASKED_EVERY_MS = 5 * 60_000;

/** How a target's limits compare with its traffic; null where the target does not say what that is. */
export async function trafficOf(
  { store, cache, version, learner, allowTargets, now }: Learning & TrafficParts,
  { target, limits }: { target: Target; limits: readonly Limit[] },
): Promise<Headroom | null> {
  const { id, objectives, traffic } = target;
  if (traffic === undefined) return null;
  const { peak, at } = await remembered(cache, ['peak', traffic, Math.floor(now() / ASKED_EVERY_MS)], async () => ({
    peak: await readPeak(traffic, { allowTargets }),
    at: typeof traffic === 'number' ? null : new Date(now()).toISOString(),
  }));
  return remembered(cache, ['headroom', version, target, peak, at, await store.learnedVersion(id)], async () => {
    const history = await learnedHistory(store, id, { objectives, kinds: [BASE_KIND] });
    return learner.compute('headroom', [{ target, history, limits }, peak, at]);
  });
}
