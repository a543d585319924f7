import type { Target } from '@hive/contract';
import { figure } from '../../figure.js';
import { judgeClauses } from '../../judging/clauses.js';
import { faultedDependency, mixOver, withoutFaults } from '../faulted-link.js';
import { groupsByPlan } from '../groups.js';
import type { KindDefinition } from '../kind.js';
import { openAt } from '../requests.js';
import { byObjectives } from '../standard.js';
import { decidingMs, objectivesInWords, STANDARD_PLAN } from '../wording.js';

/** Beyond this no user is waiting anymore. */
const LONGEST_MS = 10_000;

/** How many round trips a request makes: how much its median grew for each ms of delay. */
const roundTrips: KindDefinition['findings'] = ({ scenario, restP50Ms, totals }) => {
  if (restP50Ms === null || totals.counts.good === 0) return [];
  const trips = (totals.responseTimeMs.p50 - restP50Ms) / scenario.intensity;
  return [
    `${figure(Math.max(0, trips))} round trips per request (p50 response time without the delay: ${figure(restP50Ms)} ms)`,
  ];
};

/** Slow networks: base load over a link to which a round trip's delay is added. */
export const networkLatency: KindDefinition = {
  kind: 'network_latency',
  whole: false,
  scale: 'ln',
  floor: 1,
  prior: 100,
  cap: () => LONGEST_MS,
  cappedBy: null,
  notApplicable: withoutFaults,
  offeredPerSecond: (_, base) => base.ratePerSecond,
  isSentRate: false,
  mayChirp: false,
  besideBaseLoad: true,
  plainRun: null,
  budgetPlace: 3,

  fixedTimes: false,
  leastMs: 0,
  longRunSeconds: null,
  build: ({ target, intensity, base }) => {
    const dependency = faultedDependency(target);
    const where = dependency === null ? 'to the target' : `between the target and ${dependency.name}`;
    const link = dependency?.name ?? 'client';
    const rate = base.ratePerSecond;
    return {
      description: `Serve ${figure(rate)} requests/s with ${figure(intensity)} ms added to every round trip ${where}, with ${objectivesInWords(target.objectives)}`,
      expectedOutcomes: target.objectives.map((objective) => `${objective} over the whole response time`),
      plan: {
        ...STANDARD_PLAN,
        durationMs: decidingMs(rate),
        timeoutMs: Math.max(STANDARD_PLAN.timeoutMs, 4 * intensity),
        arrivals: openAt(rate, target),
        requests: mixOver(target, dependency),
        preparation: { type: 'rest', maxMs: 2_000, connections: 1 },
        faults: (['upstream', 'downstream'] as const).map((stream) => ({
          link,
          fromMs: 0,
          toMs: alwaysMs(target),
          type: 'latency',
          stream,
          // Both ways together are the delay, to the millisecond.
          attributes: {
            latency:
              stream === 'upstream' ? Math.round(intensity / 2) : Math.round(intensity) - Math.round(intensity / 2),
            jitter: 0,
          },
          share: 1,
        })),
      },
    };
  },
  groups: groupsByPlan,
  certainBy: 'all requests',

  evidence: 'counts',
  judgedBy: 'objectives',
  standard: byObjectives,
  judge: judgeClauses,
  findings: roundTrips,
  badness: 'other',
};

/** Longer than any scenario. */
function alwaysMs(target: Target): number {
  return (target.safety.maxSeconds + 3_600) * 1_000;
}
