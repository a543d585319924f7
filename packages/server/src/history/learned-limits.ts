import { KINDS, type Limit, type Target } from '@hive/contract';
import type { Bus } from '../bus/bus.js';
import type { Store } from '../store/store.js';
import { learnedHistory } from './learned-history.js';
import type { Learner } from './learner/learner.js';
import { remembered } from './remembered.js';

/** What limits are computed from, and where they are remembered. */
export interface Learning {
  store: Pick<Store, 'listLearned' | 'learnedVersion'>;
  cache: Pick<Bus, 'get' | 'set'>;
  /** Of Hive: another one may compute otherwise. */
  version: string;
  /** What computes them. */
  learner: Pick<Learner, 'compute'>;
}

/**
 * What has been learned about a target: a fold over its stored results, one kind after the other. It is remembered until there is another
 * result, another description of the target, or another version of Hive; the results alone are the truth.
 */
export async function learnedLimits({ store, cache, version, learner }: Learning, target: Target): Promise<Limit[]> {
  const from = ['limits', version, target, await store.learnedVersion(target.id)];
  return remembered(cache, from, async () => {
    const limits: Limit[] = [];
    for (const kind of KINDS) {
      const history = await learnedHistory(store, target.id, { objectives: target.objectives, kinds: [kind] });
      limits.push(...(await learner.compute('limits', [target, history, [kind]])));
    }
    return limits;
  });
}
