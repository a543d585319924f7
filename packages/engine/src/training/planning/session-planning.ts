import type { Kind, SessionPlan } from '@hive/contract';
import type { LearnedResult } from '../../learning/axis.js';
import { affordableNow } from '../../learning/search/affordable.js';
import { composePlan, fitting, priceList, type PlanRequest } from './plan.js';
import type { PricedKind } from './planned-kind.js';

/** The plan of a session that runs, and who has how much of its time. */
export interface Planning {
  /** The kinds that have a share of the time, done ones too. */
  planned: ReadonlySet<Kind>;
  plan(): SessionPlan;
  /** What a kind that is not done has left of its share, ms, in the order of the plan. */
  sharesMs(): ReadonlyMap<Kind, number>;
  /** What all of it usually takes from beginning to end, s. */
  usualSeconds(): number;
  /** The price of a kind as it is known now. */
  priceOf(kind: Kind): PricedKind | undefined;
  /** Makes the plan anew from what was found; what is done leaves its time to those that were left out. */
  again(now: { results: readonly LearnedResult[]; newlyDone: readonly Kind[]; leftSeconds: number }): void;
}

/** Plans a session that begins. */
export function openPlanning(request: PlanRequest): Planning {
  let list = priceList(request);
  let results: readonly LearnedResult[] = [];
  const planned = new Set<Kind>(fitting(request, list).map(({ kind }) => kind));
  const done = new Set<Kind>();

  const asked = (): PricedKind[] => list.priced.filter(({ kind }) => request.kinds.includes(kind));
  const open = (): PricedKind[] =>
    [...planned]
      .filter((kind) => !done.has(kind))
      .flatMap((kind) => list.priced.filter((one) => one.kind === kind))
      .map((one) => rest(one, spentSeconds(one.kind, results)));

  return {
    planned,
    plan: () => composePlan(request, list, { fits: open(), done: [...done] }),
    sharesMs: () => new Map(open().map(({ kind, seconds }) => [kind, seconds * 1_000])),
    usualSeconds: () =>
      list.priced.filter(({ kind }) => planned.has(kind)).reduce((sum, { seconds }) => sum + seconds, 0),
    priceOf: (kind) => list.priced.find((one) => one.kind === kind),
    again(now) {
      results = now.results;
      for (const kind of now.newlyDone) done.add(kind);
      list = priceList(request, results);
      const leftSeconds = now.leftSeconds - open().reduce((sum, { seconds }) => sum + seconds, 0);
      const leftOut = asked().filter(({ kind }) => !planned.has(kind));
      for (const { kind } of affordableNow(leftOut, leftSeconds)) planned.add(kind);
    },
  };
}

function spentSeconds(kind: Kind, results: readonly LearnedResult[]): number {
  return results
    .filter(({ scenario }) => scenario.kind === kind)
    .reduce((sum, { result }) => sum + result.executionSeconds, 0);
}

/** What is left of a price after that time. */
function rest(one: PricedKind, spent: number): PricedKind {
  const share = Math.max(0, 1 - spent / one.seconds);
  const { seconds, requests, secondsAboveLimit, expectedFailures } = one;
  return {
    ...one,
    seconds: share * seconds,
    requests: share * requests,
    secondsAboveLimit: share * secondsAboveLimit,
    expectedFailures: share * expectedFailures,
  };
}
