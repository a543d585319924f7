import {
  isHere,
  KIND_UNITS,
  KINDS,
  parseObjectives,
  type Base,
  type Ceiling,
  type Kind,
  type Limit,
  type Target,
} from '@hive/contract';
import { beliefPolicy } from '../learning/search/belief-policy.js';
import type { Axis, LearnedResult } from '../learning/axis.js';
import type { Policy } from '../learning/search/policy.js';
import { capByCeiling } from '../ceiling/ceiling.js';
import { latenciesOf } from '../judging/shares.js';
import { howToRaise } from '../kinds/caps.js';
import { generate, reasonAgainst, reasonElsewhere, UNCALIBRATED_BASE } from '../kinds/generate.js';
import { kindDefinition } from '../kinds/registry.js';

/** How limits are learned. */
export const POLICY: Policy = beliefPolicy;

/** What bounds an axis beside the target: the base load, and what the generator can send. */
export interface Generator {
  base?: Base;
  /** What `hive doctor` measured; null: nothing. */
  ceiling?: Ceiling | null;
  threads?: number;
  /** What one request takes alone, ms; null: not measured. */
  restMs?: number | null;
}

/** The axes of some kinds on a target, in the order given. */
export function axesOf(target: Target, kinds: readonly Kind[], generator: Generator = {}): Axis[] {
  const { base = UNCALIBRATED_BASE, ceiling = null, threads = 1, restMs = null } = generator;
  return kinds.map((kind) => {
    const {
      whole,
      scale,
      floor,
      prior,
      offeredPerSecond,
      fixedTimes,
      leastMs,
      longRunSeconds,
      evidence,
      cap,
      cappedBy,
      mayChirp,
      isSentRate,
      besideBaseLoad,
      badness,
      budgetPlace,
    } = kindDefinition(kind);
    const lastsMs = (intensity: number): number => {
      const { warmupMs, durationMs } = generate({ target, kind, intensity, seed: 0, base }).plan;
      return warmupMs + durationMs;
    };
    const standard = standardOn(target, kind);
    const capReason = cappedBy === null ? 'Hive tests nothing higher' : howToRaise(cappedBy, target.safety[cappedBy]);
    const capped = capByCeiling({ cap: cap(target), reason: capReason }, { isSentRate, target, threads, ceiling });
    return {
      kind,
      restMs,
      unit: KIND_UNITS[kind],
      whole,
      scale,
      evidence,
      floor,
      prior,
      offeredPerSecond: (intensity) => offeredPerSecond(intensity, base),
      cap: capped.cap,
      capReason: capped.reason,
      notApplicable:
        reasonAgainst(target, kind, base) ??
        withoutMeasure(evidence, standard) ??
        (target.regions === undefined ? null : reasonElsewhere(target, kind)),
      fixedMs: fixedTimes ? lastsMs : null,
      chirp: mayChirp,
      badness,
      besideBaseLoad,
      budgetPlace,
      longRunSeconds,
      ...standard,
      leastMs: Math.max(leastMs, standard.leastMs),
    };
  });
}

/** A latency that a body or a read is not judged by still needs some time to show, s. */
const LEAST_LATENCY_SECONDS = 0.05;

/** What a kind is judged by on a target, as the learner must know it. */
export function standardOn(
  target: Target,
  kind: Kind,
): Pick<Axis, 'clauses' | 'latencySeconds' | 'allowOverload' | 'leastMs'> {
  const { standard, judgedBy } = kindDefinition(kind);
  const { objectives, clauses } = standard({ target, objectives: target.objectives, plan: null, restP50Ms: null });
  const hasOwnRule = judgedBy === 'own rule';
  const latencies = latenciesOf(hasOwnRule ? target.objectives : objectives).map((ms) => ms / 1_000);
  return {
    clauses,
    latencySeconds: Math.max(LEAST_LATENCY_SECONDS, ...latencies),
    allowOverload: target.safety.environment !== 'production' && (target.safety.allowOverload || isHere(target.nodes)),
    // A shorter run than a block of a clause would not be judged by it.
    leastMs: hasOwnRule ? 0 : Math.max(0, ...parseObjectives(objectives).map(({ blockMs }) => blockMs ?? 0)),
  };
}

/** A kind that counts needs an objective that counts. */
function withoutMeasure(evidence: Axis['evidence'], { clauses }: Pick<Axis, 'clauses'>): string | null {
  if (evidence !== 'counts' || clauses.length > 0) return null;
  return 'no objective limits response time or errors, and throughput alone sets no limit: add one such as p(99)<250 or rate<0.01';
}

