import { randomUUID } from 'node:crypto';
import {
  BASE_KIND,
  HiveError,
  parseObjectives,
  type ComparedMetric,
  type Comparison,
  type Scenario,
  type ScenarioResult,
  type Target,
} from '@hive/contract';
import { compareRuns, isConfirmed, isLook, runFigures, type Pair, type PairRules } from '../../comparing/runs.js';
import { CONFIRMING_PAIRS, LEAST_PAIRS, MOST_PAIRS } from '../../comparing/weights.js';
import type { SharedAllowance } from '../../allowance.js';
import type { Beside } from '../../execution/beside.js';
import type { TrainingEvent } from '../../execution/events.js';
import { execute } from '../../execution/execute.js';
import { checkEnvironment } from '../../execution/guarding/admit.js';
import { openSafeguards, type Safeguards } from '../../execution/guarding/safeguards.js';
import type { Surroundings } from '../../execution/running.js';
import { amount, figure } from '../../figure.js';
import { generate, UNCALIBRATED_BASE } from '../../kinds/generate.js';
import { createRandom, type Random } from '../../random.js';
import { openBeside } from '../quiet.js';

/** Two services to be measured in turn, and how. */
export interface ComparePairsOptions extends Omit<Surroundings, 'target' | 'allowance' | 'safeguards'> {
  base: Target;
  candidate: Target;
  /** What `admit` allowed to send to each. */
  allowances?: Record<keyof Pair, SharedAllowance | null>;
  /** The load of every run, requests/s. */
  ratePerSecond: number;
  /** Pairs at most, 8 to 20. */
  pairs: number;
  /** As a share. */
  tolerance: number;
  /** What decides. */
  gates: readonly ComparedMetric[];
  seed: number;
}

/** What a comparison tells while it runs. */
export type ComparingEvent =
  | TrainingEvent
  /** A pair is measured: how many there are of at most how many, and what they say so far; `confirming`: they are measured to show it again. */
  | { type: 'pair'; pairs: number; most: number; confirming: boolean; comparison: Comparison };

export const COMPARED_RUN = { warmupSeconds: 2, seconds: 30, mostPauseSeconds: 10 } as const;
/** A run that cannot be judged is repeated; this many in a row are too many. */
const MOST_UNUSABLE = 4;
/** Objectives without a clause about errors allow this share of them. */
const USUAL_ERRORS = 0.01;

/** How long a comparison takes, s: at the least, at the most, and what it takes more to confirm `worse`. */
export function comparingSeconds(pairs: number): { least: number; most: number; confirming: number } {
  const { warmupSeconds, seconds, mostPauseSeconds } = COMPARED_RUN;
  const pair = 2 * (warmupSeconds + seconds + mostPauseSeconds / 2);
  return { least: LEAST_PAIRS * pair, most: pairs * pair, confirming: CONFIRMING_PAIRS * pair };
}

/**
 * Compares two services by runs of the same load in turn: pairs whose order is drawn in blocks of two (ABBA or BAAB), each run after a random pause,
 * until 8, 14 or 20 pairs decide. `worse` is shown again by 8 new pairs before it is said. Returns what came of it; aborted: null.
 * What the safety settings of either end ends it for both.
 * @throws HiveError `validation` and `refused_by_safety` for a load beyond what a target allows, `target_unreachable`.
 */
export async function* comparePairs(options: ComparePairsOptions): AsyncGenerator<ComparingEvent, Comparison | null> {
  checkAsked(options);
  const { base, candidate, allowances } = options;
  const first = openSafeguards({ ...options, target: base, allowance: allowances?.base });
  const second = openSafeguards({
    ...options,
    target: candidate,
    allowance: allowances?.candidate,
    signal: first.signal,
  });
  try {
    const comparison = yield* compareWithin(options, { base: first, candidate: second });
    const tripped = first.tripped() ?? second.tripped();
    return comparison === null && tripped !== null ? notComparable(options, tripped.reason) : comparison;
  } finally {
    await Promise.all([first.close(), second.close()]);
  }
}

