import { randomInt } from 'node:crypto';
import {
  defaultBudgetSeconds,
  DEFAULT_PRECISION,
  defaultSafety,
  HiveError,
  onLostBeeSchema,
  regionsSchema,
  restSeconds,
  whyNotResume,
  type OnLostBee,
  type Regions,
  type ResumeRefusal,
  type Target,
  type ScenarioRow,
  type SessionRow,
} from '@hive/contract';
import { admit, checkContact, checkHold, train, type Spent, type TrainOptions } from '@hive/engine';
import { z } from 'zod';
import { findSession } from '../../history/find-session.js';
import { learnedHistory } from '../../history/learned-history.js';
import { demand } from '../../identity/principal.js';
import type { Generator } from '../../sessions/generator.js';
import { sendingFrom } from '../../sessions/sending-from.js';
import { sayBudget } from '../../history/say-budget.js';
import type { SessionRunner } from '../../sessions/session-runner.js';
import type { Store } from '../../store/store.js';
import { findTarget } from '../../targets/find-target.js';
import { withRegions } from '../../targets/with-regions.js';
import type { Verb } from '../verb.js';
import { rounds } from './start-training.js';

const PAGE = 500;

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
    const stored = withRegions(await findTarget(store, row.target_id), regionsOf(row));
    // The session may have been asked for other objectives than those of its target.
    const objectives = runs.at(-1)?.parameters.objectives ?? stored.objectives;
    const target = { ...stored, objectives, safety: cappedAsAsked(stored, row) };
    const { kinds } = row;
    const budgetMs = 1_000 * (budgetSeconds ?? defaultBudgetSeconds());
    const holdMs = row.hold_seconds === null ? undefined : 1_000 * row.hold_seconds;
    checkHold({ holdMs, budgetMs, kinds, target }, { hold: 'holdSeconds', budget: 'budgetSeconds', kinds: 'kinds' });
    const { ceiling, fleet: _, ...sending } = await sendingFrom(generator, target, onLostBeeOf(row));
    const allowance = await admit({ ...sending, target, purpose: 'train', spent: spentIn(row) });
    if (!(await runner.status()).running)
      await checkContact({ ...sending, ...sending.outside, target, sessionId: id, allowance });
    const options: Omit<TrainOptions, 'signal'> = {
      ...sending,
      target,
      kinds,
      budgetMs,
      holdMs,
      precision: row.precision ?? DEFAULT_PRECISION,
      seed: randomInt(2 ** 32),
      sessionId: id,
      allowance,
      history: await learnedHistory(store, target.id, { objectives }),
      ceiling: ceiling(),
      sayBudget,
    };
    await runner.start({
      sessionId: id,
      targetId: target.id,
      kinds,
      budgetSeconds,
      precision: row.precision ?? undefined,
      holdSeconds: row.hold_seconds ?? undefined,
      maxRatePerSecond: row.max_rate_per_second ?? undefined,
      maxConnections: row.max_connections ?? undefined,
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

/** The caps that a session was given for itself, but not beyond what somebody has written for its target since. */
function cappedAsAsked({ safety, nodes }: Target, row: SessionRow): Target['safety'] {
  const usual = defaultSafety(nodes, safety.environment);
  const cap = (name: 'maxRatePerSecond' | 'maxConnections', asked: number | null): number => {
    if (asked === null) return safety[name];
    return safety[name] === usual[name] ? asked : Math.min(asked, safety[name]);
  };
  return {
    ...safety,
    maxRatePerSecond: cap('maxRatePerSecond', row.max_rate_per_second),
    maxConnections: cap('maxConnections', row.max_connections),
  };
}

const REFUSALS: Record<Exclude<ResumeRefusal, 'running'>, { message: string; hint: string }> = {
  single_run: { message: 'is a single run', hint: 'run it again with POST /api/scenarios/{id}/execute' },
  completed: { message: 'has ended by itself: nothing is left to do', hint: 'start another session' },
  used_up: { message: 'has used up its budget', hint: 'start another session' },
};

const spentSchema = z.object({ requests: z.int().nonnegative(), bad: z.int().nonnegative() });

/** Where its load came from. */
function regionsOf({ metrics }: SessionRow): Regions | 'here' {
  return regionsSchema.safeParse(metrics['regions']).data ?? 'here';
}

/** What it does when a load generator is lost. */
function onLostBeeOf({ metrics }: SessionRow): OnLostBee {
  return onLostBeeSchema.safeParse(metrics['on_lost_bee']).data ?? 'abort';
}

/** What it has sent so far, where its target caps that. */
function spentIn({ metrics }: SessionRow): Spent | undefined {
  return spentSchema.safeParse(metrics['spent']).data;
}

/** What is left of its budget, s; null: it has none. @throws HiveError `conflict`, `busy`. */
function restOf(row: SessionRow): number | null {
  const { id } = row;
  const refused = whyNotResume(row);
  if (refused === null) return restSeconds(row);
  if (refused === 'running') {
    throw new HiveError('busy', `session ${id} is running`, { details: { session_id: id } });
  }
  const { message, hint } = REFUSALS[refused];
  throw new HiveError('conflict', `session ${id} ${message}`, { hint });
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
