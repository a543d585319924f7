import {
  budgetFor,
  kindLabel,
  KINDS,
  type Base,
  type Ceiling,
  type Kind,
  type PlannedKind,
  type SessionPlan,
  type Target,
} from '@hive/contract';
import { baseWithin } from '../../kinds/caps.js';
import type { LearnedResult } from '../../learning/axis.js';
import { affordable, byPlace } from '../../learning/search/affordable.js';
import { axesOf, comparableResults, learnLimits, POLICY } from '../axes.js';
import { baseFrom } from '../generate-scenario.js';
import { planKind, type PricedKind } from './planned-kind.js';

/** Of what a plan is made. */
export interface PlanRequest {
  target: Target;
  kinds: readonly Kind[];
  budgetSeconds: number;
  /** The part of the budget that a soak at its end takes. */
  holdSeconds?: number;
  /** What was stored of this target before, oldest first. */
  history: readonly LearnedResult[];
  /** What `hive doctor` measured of this machine; null: nothing. */
  ceiling?: Ceiling | null;
  /** Threads of the load. */
  threads?: number;
  /** Now, ms since the epoch. */
  atMs: number;
  /** How a larger budget is asked for where the plan will be read; absent: as on the command line. */
  sayBudget?: SayBudget | undefined;
}

/** How a budget of this many seconds is asked for, such as `--budget 8m`. */
export type SayBudget = (seconds: number) => string;

const asOption: SayBudget = (seconds) => `--budget ${budgetFor(seconds)}`;

/** Every kind of a target, priced, or why it does not apply. */
export interface PriceList {
  priced: PricedKind[];
  notApplicable: { kind: Kind; reason: string }[];
}

/**
 * What a session measures in its time, in which order, and what that costs: the session itself, the API, the command line and the dashboard
 * ask this alone. Pure.
 */
export function planSession(request: PlanRequest): SessionPlan {
  const list = priceList(request);
  return composePlan(request, list, { fits: fitting(request, list), done: [] });
}

/** The kinds that were asked for and fit into the budget, by their places. */
export function fitting({ kinds, budgetSeconds, holdSeconds = 0 }: PlanRequest, { priced }: PriceList): PricedKind[] {
  const asked = priced.filter(({ kind }) => kinds.includes(kind));
  return affordable(asked, budgetSeconds - holdSeconds);
}

/** What each kind takes on a target. `own`: what the running session has found so far. */
export function priceList(
  { target, history, ceiling = null, threads = 1, atMs }: PlanRequest,
  own: readonly LearnedResult[] = [],
): PriceList {
  const base: Base = baseWithin(baseFrom(learnLimits(target, history)), target.safety);
  const list: PriceList = { priced: [], notApplicable: [] };
  for (const axis of axesOf(target, KINDS, { base, ceiling, threads })) {
    const { kind, notApplicable: reason } = axis;
    if (reason === null) {
      const earlier = comparableResults(history, axis, { target, base });
      const before = POLICY.limit(axis, earlier);
      const mine = own.filter(({ scenario }) => scenario.kind === kind);
      const results = [...earlier, ...mine];
      const limit = mine.length === 0 ? before : POLICY.limit(axis, results);
      list.priced.push(planKind(axis, { target, base }, { before, limit, results, atMs }));
    } else list.notApplicable.push({ kind, reason });
  }
  return list;
}

/** The plan in the contract's terms. `fits`: what is left to do; `done`: what a running session has finished. */
export function composePlan(
  { target, kinds, budgetSeconds, holdSeconds = 0, sayBudget = asOption }: PlanRequest,
  { priced, notApplicable }: PriceList,
  { fits, done }: { fits: readonly PricedKind[]; done: readonly Kind[] },
): SessionPlan {
  const asked = priced.filter(({ kind }) => kinds.includes(kind));
  const taken = asked.filter(({ kind }) => done.includes(kind) || fits.some((one) => one.kind === kind));
  const leftOut = byPlace(asked.filter((one) => !taken.includes(one))).map((one) => ({
    kind: one.kind,
    seconds: Math.round(one.seconds),
    reason: whyLeftOut(one, { taken, holdSeconds, sayBudget }),
  }));
  return {
    target: target.id,
    budgetSeconds,
    fits: fits.map(shown),
    leftOut: [
      ...leftOut,
      ...notApplicable.filter(({ kind }) => kinds.includes(kind)).map((one) => ({ ...one, seconds: null })),
    ],
    allSeconds: Math.round(secondsOf(priced)),
    done: [...done],
  };
}

/** What would measure it all the same. */
function whyLeftOut(
  one: PricedKind,
  beside: { taken: readonly PricedKind[]; holdSeconds: number; sayBudget: SayBudget },
): string {
  const names = beside.taken.map(({ kind }) => kindLabel(kind).toLowerCase());
  const total = secondsOf([...beside.taken, one]) + beside.holdSeconds;
  const others = new Intl.ListFormat('en', { type: 'conjunction' }).format(names);
  return `the budget is too short for it beside ${others}: ${beside.sayBudget(total)} is enough for ${names.length === 1 ? 'both' : 'all of them'}`;
}

const secondsOf = (priced: readonly PricedKind[]): number => priced.reduce((sum, { seconds }) => sum + seconds, 0);

function shown(one: PricedKind): PlannedKind {
  const { kind, unit, seconds, requests, highest, secondsAboveLimit, expectedFailures, atMost } = one;
  return {
    kind,
    seconds: Math.round(seconds),
    requests: Math.round(requests),
    highest: Number(highest.toPrecision(4)),
    unit,
    secondsAboveLimit: Math.round(secondsAboveLimit),
    expectedFailures: Math.round(expectedFailures),
    atMost,
  };
}