async function* compareWithin(
  options: ComparePairsOptions,
  safeguards: Record<keyof Pair, Safeguards>,
): AsyncGenerator<ComparingEvent, Comparison | null> {
  const rules = rulesOf(options);
  const different = whyNotComparable(options.base, options.candidate);
  if (different !== null) return notComparable(options, different);
  const random = createRandom(options.seed);
  // The second hears also of what ends the first.
  const { signal } = safeguards.candidate;
  const sides = {
    base: await sideOf({ ...options, signal }, { target: options.base, safeguards: safeguards.base }),
    candidate: await sideOf({ ...options, signal }, { target: options.candidate, safeguards: safeguards.candidate }),
  };
  const measured: Pair[] = [];
  let comparison: Comparison;
  do {
    const next = yield* measureToLook(options, { sides, random, pairs: measured, most: options.pairs, rules });
    if (next === null || 'trouble' in next) return next && notComparable(options, next.trouble);
    comparison = next;
  } while (comparison.answer === 'no_evidence' && measured.length < options.pairs);
  if (comparison.answer !== 'worse') return comparison;
  const again: Pair[] = [];
  const most = CONFIRMING_PAIRS;
  const second = yield* measureToLook(options, { sides, random, pairs: again, most, rules, confirming: true });
  if (second === null || 'trouble' in second) return second && notComparable(options, second.trouble);
  if (isConfirmed(comparison, again, rules)) return comparison;
  const items = comparison.items.map((item) =>
    item.decides && item.answer === 'worse'
      ? { ...item, answer: 'no_evidence' as const, reason: 'not confirmed' }
      : item,
  );
  const reason = `not confirmed: ${most} new pairs did not show it again`;
  return { ...comparison, answer: 'no_evidence', items, reasons: [reason] };
}

/** A service with what watches this machine beside its runs. */
type Side = Surroundings & { beside: Beside };
type Sides = Record<keyof Pair, Side>;

async function sideOf(options: ComparePairsOptions, own: Pick<Side, 'target' | 'safeguards'>): Promise<Side> {
  const { base: _, candidate: __, ...surroundings } = options;
  const side = { ...surroundings, ...own };
  return { ...side, beside: await openBeside(side) };
}

interface Measuring {
  sides: Sides;
  random: Random;
  /** Grows. */
  pairs: Pair[];
  most: number;
  rules: PairRules;
  confirming?: boolean;
}

/** Measures pairs up to the next look. Returns what they say, why there can be no more, or null: stopped. */
async function* measureToLook(
  options: ComparePairsOptions,
  { sides, random, pairs, most, rules, confirming = false }: Measuring,
): AsyncGenerator<ComparingEvent, Comparison | { trouble: string } | null> {
  let order: readonly (keyof Pair)[] = [];
  do {
    if (order.length === 0) order = random.next() < 0.5 ? ABBA : BAAB;
    const runs: Partial<Pair> = {};
    for (const name of order.slice(0, 2)) {
      const seed = random.integer(0x1_0000_0000);
      const scenario = scenarioAt(options, { name, target: sides[name].target, seed });
      const run = yield* usableRun(sides[name], scenario, random);
      if (run === null) return null;
      if (run.measurement === null || isUnusable(run)) return { trouble: `no run could be judged: ${run.reason}` };
      runs[name] = runFigures(run.measurement);
    }
    order = order.slice(2);
    pairs.push(runs as Pair);
    yield { type: 'pair', pairs: pairs.length, most, confirming, comparison: told(pairs, rules) };
  } while (confirming ? pairs.length < most : !isLook(pairs.length, most));
  return told(pairs, rules);
}

const ABBA: readonly (keyof Pair)[] = ['base', 'candidate', 'candidate', 'base'];
const BAAB: readonly (keyof Pair)[] = ['candidate', 'base', 'base', 'candidate'];

/** A run that can be judged, or the last of several that could not; null: stopped. */
async function* usableRun(
  side: Side,
  scenario: Scenario,
  random: Random,
): AsyncGenerator<TrainingEvent, ScenarioResult | null> {
  const { clock, signal } = side;
  for (let tries = 1; ; tries += 1) {
    await clock.sleep(1_000 * COMPARED_RUN.mostPauseSeconds * random.next(), signal);
    if (signal.aborted) return null;
    const run = { ...scenario, id: `scn_${randomUUID()}` };
    const { result } = yield* execute({ ...side, scenario: run, reason: 'in turn', plain: true });
    if (signal.aborted) return null;
    if (!isUnusable(result) || tries === MOST_UNUSABLE) return result;
  }
}

