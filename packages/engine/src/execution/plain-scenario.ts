import { randomUUID } from 'node:crypto';
import { figure, KIND_UNITS, type Plan, type Scenario, type Target } from '@hive/contract';
import { UNCALIBRATED_BASE } from '../kinds/generate.js';
import { kindOfPlainRun } from '../kinds/registry.js';

/** A load that somebody asks for as it stands, as a scenario of the kind whose axis it pushes. No caps are laid on it. */
export function plainScenario({ target, plan, seed }: { target: Target; plan: Plan; seed: number }): Scenario {
  const { arrivals, durationMs, mostRequests } = plan;
  const until =
    mostRequests === undefined ? `for ${figure(durationMs / 1_000)} s` : `until ${figure(mostRequests)} requests`;
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
    description: `Load test: ${open ? 'up to ' : ''}${figure(intensity)} ${KIND_UNITS[kind]} ${until}`,
    expectedOutcomes: target.objectives,
    plan,
  };
}