/** More results than this add little, and would have to be read each time. */
const MOST_RESULTS = 40;
/** A kind that runs beside a base load is compared only where that load was about the same. */
const SAME_BASE = Math.log(1.1);

/**
 * What has been learned about a target: one limit for each kind, folded from stored results (oldest first). Only results
 * under the target's present objectives count.
 */
export function learnLimits(
  target: Target,
  history: readonly LearnedResult[],
  kinds: readonly Kind[] = KINDS,
): Limit[] {
  return kinds.map((kind) => {
    const axis = axisOf(target, kind);
    const results = comparableResults(history, axis, { target });
    const own = withReach(axis, results);
    return { ...POLICY.limit(own, results), ...limitsByRegion(own, results) };
  });
}

/** The axis of one kind. The same one for the same object, so that what was folded for it is not folded anew. */
export function axisOf(target: Target, kind: Kind): Axis {
  const known = axes.get(target) ?? new Map<Kind, Axis>();
  axes.set(target, known);
  const axis = (known.get(kind) ?? axesOf(target, [kind])[0]) as Axis;
  known.set(kind, axis);
  return axis;
}

const axes = new WeakMap<Target, Map<Kind, Axis>>();

/** What was tried beyond the cap, in a session that raised it, is known all the same. */
function withReach(axis: Axis, results: readonly LearnedResult[]): Axis {
  const cap = Math.max(axis.cap, ...results.map(({ scenario }) => scenario.intensity));
  if (cap === axis.cap) return axis;
  const known = raised.get(axis);
  if (known?.cap === cap) return known;
  const own = { ...axis, cap };
  raised.set(axis, own);
  return own;
}

const raised = new WeakMap<Axis, Axis>();

/**
 * The results of the newest sessions that tried a kind from the target's regions under its present objectives and about this base load (by
 * default that of the newest of them), oldest first: whole sessions, up to forty results.
 */
export function comparableResults(
  history: readonly LearnedResult[],
  axis: Axis,
  { target, base }: { target: Target; base?: Base },
): LearnedResult[] {
  const own = history.filter(
    ({ scenario, result }) =>
      scenario.kind === axis.kind &&
      result.verdict !== 'aborted' &&
      isFrom(target.regions, result) &&
      sameClauses(scenario.objectives, target.objectives),
  );
  const wanted = base ?? own.at(-1)?.scenario.base;
  const alike = own.filter(({ scenario }) => sameBase(axis, scenario.base, wanted));
  const kept: LearnedResult[] = [];
  while (kept.length < alike.length) {
    const session = (alike[alike.length - 1 - kept.length] as LearnedResult).sessionId;
    const from = alike.findIndex(({ sessionId }) => sessionId === session);
    const more = alike.slice(from, alike.length - kept.length);
    if (kept.length > 0 && kept.length + more.length > MOST_RESULTS) break;
    kept.unshift(...more);
  }
  return kept;
}

function sameBase({ besideBaseLoad }: Axis, a: Base, b: Base | undefined): boolean {
  if (!besideBaseLoad) return true;
  return b !== undefined && Math.abs(Math.log(a.ratePerSecond / b.ratePerSecond)) <= SAME_BASE;
}

function sameClauses(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((clause) => b.includes(clause));
}

/** What other regions see, or this machine, is another limit. */
function isFrom(regions: Target['regions'], { regions: seen }: LearnedResult['result']): boolean {
  if (regions === undefined || seen === undefined) return regions === seen;
  const names = Object.keys(seen);
  return regions === 'all' || (names.length === Object.keys(regions).length && names.every((name) => name in regions));
}

/** What the requests of each region say of a limit. A ramp is of all regions together, and says nothing of one. */
export function limitsByRegion(axis: Axis, results: readonly LearnedResult[]): Pick<Limit, 'regions'> {
  const own = results.filter(({ scenario }) => scenario.kind === axis.kind);
  const names = new Set(own.flatMap(({ result }) => Object.keys(result.regions ?? {})));
  if (names.size === 0) return {};
  const limitIn = (name: string): NonNullable<Limit['regions']>[string] => {
    const seen = own.flatMap(({ result, ...rest }) => {
      const region = result.regions?.[name];
      return region === undefined ? [] : [{ ...rest, result: { ...result, ...region, furtherEvidence: [] } }];
    });
    const { status, estimate, low, high, binding } = POLICY.limit(axis, seen);
    return { status, estimate, low, high, binding };
  };
  return { regions: Object.fromEntries([...names].toSorted().map((name) => [name, limitIn(name)])) };
}
