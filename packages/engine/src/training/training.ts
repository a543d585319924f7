import { BASE_KIND } from '@hive/contract';
import type { TrainingEvent } from '../execution/events.js';
import { execute } from '../execution/execute.js';
import { generate } from '../kinds/generate.js';
import { difficultyScale } from '../learning/limit/difficulty.js';
import type { Choice } from '../learning/search/policy.js';
import { createRandom } from '../random.js';
import { startBudget } from './budget.js';
import { toldOfHold } from './asked-hold.js';
import { openKnowledge, type Knowledge } from './knowledge.js';
import type { TrainOptions } from './options.js';
import { recover, wasSeenWell } from './recover.js';
import { intensityOfChoice, scenarioOf } from './scenario-of.js';

/** Before the end of the budget, what came in last is judged. */
const BEFORE_END_MS = 250;

/**
 * One training session, the main flow of Hive: choose → generate → execute → judge → learn, until the limits are known, the budget is spent
 * or the signal stops it. A scenario that is cut short teaches nothing. Always ends with `ended`.
 * @throws HiveError `refused_by_safety` or `target_unreachable` before anything is dialled.
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainingEvent> {
  const { target, clock } = options;
  const knowledge = openKnowledge(options);
  const budget = startBudget(options);
  const { signal } = budget;
  const random = createRandom(options.seed);
  let ending = 'the budget is used up';
  try {
    while (!signal.aborted) {
      const budgetLeftMs = budget.leftMs();
      const choice = knowledge.choose(budgetLeftMs);
      if (choice.action === 'finish') {
        ending = choice.reason;
        break;
      }
      const { reason } = choice;
      const axis = knowledge.axisOf(choice.kind);
      const before = knowledge.limitOf(axis);
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
        scale: difficultyScale(axis, before),
        safety: target.safety,
        graceMs: Math.max(500, Math.min(problem.plan.graceMs, roomFor(choice, budgetLeftMs))),
      });
      yield { type: 'scenario_chosen', scenario, reason };
      const at = new Date(clock.wall()).toISOString();
      const { result } = yield* execute({ ...options, signal, scenario, reason });
      yield { type: 'limit_updated', ...knowledge.learn({ scenario, result, at, before }) };
      if (signal.aborted) break;
      const wasWell = wasSeenWell(knowledge.resultsOf(axis));
      const trouble = yield* recover({ ...options, signal, scenario, result, wasWell });
      if (trouble === null) continue;
      ending = trouble;
      break;
    }
  } finally {
    await budget.close();
  }
  yield endedBy(ending, options, knowledge);
}

/** The last event: why the session ended, how a hold went, and what is known now. */
function endedBy(ending: string, { signal, holdMs = 0 }: TrainOptions, knowledge: Knowledge): TrainingEvent {
  const limits = knowledge.limits();
  const load = limits.find(({ kind }) => kind === BASE_KIND);
  const told = holdMs > 0 ? toldOfHold(holdMs / 1_000, knowledge.results, load) : null;
  const reason = told === null ? ending : `${ending}; ${told}`;
  const stopped = signal.aborted;
  return { type: 'ended', reason: stopped ? 'stopped' : reason, stopped, limits };
}

/** How long answers may still come in after a run, so that it ends before the budget does. */
function roomFor(choice: Exclude<Choice, { action: 'finish' }>, budgetLeftMs: number): number {
  const plannedMs = choice.action === 'probe' ? choice.warmupMs + choice.durationMs : 0;
  return Math.min(budgetLeftMs / 4, budgetLeftMs - plannedMs - BEFORE_END_MS);
}
