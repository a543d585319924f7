import type { Kind, Limit } from '@hive/contract';
import { bracketPolicy } from './bracket.js';
import { SHALLOW_CELLS } from './cells.js';
import { createLearner, type Learner, type LearnerConfig, type ProbeObservation } from './learner.js';
import { limitOf } from './limit-of.js';
import { next } from './next.js';
import { observe, observeChirp } from './observe.js';
import type { Axis, Choice, LearnedResult, Policy, Situation } from './policy.js';
import { pFail } from './predict.js';

const HORIZON_SECONDS = 30;
/** A bad request is worth this much session time; s. */
const SECONDS_PER_BAD = 0.01;
/** A kind is tried so often in a row before another has its turn. */
const BLOCK = 3;
/** A margin is derived from one intensity and confirmed once; it is not searched. */
const MOST_MARGIN_RUNS = 2;
/** The first look begins this far below where the kind's prior places the limit. */
const START_BELOW_PRIOR = 8;

/** Learns limits as beliefs: probes where they tell most for their cost, and reports credible intervals. */
export const beliefPolicy: Policy = { choose, limit, chanceOfFailing };

function choose(situation: Situation): Choice {
  const { axes, results, budgetLeftMs } = situation;
  const steps = axes.flatMap((axis) => {
    const choice = axis.notApplicable === null ? nextFor(axis, situation) : null;
    return choice === null ? [] : [{ axis, choice, scenarios: countOf(axis.kind, results) }];
  });
  const open = steps.filter(({ choice }) => choice.action !== 'finish');
  if (open.length === 0) return endOf(steps.map(({ choice }) => choice));
  const running = results.at(-1)?.scenario.kind;
  const inBlock = open.find(({ axis, scenarios }) => axis.kind === running && scenarios % BLOCK !== 0);
  const fewest = open.reduce((least, one) => (one.scenarios < least.scenarios ? one : least));
  const chosen = (inBlock ?? fewest).choice;
  if (chosen.action === 'probe' && chosen.warmupMs + chosen.durationMs > budgetLeftMs)
    return { action: 'finish', reason: 'the budget is spent' };
  return chosen;
}

/** Every kind has ended: each in its own way, or all because their limits are known. */
function endOf(choices: readonly Choice[]): Choice {
  const reasons = [...new Set(choices.map(({ reason }) => reason))];
  return {
    action: 'finish',
    reason: reasons.length === 0 ? 'no kind can be judged on this target' : reasons.join('; '),
  };
}

function nextFor(axis: Axis, situation: Situation): Choice | null {
  const { results, budgetLeftMs } = situation;
  if (axis.evidence === 'margin') return marginStep(axis, situation);
  const ended = endedOf(axis, results);
  if (ended !== null) return { action: 'finish', reason: ended };
  const learner = learnerOf(axis, results, situation.precision);
  const step = next(learner, { secondsLeft: budgetLeftMs / 1_000 });
  if (step.action === 'done') {
    const nothingYet = countOf(axis.kind, results) === 0;
    // Too short for a first look: what fits still says more than nothing.
    return nothingYet
      ? bracketPolicy.choose({ ...situation, axes: [axis] })
      : { action: 'finish', reason: step.reason };
  }
  if (step.action === 'chirp')
    return { action: 'chirp', kind: axis.kind, stages: step.stages, rule: step.rule, reason: step.reason };
  return {
    action: 'probe',
    kind: axis.kind,
    intensity: step.intensity,
    warmupMs: Math.round(step.warmupSeconds * 1_000),
    durationMs: axis.fixedMs === null ? Math.round(step.seconds * 1_000) : axis.fixedMs(step.intensity),
    predictedFailure: step.predictedFailure,
    reason: step.reason,
  };
}

function marginStep(axis: Axis, situation: Situation): Choice {
  if (countOf(axis.kind, situation.results) >= MOST_MARGIN_RUNS)
    return { action: 'finish', reason: 'derived from one intensity and confirmed once' };
  return bracketPolicy.choose({ ...situation, axes: [axis] });
}

/** Why a kind cannot go on: it turned out not to apply, or nothing harder can be tried. */
function endedOf(axis: Axis, results: readonly LearnedResult[]): string | null {
  const own = results.filter(({ scenario }) => scenario.kind === axis.kind);
  const last = own.find(({ result }) => result.verdict === 'not_applicable' || isOutOfReach(result));
  return last?.result.reason ?? null;
}

function isOutOfReach({ verdict, evidence, validity }: LearnedResult['result']): boolean {
  return verdict === 'undecided' && evidence === null && validity.status !== 'invalid';
}

function limit(axis: Axis, results: readonly LearnedResult[], precision = 0.05): Limit {
  const own = results.filter(({ scenario }) => scenario.kind === axis.kind);
  if (axis.evidence === 'margin' || axis.notApplicable !== null || own.some(isNotApplicable))
    return bracketPolicy.limit(axis, results);
  const told = own.filter(({ result }) => result.verdict !== 'aborted' && result.validity.status !== 'invalid');
  const learned = { ...limitOf(learnerOf(axis, results, precision)), scenarios: told.length };
  const updatedAt = own.findLast(({ result }) => result.verdict !== 'aborted')?.at ?? null;
  const ended = own.find(({ result }) => isOutOfReach(result));
  if (ended === undefined || (learned.high !== null && learned.high < ended.scenario.intensity))
    return { ...learned, updatedAt };
  return beyondReach(axis, { learned: { ...learned, updatedAt }, reason: ended.result.reason, results: own });
}

