import type { Limit } from '@hive/contract';
import { figure } from '../figure.js';
import type { Axis, Choice, LearnedResult, Policy, Situation } from './policy.js';

/** A pass this far above a failure is no noise of the band: the axis is not monotone. */
const NOT_MONOTONE_RATIO = 1.5;
/** An intensity that is invalid this often for the generator's sake is beyond what the generator can send. */
const MOST_INVALID = 3;
/** Requests that decide a p99 clause, n ≥ 3 ÷ (1 − q), and three standard deviations of a Poisson stream more. */
const DECIDING_REQUESTS = 360;

interface Span {
  warmupMs: number;
  leastMs: number;
  mostMs: number;
}

/** While climbing a glance is enough; near the limit short runs pass what longer ones do not. */
const CLIMB: Span = { warmupMs: 1_000, leastMs: 2_000, mostMs: 4_000 };
const NEAR: Span = { warmupMs: 2_000, leastMs: 4_000, mostMs: 20_000 };

interface Tried {
  passes: number[];
  fails: number[];
  /** Tried without a failure, but with too few requests to call it a pass. */
  unfailed: number[];
  /** The lowest intensity that could not be tried to its end, and why; null without one. */
  beyondReach: { intensity: number; reason: string } | null;
  /** Why it turned out that the kind cannot be judged on this target; null: it can. */
  notApplicable: string | null;
  scenarios: number;
  binding: string | null;
  updatedAt: string | null;
}

interface Bracket {
  low: number | null;
  high: number | null;
  notMonotone: boolean;
}

/** Double until it fails, then bisect in ln intensity. Its limits are brackets: two tried intensities, no credible interval. */
export const bracketPolicy: Policy = { choose, limit, chanceOfFailing: () => null };

function choose(situation: Situation): Choice {
  const { axes, results, budgetLeftMs, precision } = situation;
  const open = axes
    .filter((axis) => axis.notApplicable === null)
    .map((axis) => ({ axis, tried: sift(axis, results) }))
    .filter(({ axis, tried }) => !isDone(axis, tried, precision));
  if (open.length === 0)
    return { action: 'finish', reason: `every limit is known to ±${+(precision * 100).toFixed(1)} %` };

  // The kind with the fewest scenarios so far is the one least known; ties keep the given order.
  const { axis, tried } = open.reduce((least, one) => (one.tried.scenarios < least.tried.scenarios ? one : least));
  const next = nextProbe(axis, tried, situation);
  const neededMs = next.warmupMs + next.durationMs;
  if (neededMs > budgetLeftMs) return { action: 'finish', reason: 'the budget is spent' };
  return { action: 'probe', kind: axis.kind, predictedFailure: null, ...next };
}

function nextProbe(
  axis: Axis,
  tried: Tried,
  { known }: Situation,
): Omit<Extract<Choice, { action: 'probe' }>, 'action' | 'kind' | 'predictedFailure'> {
  const { low, high } = bracketOf(tried);
  const unit = axis.unit;
  if (low !== null && high !== null) {
    const intensity = place(axis, Math.sqrt(low * high));
    return {
      intensity,
      ...times(axis, intensity, NEAR),
      reason: `the limit lies between ${figure(low)} and ${figure(high)} ${unit}: try the middle`,
    };
  }
  if (low === null && tried.fails.length > 0) {
    const lowest = Math.min(...tried.fails);
    const intensity = place(axis, lowest / 2);
    return {
      intensity,
      ...times(axis, intensity, NEAR),
      reason: `${figure(lowest)} ${unit} failed and nothing lower passed: try half`,
    };
  }
  const highest = Math.max(...tried.passes, ...tried.unfailed, 0);
  if (highest > 0) {
    const intensity = place(axis, highest * 2);
    return {
      intensity,
      ...times(axis, intensity, CLIMB),
      reason: `${figure(highest)} ${unit} held: double it`,
    };
  }
  const before = known.get(axis.kind)?.estimate ?? null;
  const intensity = place(axis, (before ?? axis.prior) / 2);
  const reason =
    before === null
      ? 'unknown so far: begin gently'
      : `begin at half of the last known limit, ${figure(before)} ${unit}`;
  return { intensity, ...times(axis, intensity, CLIMB), reason };
}

/** Long enough to decide a p99 where the axis says how many requests come, within [leastMs, mostMs]. */
function times(axis: Axis, intensity: number, span: Span): { warmupMs: number; durationMs: number } {
  if (axis.fixedMs !== null) return { warmupMs: 0, durationMs: axis.fixedMs(intensity) };
  const rate = axis.offeredPerSecond(intensity);
  const wantedMs = rate === null ? span.leastMs : (DECIDING_REQUESTS / rate) * 1_000;
  return { warmupMs: span.warmupMs, durationMs: Math.round(Math.min(Math.max(wantedMs, span.leastMs), span.mostMs)) };
}

