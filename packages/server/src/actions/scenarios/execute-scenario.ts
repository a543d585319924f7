import { newExecutionId, type ScenarioRow } from '@hive/contract';
import { execute, warnAboveCeiling } from '@hive/engine';
import { findScenario, unknownScenario } from '../../history/find-scenario.js';
import { demand } from '../../identity/principal.js';
import type { Generator } from '../../sessions/generator.js';
import type { SessionRunner } from '../../sessions/session-runner.js';
import type { Store } from '../../store/store.js';
import { findTarget } from '../../targets/find-target.js';
import type { Verb } from '../verb.js';

export interface Execution {
  scenarioId: string;
  sessionId: string;
  /** The finished row. Rejects with a HiveError when the execution broke. */
  finished(): Promise<ScenarioRow>;
}

/**
 * Runs a stored scenario in a session of its own and answers at once; what it came to before is replaced.
 * Throws HiveError `not_found`, `busy`.
 */
export function executeScenario(parts: {
  store: Store;
  runner: SessionRunner;
  generator: Generator;
}): Verb<string, Execution> {
  const { store, runner, generator } = parts;
  return async (actor, scenarioId) => {
    demand(actor, 'run');
    const scenario = await store.getScenarioPlan(scenarioId);
    if (scenario === null) throw unknownScenario(scenarioId);
    const target = await findTarget(store, scenario.targetId);
    const { ceiling, threads, ...sending } = generator;
    const warning = warnAboveCeiling({ arrivals: scenario.plan.arrivals, target, threads }, ceiling());
    const sessionId = newExecutionId();
    const { done } = await runner.start({
      sessionId,
      targetId: target.id,
      kinds: [scenario.kind],
      budgetSeconds: null,
      async *events(signal) {
        if (warning !== null) yield { type: 'alert', severity: 'warning', text: warning };
        yield* execute({ ...sending, scenario, target, signal, sessionId });
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
