import { BASE_KIND, toHiveError, type Scenario, type Target } from '@hive/contract';
import type { Cause } from '../checking/causes.js';
import type { Beside } from '../execution/beside.js';
import type { TrainingEvent } from '../execution/events.js';
import { execute } from '../execution/execute.js';
import { generate } from '../kinds/generate.js';
import { difficultyScale } from '../learning/limit/difficulty.js';
import type { Choice } from '../learning/search/policy.js';
import { createRandom } from '../random.js';
import { checkEnvironment } from '../execution/guarding/admit.js';
import { startBudget, type Budget } from './budget.js';
import { toldOfHold } from './planning/asked-hold.js';
import { measureAtRest, tightObjectives, type AtRest } from './at-rest.js';
import { openKnowledge, type Knowledge } from './knowledge.js';
import type { TrainOptions } from './options.js';
import { openBeside, settle } from './quiet.js';
import { intensityOfChoice, scenarioOf } from './scenario-of.js';

type Ending = Pick<Extract<TrainingEvent, { type: 'ended' }>, 'code' | 'reason'>;

/** Before the end of the budget, what came in last is judged. */
const BEFORE_END_MS = 250;

/**
 * One training session, the main flow of Hive: choose → generate → execute → judge → learn, until the limits are known, the budget is spent
 * or the signal stops it. A scenario that is cut short teaches nothing. Always ends with `ended`.
 * @throws HiveError `refused_by_safety` before anything is dialled, `target_unreachable` before anything is measured.
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainingEvent> {
  const { target } = options;
  checkEnvironment({ target, purpose: 'train' });
  const budget = startBudget(options);
  const { signal, safeguards } = budget;
  const around = { ...options, signal, safeguards };
  try {
    const atRest = await measureAtRest(around);
    for (const text of tightObjectives(target, atRest)) yield { type: 'alert', severity: 'warning', text };
    const knowledge = openKnowledge(options, atRest);
    const beside = await openBeside(around);
    const ending = yield* search(around, { budget, knowledge, atRest, beside });
    yield endedBy(safeguards.tripped() ?? ending, options, knowledge);
  } finally {
    await budget.close();
  }
}

/** What a session has at hand. */
interface AtHand {
  budget: Budget;
  knowledge: Knowledge;
  atRest: AtRest;
  beside: Beside;
}

/** Chooses, executes and learns until there is nothing more to be done; returns why. */
async function* search(around: TrainOptions, at: AtHand): AsyncGenerator<TrainingEvent, Ending> {
  const { target, signal } = around;
  const { budget, knowledge } = at;
  const random = createRandom(around.seed);
  try {
    while (!signal.aborted) {
      const budgetLeftMs = budget.leftMs();
      yield* knowledge.planned(budgetLeftMs);
      const choice = knowledge.choose(budgetLeftMs);
      if (choice.action === 'finish') return choice;
      const axis = knowledge.axisOf(choice.kind);
      const problem = generate({
        target,
        kind: axis.kind,
        intensity: intensityOfChoice(choice),
        seed: random.integer(0x1_0000_0000),
        base: knowledge.base,
      });
      const scenario = scenarioOf({
        choice,
        axis,
        problem,
        scale: difficultyScale(axis, knowledge.limitOf(axis)),
        safety: target.safety,
        graceMs: Math.max(500, Math.min(problem.plan.graceMs, roomFor(choice, budgetLeftMs))),
      });
      yield { type: 'scenario_chosen', scenario, reason: choice.reason };
      const ending = yield* runAndLearn(around, { ...at, scenario, reason: choice.reason });
      if (ending !== null) return ending;
    }
  } catch (error) {
    // What was learned so far stands, where the target or its login is no longer there.
    const { code, message, hint } = toHiveError(error);
    if (code !== 'target_unreachable') throw error;
    return { code, reason: hint === undefined ? message : `${message}; ${hint}` };
  }
  return { code: 'budget', reason: 'the budget is used up' };
}

/** Executes one scenario and takes in what came of it. Returns why the session must end, or null. */
async function* runAndLearn(
  around: TrainOptions,
  { scenario, reason, knowledge, atRest, beside }: AtHand & { scenario: Scenario; reason: string },
): AsyncGenerator<TrainingEvent, Ending | null> {
  const { target, clock, signal } = around;
  const limitBefore = knowledge.limitOf(knowledge.axisOf(scenario.kind));
  const at = new Date(clock.wall()).toISOString();
  const before = knowledge.shownBefore();
  const { result, gone } = yield* execute({ ...around, scenario, reason, before, beside });
  yield { type: 'limit_updated', ...knowledge.learn({ scenario, result, at, before: limitBefore }) };
  if (signal.aborted) return null;
  if (gone !== null) return unreachable(target, gone);
  const { answeredPerSecond } = knowledge.shownBefore();
  const trouble = yield* settle({ ...around, scenario, result, atRest, answeredPerSecond, beside });
  return trouble === null ? null : { code: 'did_not_recover', reason: trouble };
}

/** The last event: why the session ended, how a hold went, and what is known now. */
function endedBy(ending: Ending, { signal, holdMs = 0 }: TrainOptions, knowledge: Knowledge): TrainingEvent {
  const limits = knowledge.limits(ending.code === 'budget' && !signal.aborted);
  const load = limits.find(({ kind }) => kind === BASE_KIND);
  const told = holdMs > 0 ? toldOfHold(holdMs / 1_000, knowledge.results, load) : null;
  const reason = told === null ? ending.reason : `${ending.reason}; ${told}`;
  const stopped = signal.aborted;
  const { code } = ending;
  return { type: 'ended', code: stopped ? 'stopped' : code, reason: stopped ? 'stopped' : reason, stopped, limits };
}

function unreachable({ id }: Target, { problem, hint, isError }: Cause): Ending {
  if (isError === true)
    return {
      code: 'target_unreachable',
      reason: `${id} can no longer be measured: it ${problem} to every request; ${hint}`,
    };
  return { code: 'target_unreachable', reason: `${id} stopped answering: ${problem}; ${hint}` };
}

/** How long answers may still come in after a run, so that it ends before the budget does. */
function roomFor(choice: Exclude<Choice, { action: 'finish' }>, budgetLeftMs: number): number {
  const plannedMs = choice.action === 'probe' ? choice.warmupMs + choice.durationMs : 0;
  return Math.min(budgetLeftMs / 4, budgetLeftMs - plannedMs - BEFORE_END_MS);
}
