import type { TargetInput } from '@hive/contract';
import type { PracticeSettings } from './settings.js';

/** What `hive up --demo` starts: 3 nodes × 4 slots ÷ 30 ms = 400 plain requests a second, and something for every kind to find. */
export const DEMO_SETTINGS: Readonly<Partial<PracticeSettings>> = Object.freeze({
  nodes: 3,
  workers: 4,
  serviceMs: 30,
  heavyServiceMs: 100,
  cacheKeys: 200,
  cacheShared: true,
  transferBytesPerSecond: 2_500_000,
  transferBurstBytes: 512 * 1024,
  collectAtRest: true,
  withDependency: true,
  dependencyConnections: 16,
  dependencyReuse: 'last',
  dependencyDelayMs: 5,
});

/** The keys that are read: more than the cache holds, the popular ones far more often. */
const DEMO_KEYS = { count: 100_000, distribution: 'zipf', exponent: 1 } as const;

/**
 * The resident memory of a Node process drifts by a quarter of a mebibyte from rest to rest: what may stay of 1,000 requests must be
 * more than that, and is still far below a leak of a few KiB a request.
 */
const DEMO_BUDGETS = { memoryBytesPer1000Requests: 512 * 1024 } as const;

/** Where a running practice target is. */
export interface DemoPlace {
  nodes: readonly { url: string; id: string }[];
  pid: number;
  dependency: string | null;
  /** HTTP API of the fault proxy between it and its dependency. */
  faultProxy?: string | null;
}

/** The description of a practice target that runs with {@link DEMO_SETTINGS}, fit for all eight kinds. */
export function demoTarget(practice: DemoPlace): TargetInput & { id: string } {
  const { nodes, pid, dependency, faultProxy } = practice;
  return {
    id: 'practice',
    nodes: nodes.map(({ url, id }) => ({ url, id })),
    nodeHeader: 'x-hive-node',
    // Weight 0: only sent by the kinds that ask for it, so that the plain mix is `GET /` alone.
    requests: [
      { name: 'read', path: '/', role: 'protected' },
      { name: 'report', path: '/report', weight: 0, role: 'noisy' },
      { name: 'item', path: '/items/{key}', weight: 0, keys: DEMO_KEYS },
      { name: 'upload', method: 'POST', path: '/bytes', weight: 0, payload: 'upload' },
      { name: 'download', path: '/bytes/{bytes}', weight: 0, payload: 'download' },
      ...(dependency === null ? [] : [{ name: 'dependent', path: '/dependent', weight: 0 }]),
    ],
    watch: { pid, prometheus: `${nodes[0]?.url ?? ''}/metrics` },
    dependencies:
      dependency === null
        ? []
        : [
            {
              name: 'dependency',
              address: dependency,
              requests: ['dependent'],
              ...(faultProxy ? { proxy: faultProxy } : {}),
            },
          ],
    budgets: DEMO_BUDGETS,
    safety: { allowWrites: true },
  };
}
