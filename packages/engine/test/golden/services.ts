import { toTarget, type Target, type TargetInput } from '@hive/contract';
import type { Random } from '../../src/random.js';
import type { QueueSettings } from '../../src/virtual/queue.js';

/** A service in virtual time, and how a person describes it. */
export interface DescribedService {
  settings: QueueSettings;
  target: Target;
}

/** Every kind can be asked of it: classes for protection, keys, bodies and a process to watch. */
const REQUESTS: TargetInput['requests'] = [
  { name: 'page', path: '/' },
  { name: 'item', path: '/items/{key}', weight: 0, keys: { count: 500, distribution: 'zipf' } },
  { name: 'file', path: '/files/{bytes}', weight: 0, payload: 'download' },
];
const MIB = 1024 ** 2;

function gaussian(random: Random): number {
  return Math.sqrt(2 * random.exponential()) * Math.cos(2 * Math.PI * random.next());
}

/** Three services that differ in what they do when there is too much: they wait, refuse, or leave requests unanswered. */
export const SERVICES: Readonly<Record<string, DescribedService>> = {
  'three nodes': {
    settings: {
      slots: 4,
      serviceMs: () => 30,
      mostWaitMs: 4_000,
      beyond: 'refused',
      cachedKeys: 300,
      missMs: 40,
      bytesPerSecond: 40 * MIB,
      leakBytesPerRequest: 400,
    },
    target: toTarget(
      {
        nodes: [1, 2, 3].map((port) => ({ url: `http://127.0.0.1:${port}`, id: `node-${port}` })),
        requests: [...REQUESTS, { name: 'report', path: '/report', role: 'noisy', weight: 0.2 }],
        watch: { pid: 1 },
      },
      'three-nodes',
    ),
  },
  'one that refuses': {
    settings: {
      slots: 8,
      serviceMs: (random) => 20 * random.exponential(),
      mostWaitMs: 150,
      beyond: 'refused',
      cachedKeys: 100,
      missMs: 10,
      bytesPerSecond: 15 * MIB,
      leakBytesPerRequest: 2_500,
    },
    target: toTarget(
      {
        url: 'http://127.0.0.1:1',
        requests: REQUESTS,
        tenants: true,
        objectives: ['p(95)<200', 'avg<90', 'rate<0.02'],
        dependencies: [{ name: 'db', address: '127.0.0.1:2', proxy: 'http://127.0.0.1:3' }],
        watch: { pid: 1 },
      },
      'one-that-refuses',
    ),
  },
  'one that pauses behind a balancer': {
    settings: {
      slots: 6,
      serviceMs: (random) => 25 * Math.exp(0.6 * gaussian(random)),
      mostWaitMs: 3_000,
      beyond: 'never answered',
      pauses: { everyMs: 3_000, lastMs: 80 },
      behind: ['left', 'right'],
      cachedKeys: 1_000,
      missMs: 25,
      bytesPerSecond: 25 * MIB,
      leakBytesPerRequest: 0,
    },
    target: toTarget(
      {
        url: 'http://127.0.0.1:1',
        requests: REQUESTS,
        tenants: true,
        nodeHeader: 'x-node',
        objectives: ['p(99)<300', 'rate<0.01 for 2s', 'throughput>=2'],
        watch: { pid: 1 },
        safety: { maxRatePerSecond: 1_500, maxConnections: 300 },
      },
      'one-that-pauses',
    ),
  },
};
