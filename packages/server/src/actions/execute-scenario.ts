import { HiveError, newExecutionId, type ScenarioRow } from '@hive/contract';
import { execute, warnAboveCeiling } from '@hive/engine';
import { findTarget } from './choose-target.js';
import type { Context } from './context.js';

export interface Execution {
  scenarioId: string;
  sessionId: string;
  /** The finished row. Rejects with a HiveError when the execution broke. */
  finished(): Promise<ScenarioRow>;
}

/**
 * Runs a stored scenario in a session of its own and answers at once; what it came to before is replaced.
 * @throws HiveError `not_found`, `busy`.
 */
export async function executeScenario(context: Context, scenarioId: string): Promise<Execution> {
  const { store, runner, load, threads, clock, allowTargets } = context;
  const scenario = await store.getScenarioPlan(scenarioId);
  if (scenario === null) throw unknownScenario(scenarioId);
  const target = await findTarget(context, scenario.targetId);
  const sessionId = newExecutionId();
  const { done } = await runner.start({
    sessionId,
    targetId: target.id,
    kinds: [scenario.kind],
    budgetSeconds: null,
    async *events(signal) {
      const warning = warnAboveCeiling({ arrivals: scenario.plan.arrivals, target, threads }, context.ceiling());
      if (warning !== null) yield { type: 'alert', severity: 'warning', text: warning };
      yield* execute({ scenario, target, load, clock, signal, allowTargets, sessionId, environment: context.secrets });
    },
    place: (placed, id) => store.restartScenario(placed.id, id),
  });
  return {
    scenarioId,
    sessionId,
    async finished() {
      const { error } = await done;
      if (error) throw error;
      const row = await store.getScenario(scenarioId);
      if (row === null) throw unknownScenario(scenarioId);
      return row;
    },
  };
}

/** The answer to an id that no scenario has. */
export function unknownScenario(id: string): HiveError {
  return new HiveError('not_found', `no scenario has the id '${id}'`, { hint: 'see GET /api/scenarios' });
}
