import { randomInt } from 'node:crypto';
import { DEFAULT_KINDS, defaultBudgetSeconds, isSafetyEnd, newTrainingId, type RouteParsed } from '@hive/contract';
import {
  admit,
  checkBudget,
  checkContact,
  checkHold,
  train,
  type TrainingEvent,
  type TrainOptions,
} from '@hive/engine';
import { learnedHistory } from '../../history/learned-history.js';
import { demand } from '../../identity/principal.js';
import type { Generator } from '../../sessions/generator.js';
import { sendingFrom } from '../../sessions/sending-from.js';
import { sayBudget } from '../../history/say-budget.js';
import type { SessionRunner } from '../../sessions/session-runner.js';
import { withObjectives } from '../../targets/with-objectives.js';
import { withRegions } from '../../targets/with-regions.js';
import type { Store } from '../../store/store.js';
import { applicableKinds } from '../../targets/applicable-kinds.js';
import { chooseTarget } from '../../targets/find-target.js';
import type { Verb } from '../verb.js';

const REST_BETWEEN_ROUNDS_MS = 1_000;

/**
 * Begins a training session and answers at once. A continuous one repeats rounds of the budget until it is stopped.
 * Throws HiveError `no_target`, `not_found`, `validation` naming `kinds`, `busy`, `target_unreachable` with the cause.
 */
export function startTraining(parts: {
  store: Store;
  runner: SessionRunner;
  generator: Generator;
}): Verb<RouteParsed<'startTraining'>['body'], { sessionId: string }> {
  const { store, runner, generator } = parts;
  return async (actor, request) => {
    demand(actor, 'run');
    const chosen = await chooseTarget(store, request.target);
    const target = withRegions(withObjectives(chosen, request.objectives), request.regions);
    const kinds = applicableKinds(target, request.kinds ?? DEFAULT_KINDS, 'kinds');
    const budgetSeconds = request.budgetSeconds ?? defaultBudgetSeconds(request.holdSeconds);
    const budgetMs = budgetSeconds * 1_000;
    const holdMs = request.holdSeconds === undefined ? undefined : request.holdSeconds * 1_000;
    checkHold({ holdMs, budgetMs, kinds, target }, { hold: 'holdSeconds', budget: 'budgetSeconds', kinds: 'kinds' });
    checkBudget({ budgetSeconds, kinds, target }, 'budgetSeconds');
    const { ceiling, fleet: _, ...sending } = await sendingFrom(generator, target, request.onLostBee);
    const sessionId = newTrainingId();
    const allowance = await admit({ ...sending, target, purpose: 'train' });
    // Whoever measures is not disturbed.
    if (!(await runner.status()).running)
      await checkContact({ ...sending, ...sending.outside, target, sessionId, allowance });
    const options: Omit<TrainOptions, 'signal'> = {
      ...sending,
      target,
      kinds,
      budgetMs,
      holdMs,
      precision: request.precision,
      seed: request.seed ?? randomInt(2 ** 32),
      sessionId,
      allowance,
      history: await learnedHistory(store, target.id, { objectives: target.objectives }),
      ceiling: ceiling(),
      sayBudget,
    };
    await runner.start({
      sessionId,
      targetId: target.id,
      kinds,
      budgetSeconds: request.continuous ? null : budgetSeconds,
      precision: request.precision,
      holdSeconds: request.holdSeconds,
      labels: { ...target.labels, ...request.labels },
      regions: target.regions,
      onLostBee: request.onLostBee,
      events: (signal, asked) => {
        const own = { ...options, signal, runAnyway: request.runAnyway ? AbortSignal.abort() : asked };
        return request.continuous ? rounds(own, store) : train(own);
      },
      place: (scenario, id) => store.createScenario(scenario, id),
    });
    return { sessionId };
  };
}

/** Round after round, each knowing what the ones before it left. Ends when stopped, or when a round found nothing to do. */
export async function* rounds(first: TrainOptions, store: Store): AsyncGenerator<TrainingEvent> {
  let options = first;
  for (;;) {
    let scenarios = 0;
    let ended: TrainingEvent | null = null;
    for await (const event of train(options)) {
      if (event.type === 'scenario_completed') scenarios += 1;
      if (event.type === 'ended') ended = event;
      else yield event;
    }
    const isHalted = ended?.type === 'ended' && isSafetyEnd(ended.code);
    const over = options.signal.aborted || isHalted || scenarios === 0;
    if (!over) await options.clock.sleep(REST_BETWEEN_ROUNDS_MS, options.signal);
    if (over || options.signal.aborted) {
      if (ended) yield ended;
      return;
    }
    // Where the database is away, the next round knows what this one knew.
    const history = await learnedHistory(store, options.target.id, options.target).catch(() => options.history);
    options = { ...options, history, seed: (options.seed + 1) % 2 ** 32 };
  }
}