function isUnusable({ measurement, validity }: ScenarioResult): boolean {
  return measurement === null || validity.status === 'invalid';
}

function scenarioAt(
  { ratePerSecond }: ComparePairsOptions,
  { name, target, seed }: { name: keyof Pair; target: Target; seed: number },
): Scenario {
  const problem = generate({ target, kind: BASE_KIND, intensity: ratePerSecond, seed, base: UNCALIBRATED_BASE });
  const { arrivals } = problem.plan;
  const [warmupMs, durationMs] = [1_000 * COMPARED_RUN.warmupSeconds, 1_000 * COMPARED_RUN.seconds];
  const stage = { durationMs: warmupMs + durationMs, fromPerSecond: ratePerSecond, toPerSecond: ratePerSecond };
  const plan = {
    ...problem.plan,
    arrivals: arrivals.model === 'open' ? { ...arrivals, stages: [stage] } : arrivals,
    warmupMs,
    durationMs,
  };
  const description = `${name}: ${amount(ratePerSecond, problem.unit)} for ${figure(COMPARED_RUN.seconds)} s`;
  return {
    ...problem,
    id: '',
    difficulty: 'medium',
    calibrated: false,
    predictedFailure: null,
    description,
    plan,
  };
}

function told(pairs: readonly Pair[], rules: PairRules): Comparison {
  const { answer, items } = compareRuns(pairs, rules);
  return { answer, tolerance: rules.tolerance, items, reasons: [] };
}

function notComparable({ tolerance }: ComparePairsOptions, reason: string): Comparison {
  return { answer: 'not_comparable', tolerance, items: [], reasons: [reason] };
}

function whyNotComparable(base: Target, candidate: Target): string | null {
  if (base.objectives.toSorted().join() !== candidate.objectives.toSorted().join())
    return 'the objectives of base and candidate differ';
  return JSON.stringify(base.requests) === JSON.stringify(candidate.requests)
    ? null
    : 'the requests of base and candidate differ';
}

function rulesOf({ base, tolerance, gates }: ComparePairsOptions): PairRules {
  const shares = parseObjectives(base.objectives).flatMap((one) => (one.type === 'errors' ? [one.share] : []));
  return { tolerance, gates, allowedErrors: shares.length > 0 ? Math.min(...shares) : USUAL_ERRORS };
}

/** @throws HiveError for what cannot be asked. */
function checkAsked({ base, candidate, ratePerSecond, pairs, tolerance, gates }: ComparePairsOptions): void {
  if (!(pairs >= LEAST_PAIRS && pairs <= MOST_PAIRS && Number.isInteger(pairs)))
    throw new HiveError('validation', `pairs: must be a whole number from ${LEAST_PAIRS} to ${MOST_PAIRS}`);
  if (!(tolerance > 0 && tolerance < 1))
    throw new HiveError('validation', 'tolerance: must be between 0 and 1', { hint: 'write, for example, 10%' });
  if (gates.length === 0) throw new HiveError('validation', 'gates: name at least one metric, such as p95');
  const seconds = COMPARED_RUN.warmupSeconds + COMPARED_RUN.seconds;
  for (const target of [base, candidate]) {
    const { id, safety } = target;
    checkEnvironment({ target, purpose: 'run' });
    if (ratePerSecond > safety.maxRatePerSecond)
      throw new HiveError('refused_by_safety', `${id}: more than its cap of ${safety.maxRatePerSecond} requests/s`, {
        hint: 'ask for less, or raise safety.maxRatePerSecond in the description of the target',
      });
    if (seconds > safety.maxSeconds)
      throw new HiveError('refused_by_safety', `${id}: a run of ${seconds} s is longer than it allows`, {
        hint: `raise safety.maxSeconds (${safety.maxSeconds}) in the description of the target`,
      });
  }
}
