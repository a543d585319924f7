import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { KINDS, type Limit, type Target } from '@hive/contract';
import { learnLimits } from '@hive/engine';
import type { Bus } from '../bus/bus.js';
import type { Store } from '../store/store.js';
import { learnedHistory } from './learned-history.js';

/** What limits are computed from, and where they are remembered. */
export interface Learning {
  store: Pick<Store, 'listLearned' | 'learnedVersion'>;
  cache: Pick<Bus, 'get' | 'set'>;
  /** Of Hive: another one may compute otherwise. */
  version: string;
}

const REMEMBERED_MS = 600_000;

/**
 * What has been learned about a target: a fold over its stored results, one kind after the other. It is remembered until there is another
 * result, another description of the target, or another version of Hive; the results alone are the truth.
 */
export async function learnedLimits({ store, cache, version }: Learning, target: Target): Promise<Limit[]> {
  const from = JSON.stringify([version, target, await store.learnedVersion(target.id)]);
  const key = `limits:${createHash('sha256').update(from).digest('hex')}`;
  const known = await cache.get(key).catch(() => null);
  if (known !== null) return JSON.parse(known) as Limit[];
  const limits: Limit[] = [];
  for (const kind of KINDS) {
    const history = await learnedHistory(store, target.id, { objectives: target.objectives, kinds: [kind] });
    limits.push(...learnLimits(target, history, [kind]));
    await nextTurn();
  }
  await cache.set(key, JSON.stringify(limits), REMEMBERED_MS).catch(() => undefined);
  return limits;
}
