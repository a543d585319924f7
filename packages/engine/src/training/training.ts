import { BASE_KIND } from '@hive/contract';
import type { TrainingEvent } from '../execution/events.js';
import { execute } from '../execution/execute.js';
import { generate } from '../kinds/generate.js';
import { difficultyScale } from '../learning/limit/difficulty.js';
import type { Choice } from '../learning/search/policy.js';
import { createRandom } from '../random.js';
import { startBudget } from './budget.js';
import { toldOfHold } from './planning/asked-hold.js';
import { measureAtRest, tightObjectives } from './at-rest.js';
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
  const { target, clock } = options;
  const budget = startBudget(options);
  const { signal } = budget;
  const random = createRandom(options.seed);
  let ending: Ending = { code: 'budget', reason: 'the budget is used up' };
  try {
    const atRest = await measureAtRest({ ...options, signal });
    for (const text of tightObjectives(target, atRest)) yield { type: 'alert', severity: 'warning', text };
    const knowledge = openKnowledge(options, atRest);
    const beside = await openBeside({ ...options, signal });
    while (!signal.aborted) {
      const budgetLeftMs = budget.leftMs();
      yield* knowledge.planned(budgetLeftMs);
      const choice = knowledge.choose(budgetLeftMs);
      if (choice.action === 'finish') {
        ending = choice;
        break;
      }
      const axis = knowledge.axisOf(choice.kind);
      const limitBefore = knowledge.limitOf(axis);
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
        scale: difficultyScale(axis, limitBefore),
        safety: target.safety,
        graceMs: Math.max(500, Math.min(problem.plan.graceMs, roomFor(choice, budgetLeftMs))),
      });
      yield { type: 'scenario_chosen', scenario, reason: choice.reason };
      const at = new Date(clock.wall()).toISOString();
      const before = knowledge.shownBefore();
      const { result, gone } = yield* execute({ ...options, signal, scenario, reason: choice.reason, before, beside });
      yield { type: 'limit_updated', ...knowledge.learn({ scenario, result, at, before: limitBefore }) };
      if (signal.aborted) break;
      if (gone !== null) {
        ending = {
          code: 'target_unreachable',
          reason: `${target.id} stopped answering: ${gone.problem}; ${gone.hint}`,
        };
        break;
      }
      const { answeredPerSecond } = knowledge.shownBefore();
      const trouble = yield* settle({ ...options, signal, scenario, result, atRest, answeredPerSecond, beside });
      if (trouble === null) continue;
      ending = { code: 'did_not_recover', reason: trouble };
      break;
    }
    yield endedBy(ending, options, knowledge);
  } finally {
    await budget.close();
  }
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

/** How long answers may still come in after a run, so that it ends before the budget does. */
function roomFor(choice: Exclude<Choice, { action: 'finish' }>, budgetLeftMs: number): number {
  const plannedMs = choice.action === 'probe' ? choice.warmupMs + choice.durationMs : 0;
  return Math.min(budgetLeftMs / 4, budgetLeftMs - plannedMs - BEFORE_END_MS);
}
