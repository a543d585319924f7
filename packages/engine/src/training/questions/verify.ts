import {
  BASE_KIND,
  HiveError,
  type Answer,
  type EndCode,
  type Kind,
  type Scenario,
  type ScenarioResult,
} from '@hive/contract';
import type { TrainingEvent } from '../../execution/events.js';
import { execute } from '../../execution/execute.js';
import { openSafeguards, type Safeguards } from '../../execution/guarding/safeguards.js';
import type { Surroundings } from '../../execution/running.js';
import { amount, figure } from '../../figure.js';
import { generate, UNCALIBRATED_BASE } from '../../kinds/generate.js';
import type { Axis, LearnedResult } from '../../learning/axis.js';
import { difficultyScale } from '../../learning/limit/difficulty.js';
import { hasHeldFor, longRunSeconds } from '../../learning/limit/evidence.js';
import { learnerOf } from '../../learning/limit/fold.js';
import { warmupSeconds } from '../../learning/limit/learner.js';
import { medianOf } from '../../median.js';
import { createRandom } from '../../random.js';
import { measureAtRest } from '../at-rest.js';
import { axesOf, POLICY } from '../axes.js';
import { openBeside, settle } from '../quiet.js';
import { scenarioOf } from '../scenario-of.js';

/** What is asked: does the target carry this rate? */
export interface VerifyOptions extends Surroundings {
  /** requests/s; never more is sent. */
  atPerSecond: number;
  /** How long one run must hold, judged s. */
  forSeconds: number;
  seed: number;
  /** Aborted when nobody wants to wait for a quiet machine. */
  runAnyway?: AbortSignal;
}

/** A service that is said not to carry it broke this often. */
const BROKEN_RUNS = 2;
/** Runs at most: those that neither held in each part nor broke decide nothing. */
const MOST_RUNS = 4;
/** Of them that cannot be judged, one after another. */
const MOST_UNUSABLE = 3;

/**
 * Yes or no: runs at one load only, until one of them held for the whole time, each half minute of it too (`yes`), or two broke (`no`); else `undecided`.
 * Ends with `ended`, which has the answer.
 * @throws HiveError `validation` for a rate or a time beyond the target's caps, `target_unreachable` before anything is measured.
 */
export async function* verify(asked: VerifyOptions): AsyncGenerator<TrainingEvent> {
  const safeguards = openSafeguards(asked);
  try {
    yield* verifyWithin({ ...asked, signal: safeguards.signal, safeguards });
  } finally {
    await safeguards.close();
  }
}

async function* verifyWithin(options: VerifyOptions & { safeguards: Safeguards }): AsyncGenerator<TrainingEvent> {
  const { target, signal, clock, sessionId, safeguards } = options;
  const axis = checkVerify(options);
  const random = createRandom(options.seed);
  const atRest = await measureAtRest(options);
  const beside = await openBeside(options);
  const results: LearnedResult[] = [];
  let answered = 0;
  let answer: { answer: Answer; reason: string } | null = null;
  // A run that held has answered, whatever came after it.
  const endedBadly = (code: EndCode, reason: string): TrainingEvent => ({
    type: 'ended',
    code,
    reason,
    stopped: false,
    limits: [POLICY.limit(axis, results)],
    answer: answerOf(results, { axis, ...options })?.answer ?? 'no',
  });
  while (!signal.aborted) {
    answer = answerOf(results, { axis, ...options });
    if (answer !== null) break;
    const scenario = scenarioAt(options, { axis, seed: random.integer(0x1_0000_0000) });
    const reason = `${amount(options.atPerSecond, axis.unit)} for ${figure(secondsOf(options, axis))} s: does it hold?`;
    yield { type: 'scenario_chosen', scenario, reason };
    const at = new Date(clock.wall()).toISOString();
    const before = {
      restMs: medianOf(atRest.times),
      heaviest: atRest.heaviest ?? undefined,
      answeredPerSecond: answered,
    };
    const { result, gone } = yield* execute({ ...options, scenario, reason, before, beside });
    results.push({ sessionId, scenario, result, at });
    answered = Math.max(answered, result.measurement?.throughputPerSecond ?? 0);
    if (signal.aborted) break;
    if (gone !== null) {
      const why = `${target.id} stopped answering: ${gone.problem}; ${gone.hint}`;
      yield endedBadly('target_unreachable', why);
      return;
    }
    const trouble = yield* settle({ ...options, scenario, result, atRest, answeredPerSecond: answered, beside });
    if (trouble === null) continue;
    yield endedBadly('did_not_recover', trouble);
    return;
  }
  const limits = [POLICY.limit(axis, results)];
  const tripped = safeguards.tripped();
  if (tripped !== null)
    yield {
      type: 'ended',
      ...tripped,
      stopped: false,
      limits,
      answer: answerOf(results, { axis, ...options })?.answer ?? 'undecided',
    };
  else if (signal.aborted || answer === null)
    yield { type: 'ended', code: 'stopped', reason: 'stopped', stopped: true, limits, answer: 'undecided' };
  else yield { type: 'ended', code: 'goal', stopped: false, limits, ...answer };
}

