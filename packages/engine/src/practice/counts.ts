/** What the requests of the practice target are told apart by. */
export const REQUEST_KINDS = ['plain', 'heavy', 'item', 'download', 'upload', 'dependent'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** Names come from outside: beyond this many, further tenants are counted together. */
const TENANTS_KEPT = 100;
const OTHER_TENANTS = 'other';

/** What one node counts of itself. */
export interface Counts {
  served: number;
  refused: number;
  hits: number;
  misses: number;
  dependencyFailures: number;
  bytesReceived: number;
  bytesSent: number;
  byKind: Record<RequestKind, number>;
  byTenant: Map<string, number>;
}

export function createCounts(): Counts {
  return {
    served: 0,
    refused: 0,
    hits: 0,
    misses: 0,
    dependencyFailures: 0,
    bytesReceived: 0,
    bytesSent: 0,
    byKind: { plain: 0, heavy: 0, item: 0, download: 0, upload: 0, dependent: 0 },
    byTenant: new Map(),
  };
}

export function countTenant({ byTenant }: Counts, tenant: string): void {
  const name = byTenant.has(tenant) || byTenant.size < TENANTS_KEPT ? tenant : OTHER_TENANTS;
  byTenant.set(name, (byTenant.get(name) ?? 0) + 1);
}
