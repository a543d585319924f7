import { randomUUID } from 'node:crypto';
import {
  BASE_KIND,
  type Base,
  type Ceiling,
  type Difficulty,
  type Kind,
  type Limit,
  type Scenario,
  type Target,
} from '@hive/contract';
import { affordableKinds } from '../learning/search/affordable.js';
import { difficultyOf, difficultyScale, intensityOf } from '../learning/limit/difficulty.js';
import type { Axis, LearnedResult } from '../learning/axis.js';
import type { Choice } from '../learning/search/policy.js';
import { baseWithin } from '../kinds/caps.js';
import { clampIntensity, generate, UNCALIBRATED_BASE } from '../kinds/generate.js';
import { createRandom } from '../random.js';
import { axesOf, comparableResults, learnLimits, POLICY } from './axes.js';
import type { TrainingEvent } from '../execution/events.js';
import { execute } from '../execution/execute.js';
import type { Surroundings } from '../execution/running.js';
import { toldOfHold } from './hold.js';
import { recover, wasSeenWell } from './recover.js';
import { intensityOfChoice, scenarioOf } from './scenario-of.js';

export interface TrainOptions extends Surroundings {
  kinds: readonly Kind[];
  /** A hard wall-clock end. */
  budgetMs: number;
  /** Half width of the wanted interval, as a share: 0.05 is ±5 %. */
  precision: number;
  seed: number;
  /** So long a rate that is called safe must hold before the end, within the budget; absent: it need not. */
  holdMs?: number | undefined;
  /** What was stored of this target before, oldest first. */
  history: readonly LearnedResult[];
  /** What `hive doctor` measured of this machine; null: nothing. */
  ceiling?: Ceiling | null;
  /** Threads of the load. */
  threads?: number;
}

/** Before the end of the budget, what came in last is judged. */
const BEFORE_END_MS = 250;

/**
 * One training session, the main flow of Hive: choose → generate → execute → judge → learn, until the limits are known, the budget is spent
 * or the signal stops it. A scenario that is cut short teaches nothing. Always ends with `ended`.
 * @throws HiveError `refused_by_safety` or `target_unreachable` before anything is dialled.
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainingEvent> {
  const { target, clock, seed } = options;
  const known = new Map(learnLimits(target, options.history).map((limit) => [limit.kind, limit]));
  const base = baseWithin(baseFrom(known.get(BASE_KIND)), target.safety);
  const { ceiling = null, threads = 1, holdMs = 0 } = options;
  const asked = axesOf(target, options.kinds, { base, ceiling, threads });
  const affordable = affordableKinds(asked, options.budgetMs - holdMs);
  const axes = asked.filter(({ kind, notApplicable }) => notApplicable !== null || affordable.has(kind));
  const deadline = clock.now() + options.budgetMs;
  const budgetSignal = new AbortController();
  const timer = clock
    .sleep(options.budgetMs, AbortSignal.any([options.signal, budgetSignal.signal]))
    .then(() => budgetSignal.abort());
  const signal = AbortSignal.any([options.signal, budgetSignal.signal]);
  const random = createRandom(seed);
  const results: LearnedResult[] = [];
  const history = new Map(axes.map((axis) => [axis.kind, comparableResults(options.history, axis, { target, base })]));
  const resultsOf = ({ kind }: Axis): LearnedResult[] => [...(history.get(kind) ?? []), ...results];
  const limitOf = (axis: Axis): Limit => POLICY.limit(axis, resultsOf(axis));
  let ending = 'the budget is spent';

  try {
    while (!signal.aborted) {
      const budgetLeftMs = deadline - clock.now();
      const choice = POLICY.choose({
        axes,
        results,
        history,
        budgetLeftMs,
        precision: options.precision,
        ...(holdMs > 0 ? { holdSeconds: holdMs / 1_000 } : {}),
      });
      if (choice.action === 'finish') {
        ending = choice.reason;
        break;
      }
      const { kind, reason } = choice;
      const axis = axes.find((one) => one.kind === kind) as Axis;
      const intensity = intensityOfChoice(choice);
      const problem = generate({ target, kind, intensity, seed: random.integer(0x1_0000_0000), base });
      const before = limitOf(axis);
      const scenario = scenarioOf({
        choice,
        axis,
        problem,
        scale: difficultyScale(axis, before),
        safety: target.safety,
        graceMs: Math.max(500, Math.min(problem.plan.graceMs, roomFor(choice, budgetLeftMs))),
      });
      yield { type: 'scenario_chosen', scenario, reason };
      const at = new Date(clock.wall()).toISOString();
      const { result } = yield* execute({ ...options, signal, scenario, reason });
      results.push({ sessionId: options.sessionId, scenario, result, at });
      const { verdict } = result;
      const { id: scenario_id, predictedFailure } = scenario;
      const informationBits = POLICY.informationGained(axis, resultsOf(axis));
      const lesson = { scenario_id, verdict, predictedFailure, informationBits, before };
      yield { type: 'limit_updated', limit: limitOf(axis), lesson };
      if (signal.aborted) break;
      const trouble = yield* recover({
        ...options,
        signal,
        scenario,
        result,
        wasWell: wasSeenWell(resultsOf(axis)),
      });
      if (trouble !== null) {
        ending = trouble;
        break;
      }
    }
  } finally {
    budgetSignal.abort();
    await timer;
  }
  const stopped = options.signal.aborted;
  const limits = asked.map((axis) => (axes.includes(axis) ? limitOf(axis) : dropped(axis)));
  const load = limits.find(({ kind }) => kind === BASE_KIND);
  const told = holdMs > 0 ? toldOfHold(holdMs / 1_000, results, load) : null;
  const reason = told === null ? ending : `${ending}; ${told}`;
  yield { type: 'ended', reason: stopped ? 'stopped' : reason, stopped, limits };
}

/** How long answers may still come in after a run, so that it ends before the budget does. */
function roomFor(choice: Exclude<Choice, { action: 'finish' }>, budgetLeftMs: number): number {
  const plannedMs = choice.action === 'probe' ? choice.warmupMs + choice.durationMs : 0;
  return Math.min(budgetLeftMs / 4, budgetLeftMs - plannedMs - BEFORE_END_MS);
}

