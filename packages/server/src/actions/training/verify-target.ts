import { randomInt } from 'node:crypto';
import { BASE_KIND, newTrainingId, type RouteParsed } from '@hive/contract';
import { admit, checkContact, checkVerify, verify } from '@hive/engine';
import { demand } from '../../identity/principal.js';
import type { Generator } from '../../sessions/generator.js';
import { sendingFrom } from '../../sessions/sending-from.js';
import type { SessionRunner } from '../../sessions/session-runner.js';
import { withObjectives } from '../../targets/with-objectives.js';
import { withRegions } from '../../targets/with-regions.js';
import type { Store } from '../../store/store.js';
import { chooseTarget } from '../../targets/find-target.js';
import type { Verb } from '../verb.js';

/**
 * Begins a session that answers whether a target carries one rate, and answers at once. Throws HiveError `no_target`, `not_found`, `validation`
 * and `refused_by_safety` for a rate or a time beyond the target's caps, `busy`, `target_unreachable` with the cause.
 */
export function verifyTarget(parts: {
  store: Store;
  runner: SessionRunner;
  generator: Generator;
}): Verb<RouteParsed<'verify'>['body'], { sessionId: string }> {
  const { store, runner, generator } = parts;
  return async (actor, request) => {
    demand(actor, 'run');
    const { atPerSecond, forSeconds, production } = request;
    const chosen = await chooseTarget(store, request.target);
    const target = withRegions(withObjectives(chosen, request.objectives), request.regions);
    const { ceiling: _, fleet: __, ...sending } = await sendingFrom(generator, target, request.onLostBee);
    checkVerify({ target, atPerSecond, forSeconds });
    const sessionId = newTrainingId();
    const allowance = await admit({ ...sending, target, purpose: 'verify', production });
    // Whoever measures is not disturbed.
    if (!(await runner.status()).running)
      await checkContact({ ...sending, ...sending.outside, target, sessionId, allowance });
    const asked = { ...sending, target, sessionId, allowance, atPerSecond, forSeconds };
    const seed = request.seed ?? randomInt(2 ** 32);
    await runner.start({
      sessionId,
      targetId: target.id,
      kinds: [BASE_KIND],
      budgetSeconds: null,
      mode: 'verify',
      labels: { ...target.labels, ...request.labels },
      regions: target.regions,
      onLostBee: request.onLostBee,
      question: { at_per_second: atPerSecond, for_seconds: forSeconds },
      events: (signal, runAnyway) =>
        verify({ ...asked, seed, signal, runAnyway: request.runAnyway ? AbortSignal.abort() : runAnyway }),
      place: (scenario, id) => store.createScenario(scenario, id),
    });
    return { sessionId };
  };
}
