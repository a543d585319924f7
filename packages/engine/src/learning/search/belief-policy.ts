import type { Kind, Limit, OwnLimit } from '@hive/contract';
import { amount, figure } from '../../figure.js';
import { learnerBefore, learnerOf, resumed } from '../limit/fold.js';
import { holdFor } from './hold.js';
import { safeOf } from '../limit/safe.js';
import { hasFailed, type Learner } from '../limit/learner.js';
import { limitOf } from '../limit/limit-of.js';
import { nextMargin } from './next-margin.js';
import { next } from './next.js';
import type { Step } from './step.js';
import type { Axis, LearnedResult } from '../axis.js';
import type { Choice, Policy, Situation } from './policy.js';
import { bitsBetween, posteriorOf } from '../belief/posterior.js';
import { pFail } from '../limit/chance-of-failing.js';
import {
  AFTER_HOLD_MS,
  AROUND_HOLD_MS,
  MARGIN_RUN_MS,
  MOST_REPEATS,
  MOST_UNDECIDED,
  MOST_UNDECIDED_LONG,
} from '../weights.js';

type Finish = Extract<Choice, { action: 'finish' }>;

const NOT_KNOWN = { estimate: null, low: null, high: null, band: null, safe: null, heldSeconds: undefined };

/** Learns limits as beliefs: runs the load that gives the most information for its cost, and reports credible intervals. */
export const beliefPolicy: Policy = { choose, isDone, limit, informationGained, chanceOfFailing };

function choose(situation: Situation): Choice {
  const { axes } = situation;
  const applicable = axes.filter(({ notApplicable }) => notApplicable === null);
  const held = heldJustNow(applicable, situation);
  if (held !== null) return { action: 'finish', reason: held, code: 'goal' };
  const hold = applicable.map((axis) => holdOf(axis, situation)).find((one) => one !== null) ?? null;
  // The search leaves time for the hold, and for what runs take beyond their plan, while there is that much.
  const budgetLeftMs = situation.budgetLeftMs - (hold === null ? 0 : hold.takesMs + AROUND_HOLD_MS);
  const steps = applicable.map((axis) => {
    const leftMs = budgetLeftMs - laterShares(axis.kind, situation.sharesMs);
    return { axis, leftMs, choice: nextFor(axis, { ...situation, budgetLeftMs: leftMs }) };
  });
  const unfinished = steps.filter(({ choice }) => choice.action !== 'finish');
  // A kind whose next run is too long for what is left leaves the time to those whose run is not.
  const open = unfinished.filter(({ choice, leftMs }) => secondsOf(choice) * 1_000 <= leftMs);
  if (open.length === 0) {
    if (hold !== null && hold.choice !== null) return hold.choice;
    if (unfinished.length === 0) return endOf(steps.map(({ choice }) => choice as Finish));
    const seconds = Math.ceil(Math.min(...unfinished.map(({ choice }) => secondsOf(choice))));
    return { action: 'finish', reason: `the budget is used up: another run takes ${seconds} s`, code: 'budget' };
  }
  return (kindInShare(open, situation.sharesMs) ?? open[0]?.choice) as Choice;
}

function isDone(axis: Axis, situation: Situation): boolean {
  const choice = nextFor(axis, situation);
  return choice.action === 'finish' && choice.code === 'goal';
}

/** What the kinds that come later still have of their shares, ms: a kind leaves it to them, unless it comes after them all. */
function laterShares(kind: Kind, sharesMs: Situation['sharesMs']): number {
  if (sharesMs === undefined) return 0;
  const kinds = [...sharesMs.keys()];
  const later = kinds.slice(kinds.indexOf(kind) + 1);
  return later.reduce((sum, one) => sum + (sharesMs.get(one) ?? 0), 0);
}

