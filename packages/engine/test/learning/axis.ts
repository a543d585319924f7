import type { Axis } from '../../src/learning/axis.js';

/** Requests/s against a loopback target, judged by p(99)<250. */
export const RATE_AXIS: Axis = {
  kind: 'load_balancing',
  unit: 'requests/s',
  whole: false,
  scale: 'ln',
  restMs: null,
  evidence: 'counts',
  longRunSeconds: 60,
  fixedMs: null,
  leastMs: 0,
  clauses: [{ expression: 'p(99)<250', allowedShare: 0.01, latencySeconds: 0.25 }],
  latencySeconds: 0.25,
  allowOverload: true,
  chirp: true,
  floor: 1,
  cap: 10_000,
  capReason: 'ask whoever set it for more',
  prior: 200,
  offeredPerSecond: (rate) => rate,
  notApplicable: null,
  badness: 'load',
  besideBaseLoad: false,
  budgetPlace: 1,
};