/** What could not be tried bounds what is known: at least what held. */
function beyondReach(axis: Axis, from: { learned: Limit; reason: string; results: readonly LearnedResult[] }): Limit {
  const held = from.results
    .filter(({ result }) => result.verdict === 'passed')
    .map(({ scenario }) => scenario.intensity);
  const none = { estimate: null, low: null, high: null, band: null, safe: null };
  if (held.length === 0) return { ...from.learned, ...none, status: 'unknown', reason: from.reason };
  return { ...from.learned, ...none, status: 'at_least', low: Math.max(...held), reason: from.reason, unit: axis.unit };
}

function isNotApplicable({ result }: LearnedResult): boolean {
  return result.verdict === 'not_applicable';
}

/** The predicted chance that a run fails, from the results of one session; null while nothing is known. */
function chanceOfFailing(
  axis: Axis,
  results: readonly LearnedResult[],
  run: { intensity: number; seconds: number },
): number | null {
  if (axis.evidence === 'margin' || axis.notApplicable !== null) return null;
  return pFail(learnerOf(axis, results, 0.05), run.intensity, run.seconds);
}

function countOf(kind: Kind, results: readonly LearnedResult[]): number {
  return results.filter(({ scenario }) => scenario.kind === kind).length;
}

/** The learner of one axis: a fold over its results. */
function learnerOf(axis: Axis, results: readonly LearnedResult[], precision: number): Learner {
  const own = results.filter(({ scenario, result }) => scenario.kind === axis.kind && result.verdict !== 'aborted');
  const since = own.length === 0 ? 0 : Date.parse((own[0] as LearnedResult).at) / 1_000;
  return own.reduce((learner, result) => taught(learner, result, since), createLearner(configOf(axis, precision)));
}

function taught(learner: Learner, { scenario, result, at }: LearnedResult, since: number): Learner {
  const startedAtSeconds = Date.parse(at) / 1_000 - since;
  const endedAtSeconds = startedAtSeconds + result.executionSeconds;
  const { evidence } = result;
  if (evidence?.type === 'chirp') {
    const blocks = evidence.blocks.map(({ planned, ...block }) => ({ ...block, n: planned }));
    return observeChirp(learner, { blocks, onset: evidence.onset, startedAtSeconds, endedAtSeconds });
  }
  if (result.validity.status !== 'invalid' && evidence?.type !== 'counts') return learner;
  const plannedSeconds = scenario.plan.durationMs / 1_000;
  const counts = evidence?.type === 'counts' ? evidence : { clauses: [], blocks: [], endedEarly: false };
  const blocks = (counts.blocks ?? []).map(({ planned, bad }) => ({ n: planned, bad }));
  const seconds = (counts.blocks ?? []).reduce((sum, block) => sum + block.seconds, 0) || plannedSeconds;
  const probe: ProbeObservation = {
    intensity: scenario.intensity,
    plannedSeconds: Math.max(plannedSeconds, seconds),
    seconds,
    startedAtSeconds,
    endedAtSeconds,
    stoppedEarly: counts.endedEarly ?? false,
    validity: result.validity.status,
    clauses: learner.config.clauses.map((clause) => countsOf(clause.expression, { learner, counts, result })),
    blocks,
  };
  return observe(learner, probe);
}

type Counts = { clauses: { expression: string; allowedShare: number; bad: number; planned: number }[] };

/** One clause's counts. A rule that failed beyond the clauses (a starved node, no recovery) counts against the first of them. */
function countsOf(
  expression: string,
  from: { learner: Learner; counts: Counts; result: LearnedResult['result'] },
): ProbeObservation['clauses'][number] {
  const { learner, counts, result } = from;
  const found = counts.clauses.find((clause) => clause.expression === expression);
  const [first] = learner.config.clauses;
  const allowedShare = found?.allowedShare ?? first?.allowedShare ?? 0.01;
  if (!found) return { expression, allowedShare, n: 0, bad: 0 };
  const failedOtherwise =
    expression === first?.expression &&
    result.furtherEvidence?.some((one) => one.type === 'verdict' && !one.passed) === true;
  const least = failedOtherwise ? Math.ceil(2 * allowedShare * found.planned) : 0;
  return { expression, allowedShare, n: found.planned, bad: Math.max(found.bad, least) };
}

function configOf(axis: Axis, precision: number): LearnerConfig {
  const { kind, unit, scale, whole, floor, cap, prior, clauses, latencySeconds, allowOverload, chirp } = axis;
  return {
    kind,
    unit,
    scale,
    whole,
    floor,
    cap,
    clauses: [...clauses],
    latencySeconds,
    allowOverload,
    chirp,
    start: Math.max(floor, Math.min(prior / START_BELOW_PRIOR, cap)),
    ...(kind === 'cache_efficiency' ? { cells: SHALLOW_CELLS } : {}),
    horizonSeconds: HORIZON_SECONDS,
    precision,
    offeredPerSecond: axis.offeredPerSecond,
    secondsPerBad: SECONDS_PER_BAD,
  };
}
