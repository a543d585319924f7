import type { CheckResult, Maintenance, ShownMaintenance } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';

const SHOWN = 50;
/** How many checks are looked through for a usable one. */
const LOOKED_THROUGH = 20;

/** Times of maintenance, the newest first, with how their target was before and after. */
export function listMaintenance(store: Pick<Store, 'listMaintenance' | 'listChecks'>): Verb<void, ShownMaintenance[]> {
  return async (actor) => {
    demand(actor, 'read');
    const listed = await store.listMaintenance({ limit: SHOWN });
    return Promise.all(listed.map((one) => withChecks(store, one)));
  };
}

async function withChecks(store: Pick<Store, 'listChecks'>, one: Maintenance): Promise<ShownMaintenance> {
  const { target, from, to } = one;
  if (target === null) return { ...one, before: null, after: null };
  const earlier = await store.listChecks({ target, to: from, limit: LOOKED_THROUGH });
  const hourLater = new Date(Date.parse(to) + 3_600_000).toISOString();
  const later = await store.listChecks({ target, from: to, to: hourLater, limit: 1_000 });
  const usable = ({ result }: { result: CheckResult }): boolean => ['pass', 'degraded', 'fail'].includes(result);
  return { ...one, before: earlier.find(usable)?.result ?? null, after: later.findLast(usable)?.result ?? null };
}