/** The next run of the first kind, by the order of the plan, whose run leaves the later ones their shares; undefined: none has a share. */
function kindInShare(
  open: readonly { axis: Axis; choice: Choice }[],
  sharesMs: Situation['sharesMs'] = new Map(),
): Choice | undefined {
  const first = [...sharesMs.keys()].find((kind) => open.some(({ axis }) => axis.kind === kind));
  return open.find(({ axis }) => axis.kind === first)?.choice;
}

/** The hold that is still to come on an axis whose intensity is a rate, and what it takes; `choice`: null while nothing is known. Null: none is. */
function holdOf(
  axis: Axis,
  { results, history, holdSeconds, budgetLeftMs }: Situation,
): { choice: Choice | null; takesMs: number } | null {
  if (holdSeconds === undefined || !axis.chirp || endedOf(axis, results) !== null) return null;
  const takesMs = (holdSeconds + axis.latencySeconds) * 1_000 + AFTER_HOLD_MS;
  if (takesMs > budgetLeftMs) return null;
  const learner = learnerOf(axis, [...(history.get(axis.kind) ?? []), ...results]);
  const { status } = limitOf(learner);
  if (countOf(axis.kind, results) === 0 || status === 'unknown') return { choice: null, takesMs };
  if (status === 'below' || status === 'not_monotone' || status === 'not_applicable') return null;
  if (learner.spoiled > MOST_REPEATS) return null;
  const hold = holdFor(learner, holdSeconds);
  return hold === null ? null : { choice: choiceOf(axis, hold), takesMs };
}

/** A hold that passed ends the session: the reason, where the newest run was one. */
function heldJustNow(axes: readonly Axis[], { results, history }: Situation): string | null {
  const { scenario } = results.at(-1) ?? {};
  const axis = scenario?.plan.hold === true ? axes.find(({ kind }) => kind === scenario.kind) : undefined;
  if (axis === undefined) return null;
  const { safe, heldSeconds } = safeOf(learnerOf(axis, [...(history.get(axis.kind) ?? []), ...results]));
  if (safe === null || heldSeconds === undefined) return null;
  return `soaked at the safe rate: met the objectives at ${amount(safe, axis.unit)} for ${figure(heldSeconds)} s`;
}

/** What a run takes, s; 0 where the target ends it. */
function secondsOf(choice: Choice): number {
  return choice.action === 'probe' ? (choice.warmupMs + choice.durationMs) / 1_000 : 0;
}

/** Every kind has ended: each in its own way, or all because their limits are known. */
function endOf(choices: readonly Finish[]): Finish {
  const reasons = [...new Set(choices.map(({ reason }) => reason))];
  return {
    action: 'finish',
    reason: reasons.length === 0 ? 'no kind applies to this target' : reasons.join('; '),
    code: choices.length === 0 ? 'not_applicable' : choices.some(({ code }) => code === 'budget') ? 'budget' : 'goal',
  };
}

/** What one kind would do next. */
function nextFor(axis: Axis, { results, history, budgetLeftMs, precision }: Situation): Choice {
  const ended = endedOf(axis, results);
  if (ended !== null) return { action: 'finish', reason: ended, code: 'goal' };
  const before = history.get(axis.kind) ?? [];
  const begun = countOf(axis.kind, results) > 0;
  const learner = begun ? learnerOf(axis, [...before, ...results]) : resumed(axis, before);
  if (learner.spoiled > MOST_REPEATS) return spoiledTooOften(learner);
  if (axis.evidence === 'margin') return marginStep(axis, learner);
  return choiceOf(axis, next(learner, { secondsLeft: budgetLeftMs / 1_000, precision }));
}

function spoiledTooOften({ spoiled }: Learner): Choice {
  const reason = `${spoiled} runs could not be judged: measure again when nothing else uses this machine`;
  return { action: 'finish', reason, code: 'budget' };
}

