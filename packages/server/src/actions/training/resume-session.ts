import { randomInt } from 'node:crypto';
import {
  defaultBudgetSeconds,
  HiveError,
  isExecution,
  secondsOf,
  type ScenarioRow,
  type SessionRow,
} from '@hive/contract';
import { checkContact, checkHold, train, type TrainOptions } from '@hive/engine';
import { findSession } from '../../history/find-session.js';
import { learnedHistory } from '../../history/learned-history.js';
import { demand } from '../../identity/principal.js';
import type { Generator } from '../../sessions/generator.js';
import type { SessionRunner } from '../../sessions/session-runner.js';
import type { Store } from '../../store/store.js';
import { findTarget } from '../../targets/find-target.js';
import type { Verb } from '../verb.js';
import { rounds } from './start-training.js';

const PAGE = 500;
/** Less is not worth a run. */
const LEAST_SECONDS = 5;
const PRECISION = 0.05;

/**
 * Goes on with a session that was interrupted, stopped or broken off: what it learned counts, and it has the rest of its budget.
 * Throws HiveError `not_found`, `conflict` for one with nothing left to do, `busy`, `target_unreachable`.
 */
export function resumeSession(parts: {
  store: Store;
  runner: SessionRunner;
  generator: Generator;
}): Verb<string, { sessionId: string }> {
  const { store, runner, generator } = parts;
  return async (actor, id) => {
    demand(actor, 'run');
    const row = await findSession(store, id);
    const budgetSeconds = restOf(row);
    const runs = await runsOf(store, id);
    const stored = await findTarget(store, row.target_id);
    // The session may have been asked for other objectives than those of its target.
    const objectives = runs.at(-1)?.parameters.objectives ?? stored.objectives;
    const target = { ...stored, objectives };
    const { kinds } = row;
    const budgetMs = 1_000 * (budgetSeconds ?? defaultBudgetSeconds());
    const holdMs = row.hold_seconds === null ? undefined : 1_000 * row.hold_seconds;
    checkHold({ holdMs, budgetMs, kinds, target }, { hold: 'holdSeconds', budget: 'budgetSeconds', kinds: 'kinds' });
    const { ceiling, ...sending } = generator;
    if (!(await runner.status()).running) await checkContact({ ...sending, ...sending.outside, target });
    const options: Omit<TrainOptions, 'signal'> = {
      ...sending,
      target,
      kinds,
      budgetMs,
      holdMs,
      precision: row.precision ?? PRECISION,
      seed: randomInt(2 ** 32),
      sessionId: id,
      history: await learnedHistory(store, target.id),
      ceiling: ceiling(),
    };
    await runner.start({
      sessionId: id,
      targetId: target.id,
      kinds,
      budgetSeconds,
      precision: row.precision ?? undefined,
      holdSeconds: row.hold_seconds ?? undefined,
      resumes: { row, runs },
      events: (signal, runAnyway) => {
        const own = { ...options, signal, runAnyway };
        return budgetSeconds === null ? rounds(own, store) : train(own);
      },
      place: (scenario, sessionId) => store.createScenario(scenario, sessionId),
    });
    return { sessionId: id };
  };
}

/** What is left of its budget, s; null: it has none. @throws HiveError `conflict`, `busy`. */
function restOf(row: SessionRow): number | null {
  const { id, status, budget_seconds: budget } = row;
  const refuse = (message: string, hint: string): HiveError =>
    new HiveError('conflict', `session ${id} ${message}`, { hint });
  if (status === 'running') {
    throw new HiveError('busy', `session ${id} is running`, { details: { session_id: id } });
  }
  if (isExecution(id)) throw refuse('is a single run', 'run it again with POST /api/scenarios/{id}/execute');
  if (status === 'completed') throw refuse('has ended by itself: nothing is left to do', 'start another session');
  if (budget === null) return null;
  const rest = budget - (secondsOf(row) ?? 0);
  if (rest < LEAST_SECONDS) throw refuse('has used up its budget', 'start another session');
  return rest;
}

/** Its runs that are over, oldest first. */
async function runsOf(store: Store, session: string): Promise<ScenarioRow[]> {
  const runs: ScenarioRow[] = [];
  let after: string | undefined;
  do {
    const page = await store.listScenarios({ session, limit: PAGE, after });
    runs.push(...page.rows);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return runs.filter(({ results }) => results !== null).toReversed();
}
