import type { RequestClass, Target } from '@hive/contract';
import { figure } from '../../figure.js';
import { groupsByPlan } from '../groups.js';
import type { KindDefinition } from '../kind.js';
import { openAt, plainMix, sendable } from '../requests.js';
import { byObjectives } from '../standard.js';
import { objectivesInWords, STANDARD_PLAN } from '../wording.js';
import { judgeResourceAllocation } from './judge.js';

/** The protected class is sent at least this often, so that its p99 means something, requests/s. */
const LEAST_PROTECTED = 50;
/** The header by which one class is sent as two tenants. */
const TENANT_HEADER = 'x-hive-tenant';

/** Contention: a protected class of requests beside a noisy one, whose rate is the axis. */
export const resourceAllocation: KindDefinition = {
  kind: 'resource_allocation',
  whole: false,
  scale: 'ln',
  floor: 1,
  prior: 100,
  cap: (target) => target.safety.maxRatePerSecond - LEAST_PROTECTED,
  cappedBy: 'maxRatePerSecond',
  notApplicable: (target) =>
    tenantsOf(target)
      ? tooSlow(target)
      : 'only one class of requests: add a second one (role: noisy), or tenants: true if the target separates tenants by the x-hive-tenant header',
  // Only the protected class is judged, so only its requests count.
  offeredPerSecond: (_, base) => Math.max(base.ratePerSecond, LEAST_PROTECTED),
  isSentRate: true,
  mayChirp: false,
  besideBaseLoad: true,
  plainRun: null,
  budgetPlace: 5,

  fixedTimes: false,
  leastMs: 0,
  longRunSeconds: null,
  build: ({ target, intensity, base }) => {
    const [spared, noisy] = tenantsOf(target) as [RequestClass, RequestClass];
    // Both together stay within the target's cap.
    const mostProtected = Math.max(LEAST_PROTECTED, target.safety.maxRatePerSecond - intensity);
    const protectedRate = Math.min(Math.max(base.ratePerSecond, LEAST_PROTECTED), mostProtected);
    const goal = objectivesInWords(target.objectives);
    return {
      description: `Serve ${spared.name} at ${figure(protectedRate)} requests/s with ${goal} while ${noisy.name} sends ${figure(intensity)} requests/s`,
      expectedOutcomes: target.objectives.map((objective) => `${objective} over the requests of ${spared.name} alone`),
      plan: {
        ...STANDARD_PLAN,
        // Two Poisson streams are one whose requests are drawn in the proportion of their rates.
        arrivals: openAt(protectedRate + intensity, target),
        requests: [
          { ...spared, weight: protectedRate },
          { ...noisy, weight: intensity },
        ],
        groupBy: 'class',
      },
    };
  },
  groups: groupsByPlan,
  certainBy: 'the first group',

  evidence: 'counts',
  judgedBy: 'objectives',
  standard: byObjectives,
  judge: judgeResourceAllocation,
  findings: () => [],
  badness: 'other',
};

function tooSlow({ safety: { maxRatePerSecond } }: Target): string | null {
  if (maxRatePerSecond > LEAST_PROTECTED) return null;
  return `the protected class alone needs ${LEAST_PROTECTED} requests/s: raise safety.maxRatePerSecond (now ${figure(maxRatePerSecond)})`;
}

/** The protected class and the noisy one; null: there are not two. */
function tenantsOf(target: Target): [RequestClass, RequestClass] | null {
  const classes = sendable(target).filter(({ payload }) => payload === undefined);
  const noisy = classes.find(({ role }) => role === 'noisy');
  const spared = classes.find(({ role }) => role === 'protected') ?? classes.find((one) => one !== noisy);
  if (spared && noisy) return [spared, noisy];
  const mix = plainMix(target).filter(({ payload }) => payload === undefined);
  if (spared && mix.length > 1) return [spared, mix.find((one) => one !== spared) as RequestClass];
  return spared && target.tenants ? [asTenant(spared, 'protected'), asTenant(spared, 'noisy')] : null;
}

function asTenant(request: RequestClass, tenant: string): RequestClass {
  return { ...request, name: tenant, headers: { ...request.headers, [TENANT_HEADER]: tenant } };
}