function limit(axis: Axis, results: readonly LearnedResult[]): Limit {
  const tried = sift(axis, results);
  const { low, high, notMonotone } = bracketOf(tried);
  const common = {
    kind: axis.kind,
    unit: axis.unit,
    method: 'bracket' as const,
    level: null,
    safe: null,
    band: null,
    horizonSeconds: 30,
    binding: tried.binding,
    scenarios: tried.scenarios,
    updatedAt: tried.updatedAt,
  };
  const none = { estimate: null, low: null, high: null };
  const notApplicable = axis.notApplicable ?? tried.notApplicable;
  if (notApplicable !== null) return { ...common, ...none, status: 'not_applicable', reason: notApplicable };
  const outOfReach = tried.beyondReach?.reason ?? null;
  if (notMonotone) {
    return {
      ...common,
      ...none,
      low,
      high,
      status: 'not_monotone',
      reason: `${figure(Math.max(...tried.passes))} ${axis.unit} passed although ${figure(Math.min(...tried.fails))} failed`,
    };
  }
  if (low !== null && high !== null) return { ...common, status: 'known', estimate: Math.sqrt(low * high), low, high };
  if (low !== null) {
    const reason =
      low >= axis.cap
        ? `held at the cap of ${figure(axis.cap)} ${axis.unit}; ${axis.capReason}`
        : (outOfReach ?? 'no failure was seen yet');
    return { ...common, status: 'at_least', estimate: null, low, high: null, reason };
  }
  if (high !== null)
    return { ...common, status: 'below', estimate: null, low: null, high, reason: 'nothing that was tried held' };
  return {
    ...common,
    ...none,
    status: 'unknown',
    reason: outOfReach ?? (tried.scenarios === 0 ? 'not tried yet' : 'no run was decisive yet'),
  };
}

function sift(axis: Axis, results: readonly LearnedResult[]): Tried {
  const tried: Tried = {
    passes: [],
    fails: [],
    unfailed: [],
    beyondReach: null,
    notApplicable: null,
    scenarios: 0,
    binding: null,
    updatedAt: null,
  };
  const invalid = new Map<number, number>();
  for (const { scenario, result, at } of results) {
    if (scenario.kind !== axis.kind || result.verdict === 'aborted') continue;
    if (result.validity.status === 'invalid') {
      const times = (invalid.get(scenario.intensity) ?? 0) + 1;
      invalid.set(scenario.intensity, times);
      if (times >= MOST_INVALID) reach(tried, scenario.intensity, generatorsReason(axis, scenario.intensity));
      continue;
    }
    if (result.verdict === 'not_applicable') {
      tried.notApplicable = result.reason;
      continue;
    }
    if (result.verdict === 'undecided' && result.evidence === null) {
      reach(tried, scenario.intensity, result.reason);
      continue;
    }
    tried.scenarios += 1;
    tried.updatedAt = at;
    if (result.verdict === 'passed') tried.passes.push(scenario.intensity);
    else if (result.verdict === 'failed') {
      tried.fails.push(scenario.intensity);
      if (scenario.intensity <= Math.min(...tried.fails))
        tried.binding = result.objectives.find((one) => one.outcome === 'failed')?.expression ?? null;
    } else tried.unfailed.push(scenario.intensity);
  }
  return tried;
}

function reach(tried: Tried, intensity: number, reason: string): void {
  if (tried.beyondReach === null || intensity < tried.beyondReach.intensity) tried.beyondReach = { intensity, reason };
}

function generatorsReason(axis: Axis, intensity: number): string {
  return `the load generator could not send ${figure(intensity)} ${axis.unit}; add threads or another machine`;
}

/** Contradicting runs widen the bracket: it then spans every intensity that both passed and failed around the limit. */
function bracketOf({ passes, fails }: Tried): Bracket {
  const lowestFail = Math.min(...fails);
  const highestPass = Math.max(...passes);
  const below = passes.filter((pass) => pass < lowestFail);
  const above = fails.filter((fail) => fail > highestPass);
  return {
    low: below.length > 0 ? Math.max(...below) : null,
    high: above.length > 0 ? Math.min(...above) : null,
    notMonotone: passes.length > 0 && fails.length > 0 && highestPass > NOT_MONOTONE_RATIO * lowestFail,
  };
}

function isDone(axis: Axis, tried: Tried, precision: number): boolean {
  const { low, high, notMonotone } = bracketOf(tried);
  if (notMonotone || tried.beyondReach !== null || tried.notApplicable !== null) return true;
  if (low !== null && low >= axis.cap) return true;
  if (Math.min(...tried.fails) <= axis.floor) return true;
  if (Math.max(...tried.unfailed, 0) >= axis.cap && high === null) return true;
  if (low === null || high === null) return false;
  return high / low <= 1 + 2 * precision || (axis.whole && high - low <= 1);
}

function place(axis: Axis, intensity: number): number {
  const inside = Math.min(Math.max(intensity, axis.floor), axis.cap);
  return axis.whole ? Math.round(inside) : Number(inside.toPrecision(4));
}
