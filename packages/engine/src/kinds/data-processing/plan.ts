import type { RequestClass, Target } from '@hive/contract';
import { amount, figure } from '../../figure.js';
import { groupsByPlan } from '../groups.js';
import type { KindDefinition } from '../kind.js';
import { sendable } from '../requests.js';
import { STANDARD_PLAN } from '../wording.js';
import { BODY_CLAUSE, bodyObjective, judgeDataProcessing } from './judge.js';

/** Bodies in transfer at once. */
const WORKERS = 4;
/** Smaller bodies than this are all header. */
const LEAST_BYTES = 1_024;
/** Larger than any service of bodies in one piece takes. */
const LARGEST_BYTES = 1024 ** 3;
const MIB = 1024 ** 2;

/** Large bodies: parallel workers upload and download bodies of one size. */
export const dataProcessing: KindDefinition = {
  kind: 'data_processing',
  whole: true,
  scale: 'ln',
  floor: LEAST_BYTES,
  prior: MIB,
  cap: ({ safety }) => Math.min(LARGEST_BYTES, Math.floor(safety.maxBytesInFlight / WORKERS)),
  cappedBy: 'maxBytesInFlight',
  notApplicable: (target) =>
    payloads(target).length > 0
      ? tooSmall(target)
      : target.requests.some(({ payload }) => payload === 'upload')
        ? 'all payload requests are uploads, and safety.allowWrites is off: turn it on, or add a request with payload: download and {bytes} in its path'
        : 'no request has a body of adjustable size: add one with payload: download and {bytes} in its path, or payload: upload',
  offeredPerSecond: () => null,
  isSentRate: false,
  mayChirp: false,
  besideBaseLoad: true,
  plainRun: null,
  budgetPlace: 4,

  fixedTimes: false,
  leastMs: 0,
  longRunSeconds: null,
  build: ({ target, intensity }) => {
    const requests = payloads(target);
    const floor = target.budgets.bytesPerSecond;
    const workers = Math.min(WORKERS, target.safety.maxConnections);
    const what = [...new Set(requests.map(({ payload }) => payload))].join(' and ');
    return {
      description: `Transfer bodies of ${amount(intensity, 'bytes')} (${what}), ${workers} at once, each at ${amount(floor, 'bytes')}/s or more`,
      expectedOutcomes: [
        `95 % of the bodies take at most ${figure((intensity / floor) * 1_000)} ms more than the smallest body takes on an idle target`,
        'every body has the expected length and digest',
      ],
      plan: {
        ...STANDARD_PLAN,
        timeoutMs: 30_000,
        arrivals: { model: 'closed', connections: workers, thinkMs: 0 },
        requests: requests.map((request) => ({ ...request, weight: request.weight || 1 })),
        preparation: { type: 'rest', maxMs: 2_000, connections: 1 },
        payloadBytes: intensity,
      },
    };
  },
  groups: groupsByPlan,
  certainBy: 'all requests',

  evidence: 'counts',
  judgedBy: 'own rule',
  standard: ({ target, plan, restP50Ms }) => ({
    objectives:
      plan?.payloadBytes === undefined
        ? []
        : [bodyObjective((restP50Ms ?? 0) + (plan.payloadBytes / target.budgets.bytesPerSecond) * 1_000)],
    clauses: [{ ...BODY_CLAUSE, latencySeconds: null }],
  }),
  judge: judgeDataProcessing,
  findings: () => [],
  badness: 'other',
};

function tooSmall({ safety: { maxBytesInFlight } }: Target): string | null {
  if (maxBytesInFlight >= WORKERS * LEAST_BYTES) return null;
  return `a run needs room for ${WORKERS} bodies of ${figure(LEAST_BYTES)} bytes: raise safety.maxBytesInFlight (now ${figure(maxBytesInFlight)})`;
}

function payloads(target: Target): RequestClass[] {
  return sendable(target).filter(({ payload }) => payload !== undefined);
}