function choiceOf(axis: Axis, step: Step): Choice {
  const { kind } = axis;
  if (step.action === 'done') return { action: 'finish', reason: step.reason, code: step.code };
  if (step.action === 'chirp') return { ...step, kind };
  return {
    action: 'probe',
    kind,
    intensity: step.intensity,
    warmupMs: Math.round(step.warmupSeconds * 1_000),
    durationMs: axis.fixedMs?.(step.intensity) ?? Math.max(Math.round(step.seconds * 1_000), axis.leastMs),
    predictedFailure: step.predictedFailure,
    reason: step.reason,
    ...(step.hold === true ? { hold: true } : {}),
  };
}

function marginStep(axis: Axis, learner: Learner): Choice {
  const step = nextMargin(learner);
  if ('done' in step) return { action: 'finish', reason: step.done, code: 'goal' };
  const durationMs = axis.fixedMs?.(step.intensity) ?? MARGIN_RUN_MS;
  return { action: 'probe', kind: axis.kind, ...step, warmupMs: 0, durationMs, predictedFailure: null };
}

/** Why a kind cannot go on: it turned out not to apply, its load cannot be reached, or its runs cannot be judged. */
function endedOf(axis: Axis, results: readonly LearnedResult[]): string | null {
  const own = results.filter(({ scenario }) => scenario.kind === axis.kind);
  const last = own.find(isNotApplicable) ?? own.find(isOutOfReach) ?? unjudged(axis, own);
  return last?.result.reason ?? null;
}

/** It never came to its load: nothing was measured, and nothing harder can be either. */
function isOutOfReach(one: LearnedResult): boolean {
  return isUndecided(one) && one.result.measurement === null;
}

/** The last of too many runs in a row that could not be judged; absent where there are not. Where runs cannot be shortened one is too many. */
function unjudged({ fixedMs }: Axis, own: readonly LearnedResult[]): LearnedResult | undefined {
  const row = own.slice(own.findLastIndex((one) => !isUndecided(one)) + 1);
  return row.length >= (fixedMs === null ? MOST_UNDECIDED : MOST_UNDECIDED_LONG) ? row.at(-1) : undefined;
}

function isUndecided({ result: { verdict, evidence, validity } }: LearnedResult): boolean {
  return verdict === 'undecided' && evidence === null && validity.status !== 'invalid';
}

function limit(axis: Axis, results: readonly LearnedResult[]): Limit {
  return { ...knownLimit(axis, results), own: ownLimit(axis, results) };
}

/** What the newest session found by itself, under a fresh prior; null: it has no run of this kind. */
function ownLimit(axis: Axis, results: readonly LearnedResult[]): OwnLimit | null {
  const tried = results.filter(({ scenario, result }) => scenario.kind === axis.kind && result.verdict !== 'aborted');
  const session = tried.at(-1)?.sessionId;
  const own = tried.filter(({ sessionId }) => sessionId === session);
  if (own.length === 0) return null;
  const isFirst = own.length === tried.length;
  const { status, estimate, low, high, band, bandEnds, safe } = knownLimit(isFirst ? axis : axisAlone(axis), own);
  const seconds = own.reduce((sum, { result }) => sum + result.executionSeconds, 0);
  const ends = bandEnds === undefined ? {} : { bandEnds };
  return { status, estimate, low, high, band, ...ends, safe, seconds, scenarios: own.length };
}

/** The axis once more: what was folded for an axis is remembered for it, and a session alone is folded beside all of them. */
function axisAlone(axis: Axis): Axis {
  const known = alone.get(axis) ?? { ...axis };
  alone.set(axis, known);
  return known;
}

const alone = new WeakMap<Axis, Axis>();

