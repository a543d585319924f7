import { randomUUID } from 'node:crypto';
import { figure, KIND_UNITS, type Plan, type Scenario, type Target } from '@hive/contract';
import { UNCALIBRATED_BASE } from '../kinds/generate.js';
import { kindOfPlainRun } from '../kinds/registry.js';
import type { TrainingEvent } from './events.js';
import type { RunEvent } from './run.js';

/** A plain run as a scenario of the kind whose axis it pushes, so that it can be kept among the others. */
export function scenarioOfRun({ target, plan, seed }: { target: Target; plan: Plan; seed: number }): Scenario {
  const { arrivals, durationMs } = plan;
  const open = arrivals.model === 'open';
  const kind = kindOfPlainRun(arrivals.model);
  const intensity = open
    ? Math.max(...arrivals.stages.flatMap((stage) => [stage.fromPerSecond, stage.toPerSecond]))
    : arrivals.connections;
  return {
    id: `scn_${randomUUID()}`,
    targetId: target.id,
    kind,
    intensity,
    unit: KIND_UNITS[kind],
    difficulty: 'medium',
    calibrated: false,
    predictedFailure: null,
    seed,
    base: UNCALIBRATED_BASE,
    objectives: target.objectives,
    description: `A plain run: ${open ? 'up to ' : ''}${figure(intensity)} ${KIND_UNITS[kind]} for ${figure(durationMs / 1_000)} s`,
    expectedOutcomes: target.objectives,
    plan,
  };
}

/** The events of a run as those of a session with this one scenario. */
export async function* asSession(events: AsyncIterable<RunEvent>, scenario: Scenario): AsyncGenerator<TrainingEvent> {
  const plannedMs = scenario.plan.warmupMs + scenario.plan.durationMs;
  yield { type: 'scenario_started', scenario, reason: 'asked for on the command line', plannedMs };
  for await (const event of events) {
    if (event.type !== 'done') {
      yield event;
      continue;
    }
    const { result, responseTime, serviceTime } = event;
    yield { type: 'scenario_completed', scenario, result, responseTime, serviceTime };
    const stopped = result.verdict === 'aborted';
    yield { type: 'ended', reason: stopped ? 'stopped' : 'the run is over', stopped, limits: [] };
  }
}
