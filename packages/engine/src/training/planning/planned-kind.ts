import type { Base, Limit, Plan, PlannedKind, Target } from '@hive/contract';
import { generate } from '../../kinds/generate.js';
import type { Axis, LearnedResult } from '../../learning/axis.js';
import type { Priced } from '../../learning/search/affordable.js';
import { priceOf } from '../../learning/search/price.js';
import { FAILING_ABOVE, LONG_RUNS_COUNT_SECONDS, PRICE_SENDING_SHARE } from '../../learning/weights.js';

/** One kind with what it takes, and its place among the others. */
export type PricedKind = PlannedKind &
  Priced & {
    /** Requests/s about its limit; null: not known. */
    ratePerSecond: number | null;
  };

/** What is known about a kind that is to be planned. */
export interface KnownOfKind {
  /** What earlier sessions found. */
  before: Limit;
  /** What is known now. */
  limit: Limit;
  /** Comparable results, oldest first. */
  results: readonly LearnedResult[];
  /** When the plan is made, ms since the epoch. */
  atMs: number;
}

/** What measuring one kind takes: from its limit where that is known, else from the highest load that it may try. */
export function planKind(axis: Axis, at: { target: Target; base: Base }, known: KnownOfKind): PricedKind {
  const { before, limit, results, atMs } = known;
  const { allowOverload, cap } = axis;
  const ageMs = atMs - Date.parse(before.updatedAt ?? '');
  const isMeasured = before.status === 'known' && ageMs < LONG_RUNS_COUNT_SECONDS * 1_000;
  const top = limit.high ?? answeredAtMost(axis, results);
  const highest = top === null ? cap : Math.min(cap, allowOverload ? FAILING_ABOVE * top : top);
  const sending = sendingAt(axis, { ...at, intensity: highest }, results);
  const ratePerSecond = top === null && sending.isMost ? null : sending.perSecond;
  const { secondsFailed, ...price } = priceOf(axis, { isMeasured, ratePerSecond });
  const requests = PRICE_SENDING_SHARE * price.seconds * sending.perSecond;
  return {
    ...price,
    kind: axis.kind,
    budgetPlace: axis.budgetPlace,
    requests: Math.ceil(requests),
    highest,
    unit: axis.unit,
    expectedFailures: Math.ceil(Math.min(requests, secondsFailed * sending.perSecond + sending.faulty * requests)),
    atMost: top === null,
    ratePerSecond,
  };
}

/** What a look showed of an axis that is a rate, before anything else is known; null: nothing did. */
function answeredAtMost({ kind, chirp }: Axis, results: readonly LearnedResult[]): number | null {
  if (!chirp) return null;
  const rates = results
    .filter(({ scenario }) => scenario.kind === kind)
    .flatMap(({ result: { evidence } }) => (evidence?.type === 'chirp' ? evidence.blocks : []))
    .map(({ good = 0, seconds }) => (seconds > 0 ? good / seconds : 0));
  const most = Math.max(0, ...rates);
  return most > 0 ? most : null;
}

/** Requests/s that a kind sends at an intensity, and the share of them under faults. `isMost`: only the target decides, and no more is allowed. */
function sendingAt(
  axis: Axis,
  { target, base, intensity }: { target: Target; base: Base; intensity: number },
  results: readonly LearnedResult[],
): { perSecond: number; isMost: boolean; faulty: number } {
  const { plan } = generate({ target, kind: axis.kind, intensity, seed: 0, base });
  const faulty = faultyShare(generate({ target, kind: axis.kind, intensity: axis.prior, seed: 0, base }).plan);
  if (plan.arrivals.model === 'open') return { perSecond: meanRate(plan.arrivals.stages), isMost: axis.chirp, faulty };
  const answered = results
    .filter(({ scenario }) => scenario.kind === axis.kind)
    .map(({ result }) => result.measurement?.throughputPerSecond ?? 0);
  const most = Math.max(0, ...answered);
  return { perSecond: most || target.safety.maxRatePerSecond, isMost: most === 0, faulty };
}

type Stages = Extract<Plan['arrivals'], { model: 'open' }>['stages'];

function meanRate(stages: Stages): number {
  const totalMs = stages.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const sent = stages.reduce((sum, one) => sum + (one.durationMs * (one.fromPerSecond + one.toPerSecond)) / 2, 0);
  return sent / totalMs;
}

/** Faults on all connections change every request; on a share of them, that share fails. */
function faultyShare({ faults = [], warmupMs, durationMs }: Plan): number {
  return faults
    .filter(({ share }) => share < 1)
    .reduce((sum, { share, fromMs, toMs }) => sum + (share * (toMs - fromMs)) / (warmupMs + durationMs), 0);
}
