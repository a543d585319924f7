import type { Kind, Limit } from '@hive/contract';
import { learnerOf, resumed } from './fold.js';
import type { Learner } from './learner.js';
import { limitOf } from './limit-of.js';
import { nextMargin } from './margin.js';
import { next } from './next.js';
import type { Axis, Choice, LearnedResult, Policy, Situation } from './policy.js';
import { pFail } from './predict.js';

/** A kind is tried so often in a row before another has its turn. */
const BLOCK = 3;
/** A run whose kind does not say how long it takes. */
const MARGIN_MS = 60_000;

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

function nextFor(axis: Axis, { results, history, budgetLeftMs, precision }: Situation): Choice | null {
  const ended = endedOf(axis, results);
  if (ended !== null) return { action: 'finish', reason: ended };
  const before = history.get(axis.kind) ?? [];
  const begun = countOf(axis.kind, results) > 0;
  const learner = begun ? learnerOf(axis, [...before, ...results]) : resumed(axis, before);
  if (axis.evidence === 'margin') return marginStep(axis, learner);
  const step = next(learner, { secondsLeft: budgetLeftMs / 1_000, precision });
  if (step.action === 'done') return { action: 'finish', reason: step.reason };
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

function marginStep(axis: Axis, learner: Learner): Choice {
  const step = nextMargin(learner);
  if ('done' in step) return { action: 'finish', reason: step.done };
  const durationMs = axis.fixedMs?.(step.intensity) ?? MARGIN_MS;
  return { action: 'probe', kind: axis.kind, ...step, warmupMs: 0, durationMs, predictedFailure: null };
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

function limit(axis: Axis, results: readonly LearnedResult[]): Limit {
  const own = results.filter(({ scenario }) => scenario.kind === axis.kind);
  const told = own.filter(({ result }) => result.verdict !== 'aborted' && result.validity.status !== 'invalid');
  const learner = learnerOf(axis, results);
  const learned = {
    ...limitOf(learner, axis.evidence),
    scenarios: told.length,
    updatedAt: own.findLast(({ result }) => result.verdict !== 'aborted')?.at ?? null,
  };
  const none = { estimate: null, low: null, high: null, band: null, safe: null, binding: null };
  // What kept earlier sessions from going on may have been mended since.
  const newest = own.filter(({ sessionId }) => sessionId === own.at(-1)?.sessionId);
  const notApplicable = axis.notApplicable ?? newest.find(isNotApplicable)?.result.reason ?? null;
  if (notApplicable !== null)
    return { ...learned, ...none, status: 'not_applicable', method: 'belief', reason: notApplicable };
  const ended = newest.find(({ result }) => isOutOfReach(result));
  if (ended === undefined || (learned.high !== null && learned.high < ended.scenario.intensity)) return learned;
  return beyondReach(axis, { learned, reason: ended.result.reason, results: newest });
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
  return pFail(learnerOf(axis, results), run.intensity, run.seconds);
}

function countOf(kind: Kind, results: readonly LearnedResult[]): number {
  return results.filter(({ scenario }) => scenario.kind === kind).length;
}
