import { HiveError, type Target } from '@hive/contract';
import type { Store } from '../store/store.js';

const PRACTICE = 'practice';

/**
 * The named target; without a name the practice target, else the only one there is.
 * @throws HiveError `not_found` for an unknown name, `no_target` when none is named and none is obvious.
 */
export async function chooseTarget(store: Store, id: string | undefined): Promise<Target> {
  if (id !== undefined) return findTarget(store, id);
  const targets = await store.listTargets();
  const chosen = targets.find((target) => target.id === PRACTICE) ?? (targets.length === 1 ? targets[0] : undefined);
  if (chosen) return chosen;
  if (targets.length === 0) throw new HiveError('no_target', 'there is no target yet');
  throw new HiveError('no_target', `target: name one of ${targets.map((target) => target.id).join(', ')}`, {
    hint: 'add "target" to the body',
  });
}

/** @throws HiveError `not_found`. */
export async function findTarget(store: Pick<Store, 'getTarget'>, id: string): Promise<Target> {
  const target = await store.getTarget(id);
  if (target === null)
    throw new HiveError('not_found', `there is no target with the id '${id}'`, { hint: 'see GET /api/targets' });
  return target;
}
