import type { RequestClass, Target } from '@hive/contract';
import { figure } from '../../figure.js';
import { groupsByPlan } from '../groups.js';
import type { KindDefinition } from '../kind.js';
import { sendable } from '../requests.js';
import { STANDARD_PLAN } from '../wording.js';
import { hitShareClause, judgeCacheEfficiency } from './judge.js';

/** Readers at once. */
const CONNECTIONS = 8;
/** Three of the judge's windows: two must agree, and the first may still be on its way. */
const LEAST_MS = 6_000;
/** The longest time that fetching every key once may take. */
const LONGEST_FILL_MS = 120_000;
const MOST_KEYS = 10_000_000;

/** Cache: every key once, then reads of the first N keys, the first of them most often. */
export const cacheEfficiency: KindDefinition = {
  kind: 'cache_efficiency',
  whole: true,
  scale: 'ln',
  floor: 10,
  prior: 400,
  cap: () => MOST_KEYS,
  cappedBy: null,
  notApplicable: (target) =>
    keyed(target) === null
      ? 'no request has keys: add one with {key} in its path and keys: { count, distribution: zipf }'
      : null,
  offeredPerSecond: () => null,
  isSentRate: false,
  mayChirp: false,
  besideBaseLoad: true,
  plainRun: null,
  budgetPlace: 6,

  fixedTimes: false,
  leastMs: LEAST_MS,
  longRunSeconds: null,
  build: ({ target, intensity }) => {
    const connections = Math.min(CONNECTIONS, target.safety.maxConnections);
    const request = keyed(target) as RequestClass;
    const share = figure(target.budgets.hitShare * 100);
    return {
      description: `Read ${figure(intensity)} distinct keys, popular ones most often, with a cache hit rate of at least ${share} %`,
      expectedOutcomes: [`hit rate ${share} % or more, once every key was fetched and the rate has settled`],
      plan: {
        ...STANDARD_PLAN,
        warmupMs: 1_000,
        arrivals: { model: 'closed', connections, thinkMs: 0 },
        requests: [
          {
            ...request,
            weight: 1,
            keys: { exponent: 1, ...request.keys, distribution: 'zipf' as const, count: intensity },
          },
        ],
        preparation: { type: 'fill', maxMs: LONGEST_FILL_MS, connections },
        cacheHeaders: target.budgets.hitHeader ? [target.budgets.hitHeader] : [],
      },
    };
  },
  groups: groupsByPlan,
  certainBy: 'nothing',

  evidence: 'counts',
  judgedBy: 'own rule',
  standard: ({ target, objectives }) => ({
    objectives: [...objectives],
    clauses: [{ ...hitShareClause(target.budgets.hitShare), latencySeconds: null }],
  }),
  judge: judgeCacheEfficiency,
  findings: () => [],
  badness: 'slow',
};

function keyed(target: Target): RequestClass | null {
  return (
    sendable(target).find(
      ({ keys, method, path }) => keys !== undefined && method === 'GET' && path.includes('{key}'),
    ) ?? null
  );
}
