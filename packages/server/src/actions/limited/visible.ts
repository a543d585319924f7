import type { Labels, Target } from '@hive/contract';
import type { Store } from '../../store/store.js';

/** How old a list of the targets may be where nobody can wait for the store, ms. */
const FRESH_MS = 5_000;

/** Which targets somebody sees. */
export interface Visible {
  /** That they all have. */
  labels: Labels;
  fits(target: Pick<Target, 'labels'>): boolean;
  /** Their ids, as stored now. */
  ids(): Promise<string[]>;
  sees(targetId: string): Promise<boolean>;
  /** By what was known a moment ago. */
  saw(targetId: string): boolean;
}

/** Those that have all of these labels. */
export function visibleTargets(store: Pick<Store, 'listTargets'>, labels: Labels): Visible {
  const wanted = Object.entries(labels);
  let known: ReadonlySet<string> = new Set();
  let askedAtMs = Number.NEGATIVE_INFINITY;
  const fits: Visible['fits'] = (target) => wanted.every(([name, value]) => target.labels?.[name] === value);
  const ids = async (): Promise<string[]> => {
    askedAtMs = performance.now();
    const found = (await store.listTargets()).filter(fits).map(({ id }) => id);
    known = new Set(found);
    return found;
  };
  return {
    labels,
    fits,
    ids,
    sees: async (id) => (await ids()).includes(id),
    saw(id) {
      if (performance.now() - askedAtMs > FRESH_MS) ids().catch(() => undefined);
      return known.has(id);
    },
  };
}