/** What is known about the limit from all these results. */
function knownLimit(axis: Axis, results: readonly LearnedResult[]): Limit {
  const own = results.filter(({ scenario }) => scenario.kind === axis.kind);
  const told = own.filter(({ result }) => result.verdict !== 'aborted' && result.validity.status !== 'invalid');
  const learner = learnerOf(axis, withoutUnjudged(results, own));
  const learned = {
    ...limitOf(learner, { evidence: axis.evidence, broken: brokenBy(own) }),
    scenarios: told.length,
    updatedAt: own.findLast(({ result }) => result.verdict !== 'aborted')?.at ?? null,
  };
  const none = { ...NOT_KNOWN, binding: null };
  // What stopped earlier sessions may have been fixed since.
  const newest = own.filter(({ sessionId }) => sessionId === own.at(-1)?.sessionId);
  const notApplicable = axis.notApplicable ?? newest.find(isNotApplicable)?.result.reason ?? null;
  if (notApplicable !== null)
    return { ...learned, ...none, status: 'not_applicable', method: 'belief', reason: notApplicable };
  const ended = newest.find(isOutOfReach);
  // What failed bounds the limit already.
  if (ended !== undefined && !hasFailed(learner) && (learned.high === null || learned.high >= ended.scenario.intensity))
    return beyondReach(axis, { learned, reason: ended.result.reason, results: newest });
  const { reason } = (ended ?? unjudged(axis, newest))?.result ?? {};
  if (reason === undefined) return learned;
  return learned.status === 'unknown' || learned.status === 'at_least'
    ? beyondReach(axis, { learned, reason, results: newest })
    : withReason(learned, reason);
}

/** A session of which no run could be judged takes nothing from what was known before it. */
function withoutUnjudged(results: readonly LearnedResult[], own: readonly LearnedResult[]): readonly LearnedResult[] {
  const newest = own.at(-1)?.sessionId;
  const isUnjudged = own.every(
    (one) => one.sessionId !== newest || isUndecided(one) || one.result.verdict === 'aborted',
  );
  return isUnjudged ? results.filter(({ sessionId }) => sessionId !== newest) : results;
}

/** How many requests of the failed runs broke each clause beyond what it allows, by expression. */
function brokenBy(results: readonly LearnedResult[]): ReadonlyMap<string, number> {
  const broken = new Map<string, number>();
  for (const { result } of results) {
    if (result.verdict !== 'failed' || result.evidence?.type !== 'counts') continue;
    for (const { expression, bad, planned, allowedShare } of result.evidence.clauses)
      if (bad > allowedShare * planned) broken.set(expression, (broken.get(expression) ?? 0) + bad);
  }
  return broken;
}

function withReason(learned: Limit, reason: string): Limit {
  return { ...learned, reason: learned.reason ?? reason };
}

/** What could not be tried bounds what is known: at least what held. */
function beyondReach(axis: Axis, from: { learned: Limit; reason: string; results: readonly LearnedResult[] }): Limit {
  const held = from.results
    .filter(({ result }) => result.verdict === 'passed')
    .map(({ scenario }) => scenario.intensity);
  const { learned, reason } = from;
  if (held.length === 0 && learned.status !== 'unknown') return withReason(learned, reason);
  if (held.length === 0) return { ...learned, ...NOT_KNOWN, status: 'unknown', reason };
  const low = Math.max(...held, learned.status === 'at_least' ? (learned.low ?? 0) : 0);
  return { ...learned, ...NOT_KNOWN, status: 'at_least', low, reason, unit: axis.unit };
}

function isNotApplicable({ result }: LearnedResult): boolean {
  return result.verdict === 'not_applicable';
}

/** How far the newest of these results moved the belief, bits; null where there was none before. */
function informationGained(axis: Axis, results: readonly LearnedResult[]): number | null {
  const after = learnerOf(axis, results).beliefs;
  const before = learnerBefore(axis, results).beliefs;
  return before === null || after === null ? null : bitsBetween(posteriorOf(before), posteriorOf(after));
}

/** The predicted chance that a run fails, from the results of one session; null while nothing is known. */
function chanceOfFailing(
  axis: Axis,
  results: readonly LearnedResult[],
  run: { intensity: number; seconds: number },
): number | null {
  if (axis.evidence === 'margin' || axis.notApplicable !== null) return null;
  return pFail(learnerOf(axis, results), run.intensity, run.seconds);
}

function countOf(kind: Kind, results: readonly LearnedResult[]): number {
  return results.filter(({ scenario }) => scenario.kind === kind).length;
}
