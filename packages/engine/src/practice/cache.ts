export const CACHE_POLICIES = ['lru', 'fifo', 'none'] as const;
/** What leaves when a full cache takes another key: the least recently used, or the oldest. `none`: nothing is kept. */
export type CachePolicy = (typeof CACHE_POLICIES)[number];

/** A set of keys of bounded size. */
export interface Cache {
  /** Whether `key` is there. It is afterwards: what was missed is taken in at once, as by a cache that merges equal misses. */
  read(key: string): boolean;
}

export function createCache({ keys, policy }: { keys: number; policy: CachePolicy }): Cache {
  // A Set keeps the order of insertion: its first key is the one to leave.
  const held = new Set<string>();
  const size = policy === 'none' ? 0 : keys;
  return {
    read(key) {
      if (held.has(key)) {
        if (policy === 'lru') {
          held.delete(key);
          held.add(key);
        }
        return true;
      }
      if (size === 0) return false;
      if (held.size >= size) held.delete(held.values().next().value as string);
      held.add(key);
      return false;
    },
  };
}
