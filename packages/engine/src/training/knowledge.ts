import type { Base, Kind, Lesson, Limit, Scenario, ScenarioResult, SessionPlan } from '@hive/contract';
import { baseWithin } from '../kinds/caps.js';
import type { Axis, LearnedResult } from '../learning/axis.js';
import type { TrainingEvent } from '../execution/events.js';
import { medianOf } from '../median.js';
import type { Choice, Situation } from '../learning/search/policy.js';
import { axesOf, comparableResults, learnLimits, limitsByRegion, POLICY } from './axes.js';
import { meanOf, type AtRest } from './at-rest.js';
import { baseFrom } from './generate-scenario.js';
import type { ShownBefore } from '../execution/rest/still-there.js';
import type { TrainOptions } from './options.js';
import { remedyFor, toldOfFewRequests, type UnderWay } from './planning/few-requests.js';
import { openPlanning } from './planning/session-planning.js';

/** What a session knows of its target, from what was stored before and from its own results. */
export interface Knowledge {
  /** The modest load that some kinds run beside their axis. */
  base: Base;
  /** This session's results, oldest first. */
  results: readonly LearnedResult[];
  axisOf(kind: Kind): Axis;
  choose(budgetLeftMs: number): Choice;
  /** The plan, where it is new: as the session begins, and made anew after the first run of a kind and after its last. */
  planned(budgetLeftMs: number): Generator<TrainingEvent>;
  /** Everything that is comparable of an axis: of earlier sessions, and all of this one. */
  resultsOf(axis: Axis): LearnedResult[];
  limitOf(axis: Axis): Limit;
  /** What the target has shown so far. */
  shownBefore(): ShownBefore;
  /** Takes in what came of a scenario, whose limit was `before`. */
  learn(from: { scenario: Scenario; result: ScenarioResult; at: string; before: Limit }): {
    limit: Limit;
    lesson: Lesson;
  };
  /** One limit for each kind that was asked for, those too for which the budget was too short; `isOutOfTime`: it is used up. */
  limits(isOutOfTime: boolean): Limit[];
}

/** What is known as a session begins. */
export function openKnowledge(options: TrainOptions, atRest: AtRest): Knowledge {
  const { target, kinds, budgetMs, holdMs = 0, ceiling = null, threads = 1, precision } = options;
  const base = baseWithin(baseFrom(learnLimits(target, options.history)), target.safety);
  const restMs = atRest.times.length === 0 ? null : meanOf(atRest.times);
  const asked = axesOf(target, kinds, { base, ceiling, threads, restMs });
  const planning = openPlanning({
    ...options,
    budgetSeconds: budgetMs / 1_000,
    holdSeconds: holdMs / 1_000,
    atMs: options.clock.wall(),
  });
  const axes = (): Axis[] => asked.filter((one) => one.notApplicable !== null || planning.planned.has(one.kind));
  const history = new Map(asked.map((axis) => [axis.kind, comparableResults(options.history, axis, { target, base })]));
  const results: LearnedResult[] = [];
  const axisOf = (kind: Kind): Axis => asked.find((one) => one.kind === kind) as Axis;
  const resultsOf = ({ kind }: Axis): LearnedResult[] => [...(history.get(kind) ?? []), ...results];
  const limitOf = (axis: Axis): Limit => POLICY.limit(axis, resultsOf(axis));
  const situation = (budgetLeftMs: number): Situation => ({
    axes: axes(),
    results,
    history,
    budgetLeftMs,
    precision,
    ...(planning.planned.size > 1 ? { sharesMs: planning.sharesMs() } : {}),
    ...(holdMs > 0 ? { holdSeconds: holdMs / 1_000 } : {}),
  });
  const underWay = (axis: Axis): UnderWay => ({
    axis,
    objectives: target.objectives,
    ratePerSecond: planning.priceOf(axis.kind)?.ratePerSecond ?? null,
    usualSeconds: planning.usualSeconds() + holdMs / 1_000,
    budgetSeconds: budgetMs / 1_000,
  });
  return {
    base,
    results,
    axisOf,
    resultsOf,
    limitOf,
    choose: (budgetLeftMs) => POLICY.choose(situation(budgetLeftMs)),
    *planned(budgetLeftMs) {
      const newest = results.at(-1)?.scenario.kind;
      if (newest !== undefined) {
        const isFirst = results.filter(({ scenario }) => scenario.kind === newest).length === 1;
        const isLast = asked.length > 1 && POLICY.isDone(axisOf(newest), situation(budgetLeftMs));
        if (!isFirst && !isLast) return;
        const leftSeconds = (budgetLeftMs - holdMs) / 1_000;
        planning.again({ results, newlyDone: isLast ? [newest] : [], leftSeconds });
        const text = isFirst ? toldOfFewRequests(underWay(axisOf(newest))) : null;
        if (text !== null) yield { type: 'alert', severity: 'warning', text };
      }
      yield { type: 'planned', plan: planning.plan() };
    },
    shownBefore: () => ({
      restMs: medianOf(atRest.times),
      heaviest: atRest.heaviest ?? undefined,
      answeredPerSecond: Math.max(0, ...options.history.map(answered), ...results.map(answered)),
    }),
    learn({ scenario, result, at, before }) {
      results.push({ sessionId: options.sessionId, scenario, result, at });
      const axis = axisOf(scenario.kind);
      const informationBits = POLICY.informationGained(axis, resultsOf(axis));
      const { id: scenario_id, predictedFailure } = scenario;
      const lesson = { scenario_id, verdict: result.verdict, predictedFailure, informationBits, before };
      return { limit: limitOf(axis), lesson };
    },
    limits: (isOutOfTime) =>
      asked.map((axis) => {
        if (!axes().includes(axis)) return leftOut(axis, planning.plan());
        const limit = { ...limitOf(axis), ...limitsByRegion(axis, resultsOf(axis)) };
        return isOutOfTime && lacksTime(axis, limit) && isJudged(axis, results)
          ? withRemedy(limit, underWay(axis))
          : limit;
      }),
  };
}

/** The most that a run was answered in a second. */
function answered({ result: { measurement, evidence } }: LearnedResult): number {
  const blocks = evidence?.type === 'chirp' ? evidence.blocks : [];
  const looks = blocks.map(({ good = 0, seconds }) => (seconds > 0 ? good / seconds : 0));
  return Math.max(measurement?.throughputPerSecond ?? 0, ...looks);
}

/** Whether a kind that needs a minute at the low end had too little time for what its limit lacks. */
function lacksTime({ longRunSeconds }: Axis, { status }: Limit): boolean {
  return longRunSeconds !== null && (status === 'rough' || status === 'unknown');
}

/** Time is no remedy where every run was spoiled. */
function isJudged({ kind }: Axis, results: readonly LearnedResult[]): boolean {
  const own = results.filter(({ scenario }) => scenario.kind === kind);
  return own.length === 0 || own.some(({ result }) => result.validity.status !== 'invalid');
}

function withRemedy(limit: Limit, of: UnderWay): Limit {
  const { reason = 'the budget was too short' } = limit;
  return { ...limit, reason: `${reason} (more time would help: ${remedyFor(of)})` };
}

function leftOut(axis: Axis, { leftOut: kinds }: SessionPlan): Limit {
  const reason = kinds.find(({ kind }) => kind === axis.kind)?.reason;
  return { ...POLICY.limit(axis, []), ...(reason === undefined ? {} : { reason }) };
}
