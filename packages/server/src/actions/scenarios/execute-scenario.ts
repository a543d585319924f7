import { newExecutionId, type RouteParsed, type ScenarioRow } from '@hive/contract';
import { admit, runAlone, warnAboveCeiling } from '@hive/engine';
import { findScenario, unknownScenario } from '../../history/find-scenario.js';
import { demand } from '../../identity/principal.js';
import type { Generator } from '../../sessions/generator.js';
import { checkSendable, sendingFrom } from '../../sessions/sending-from.js';
import type { SessionRunner } from '../../sessions/session-runner.js';
import type { Store } from '../../store/store.js';
import { findTarget } from '../../targets/find-target.js';
import { withRegions } from '../../targets/with-regions.js';
import type { Verb } from '../verb.js';

/** Which run is to be executed, and where its load comes from. */
export type ExecutionAsked = { id: string } & RouteParsed<'executeScenario'>['body'];

export interface Execution {
  scenarioId: string;
  sessionId: string;
  /** The finished row. Rejects with a HiveError when the execution broke. */
  finished(): Promise<ScenarioRow>;
}

/**
 * Runs a stored scenario in a session of its own and answers at once; what it came to before is replaced.
 * Throws HiveError `not_found`, `busy`, `validation` naming `regions`.
 */
export function executeScenario(parts: {
  store: Store;
  runner: SessionRunner;
  generator: Generator;
}): Verb<ExecutionAsked, Execution> {
  const { store, runner, generator } = parts;
  return async (actor, { id: scenarioId, regions, onLostBee }) => {
    demand(actor, 'run');
    const scenario = await store.getScenarioPlan(scenarioId);
    if (scenario === null) throw unknownScenario(scenarioId);
    const target = withRegions(await findTarget(store, scenario.targetId), regions);
    checkSendable(scenario, target);
    const { ceiling, threads, fleet: _, ...sending } = await sendingFrom(generator, target, onLostBee);
    const warning = warnAboveCeiling({ arrivals: scenario.plan.arrivals, target, threads }, ceiling());
    const sessionId = newExecutionId();
    const allowance = await admit({ ...sending, target, purpose: 'run' });
    const { done } = await runner.start({
      sessionId,
      targetId: target.id,
      kinds: [scenario.kind],
      budgetSeconds: null,
      regions: target.regions,
      onLostBee,
      async *events(signal) {
        if (warning !== null) yield { type: 'alert', severity: 'warning', text: warning };
        yield* runAlone({ ...sending, scenario, target, signal, sessionId, allowance });
      },
      place: (placed, id) => store.restartScenario(placed.id, id),
    });
    return {
      scenarioId,
      sessionId,
      async finished() {
        const { error } = await done;
        if (error) throw error;
        return findScenario(store, scenarioId);
      },
    };
  };
}
