import { figure } from '../../figure.js';
import { groupsByPlan } from '../groups.js';
import type { KindDefinition } from '../kind.js';
import { byObjectives } from '../standard.js';
import { objectivesInWords, STANDARD_PLAN } from '../wording.js';
import { cappedRate, judgeConcurrentRequests } from './judge.js';

/** Closed model: a number of connections, each sending its next request when the last answer is in. */
export const concurrentRequests: KindDefinition = {
  kind: 'concurrent_requests',
  whole: true,
  scale: 'ln',
  floor: 1,
  prior: 32,
  cap: (target) => target.safety.maxConnections,
  cappedBy: 'maxConnections',
  notApplicable: () => null,
  offeredPerSecond: () => null,
  isSentRate: false,
  mayChirp: false,
  besideBaseLoad: false,
  plainRun: 'closed',
  budgetPlace: 2,

  fixedTimes: false,
  leastMs: 0,
  longRunSeconds: 60,
  build: ({ target, intensity }) => ({
    description: `Serve ${figure(intensity)} connections that each send the next request as soon as the last is answered, with ${objectivesInWords(target.objectives)}`,
    expectedOutcomes: [
      ...target.objectives.map((objective) => `${objective} over all requests`),
      'connections spend no more than the allowed share of their time beyond the response time limit',
    ],
    plan: { ...STANDARD_PLAN, arrivals: { model: 'closed', connections: intensity, thinkMs: 0 } },
  }),
  groups: groupsByPlan,
  certainBy: 'all requests',

  evidence: 'counts',
  judgedBy: 'objectives',
  standard: byObjectives,
  judge: judgeConcurrentRequests,
  findings: cappedRate,
  badness: 'other',
};
