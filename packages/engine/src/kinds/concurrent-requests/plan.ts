import type { KindDefinition } from '../kind.js';
import { objectivesInWords, STANDARD_PLAN } from '../wording.js';

/** Closed model: a number of connections, each sending its next request when the last answer is in. */
export const concurrentRequests: KindDefinition = {
  kind: 'concurrent_requests',
  whole: true,
  scale: 'ln',
  evidence: 'counts',
  fixedTimes: false,
  floor: 1,
  prior: 32,
  cap: (target) => target.safety.maxConnections,
  notApplicable: () => null,
  offeredPerSecond: () => null,
  build: ({ target, intensity }) => ({
    description: `Answer ${intensity} connections that each send the next request when the last answer is in, ${objectivesInWords(target.objectives)}`,
    expectedOutcomes: [
      ...target.objectives.map((objective) => `${objective} over all requests`),
      'connection-time beyond the latency objective stays within the allowed share',
    ],
    plan: { ...STANDARD_PLAN, arrivals: { model: 'closed', connections: intensity, thinkMs: 0 } },
  }),
};