/** What the runs so far say; null: another one is needed. */
function answerOf(
  results: readonly LearnedResult[],
  asked: { axis: Axis } & Pick<VerifyOptions, 'atPerSecond' | 'forSeconds'>,
): { answer: Answer; reason: string } | null {
  const { axis, atPerSecond } = asked;
  const load = amount(atPerSecond, axis.unit);
  const seconds = secondsOf(asked, axis);
  const usable = results.filter(({ result }) => isUsable(result));
  const { tried } = learnerOf(axis, usable);
  const held = tried.find((one) => hasHeldFor(one, seconds));
  if (held !== undefined) return { answer: 'yes', reason: `${load} held for ${figure(seconds)} s` };
  const broken = tried.filter(({ failed }) => failed).length;
  if (broken >= BROKEN_RUNS) return { answer: 'no', reason: `${load} broke the objectives in ${broken} runs` };
  const last = results.slice(-MOST_UNUSABLE);
  if (last.length === MOST_UNUSABLE && last.every(({ result }) => !isUsable(result)))
    return { answer: 'undecided', reason: `no run could be judged: ${last[0]!.result.reason}` };
  if (results.length < MOST_RUNS) return null;
  return {
    answer: 'undecided',
    reason: `${load} neither held for ${figure(seconds)} s nor broke twice in ${MOST_RUNS} runs`,
  };
}

function isUsable({ evidence, validity }: Pick<ScenarioResult, 'evidence' | 'validity'>): boolean {
  return evidence?.type === 'counts' && validity.status !== 'invalid';
}

/** Judged s: as asked, and enough requests for the rarest that may be bad. */
function secondsOf({ forSeconds, atPerSecond }: Pick<VerifyOptions, 'forSeconds' | 'atPerSecond'>, axis: Axis): number {
  const { clauses } = axis;
  return Math.max(forSeconds, longRunSeconds({ config: { clauses, longRunSeconds: forSeconds } }, atPerSecond));
}

function scenarioAt(options: VerifyOptions, { axis, seed }: { axis: Axis; seed: number }): Scenario {
  const { target, atPerSecond } = options;
  const kind: Kind = axis.kind;
  const problem = generate({ target, kind, intensity: atPerSecond, seed, base: UNCALIBRATED_BASE });
  const choice = {
    action: 'probe' as const,
    kind,
    intensity: atPerSecond,
    warmupMs: 1_000 * warmupSeconds(axis),
    durationMs: 1_000 * secondsOf(options, axis),
    predictedFailure: null,
    reason: '',
  };
  const scale = difficultyScale(axis, undefined);
  return scenarioOf({ choice, axis, problem, scale, safety: target.safety, graceMs: problem.plan.graceMs });
}

/** Whether a question can be asked of a target; its axis. @throws HiveError `validation`, `refused_by_safety`. */
export function checkVerify(options: Pick<VerifyOptions, 'target' | 'atPerSecond' | 'forSeconds'>): Axis {
  const axis = axesOf(options.target, [BASE_KIND])[0] as Axis;
  const { maxRatePerSecond, maxSeconds } = options.target.safety;
  const seconds = warmupSeconds(axis) + secondsOf(options, axis);
  if (axis.notApplicable !== null) throw new HiveError('validation', `objectives: ${axis.notApplicable}`);
  if (!(options.atPerSecond >= axis.floor))
    throw new HiveError('validation', `atPerSecond: must be at least ${axis.floor} requests/s`);
  if (options.atPerSecond > maxRatePerSecond)
    throw new HiveError(
      'refused_by_safety',
      `atPerSecond: more than the target's cap of ${maxRatePerSecond} requests/s`,
      {
        hint: 'ask for less, or raise safety.maxRatePerSecond in the description of the target',
      },
    );
  if (seconds > maxSeconds)
    throw new HiveError(
      'refused_by_safety',
      `forSeconds: a run of ${figure(seconds)} s is longer than the target allows`,
      {
        hint: `ask for less, or raise safety.maxSeconds (${maxSeconds}) in the description of the target`,
      },
    );
  return axis;
}