function dropped(axis: Axis): Limit {
  const reason = 'budget: too short for this kind beside the others; give more time, or name fewer kinds';
  return { ...POLICY.limit(axis, []), reason };
}

/**
 * One scenario outside a session: an intensity, or a difficulty resolved against what is known of the target.
 * @throws HiveError `validation` for a kind this version does not have.
 */
export function generateScenario(request: {
  target: Target;
  kind: Kind;
  difficulty?: Difficulty | undefined;
  intensity?: number | undefined;
  seed: number;
  history: readonly LearnedResult[];
}): Scenario {
  const { target, kind, seed } = request;
  const limits = learnLimits(target, request.history);
  const axis = axesOf(target, [kind])[0] as Axis;
  const scale = difficultyScale(
    axis,
    limits.find((limit) => limit.kind === kind),
  );
  const draw = createRandom(seed).next();
  const intensity = clampIntensity(
    target,
    kind,
    request.intensity ?? intensityOf(request.difficulty ?? 'medium', scale, draw),
  );
  const base = baseFrom(limits.find((limit) => limit.kind === BASE_KIND));
  const problem = generate({ target, kind, intensity, seed, base });
  const seconds = problem.plan.durationMs / 1_000;
  return {
    ...problem,
    id: `scn_${randomUUID()}`,
    difficulty: request.intensity === undefined ? (request.difficulty ?? 'medium') : difficultyOf(intensity, scale),
    calibrated: scale.calibrated,
    predictedFailure: POLICY.chanceOfFailing(axis, comparableResults(request.history, axis, { target, base }), {
      intensity: problem.intensity,
      seconds,
    }),
  };
}

/** Half of what is known to be below the target's limit; at most a quarter of the least that failed where nothing held. */
function baseFrom(limit: Limit | undefined): Base {
  if (limit?.low != null) return { ...UNCALIBRATED_BASE, ratePerSecond: limit.low / 2 };
  if (limit?.status !== 'below' || limit.high === null) return UNCALIBRATED_BASE;
  return { ...UNCALIBRATED_BASE, ratePerSecond: Math.min(UNCALIBRATED_BASE.ratePerSecond, limit.high / 4) };
}
