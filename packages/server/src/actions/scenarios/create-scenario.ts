import { randomInt } from 'node:crypto';
import type { RouteParsed, Scenario, ScenarioRow, Target } from '@hive/contract';
import { generateScenario } from '@hive/engine';
import { learnedHistory } from '../../history/learned-history.js';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import { applicableKinds } from '../../targets/applicable-kinds.js';
import { chooseTarget } from '../../targets/find-target.js';
import { withRegions } from '../../targets/with-regions.js';
import type { Verb } from '../verb.js';

/** A run as somebody describes it. */
export type DescribedRun = RouteParsed<'createScenario'>['body'];

/**
 * Makes the scenario that somebody describes and keeps it, to be executed later.
 * Throws HiveError `no_target`, `not_found`, `validation` naming the field, `refused_by_safety`.
 */
export function createScenario(store: Store): Verb<DescribedRun, ScenarioRow> {
  return async (actor, described) => {
    demand(actor, 'run');
    const { scenario } = await scenarioFrom(store, described);
    return store.createScenario(scenario, null);
  };
}

/** The scenario that somebody describes, and its target. Throws as {@link createScenario}. */
export async function scenarioFrom(
  store: Store,
  { kind, intensity, durationSeconds, faults, ...asked }: DescribedRun,
): Promise<{ scenario: Scenario; target: Target }> {
  const target = withRegions(await chooseTarget(store, asked.target), asked.regions);
  applicableKinds(target, [kind], 'kind');
  const scenario = generateScenario({
    target,
    kind,
    intensity,
    seed: asked.seed ?? randomInt(2 ** 32),
    history: await learnedHistory(store, target.id, { objectives: target.objectives }),
    asked: { intensity, durationMs: durationSeconds === undefined ? undefined : durationSeconds * 1_000, faults },
  });
  return { scenario, target };
}
