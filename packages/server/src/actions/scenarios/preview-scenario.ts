import type { ScenarioPreview } from '@hive/contract';
import { askedBounds } from '@hive/engine';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import type { Verb } from '../verb.js';
import { scenarioFrom, type DescribedRun } from './create-scenario.js';

/** What a described run would be, and within which bounds it can be changed; nothing is kept. Throws as `createScenario`. */
export function previewScenario(store: Store): Verb<DescribedRun, ScenarioPreview> {
  return async (actor, described) => {
    demand(actor, 'run');
    const { scenario, target } = await scenarioFrom(store, described);
    const { id: _, targetId: _target, ...preview } = scenario;
    return { ...preview, bounds: askedBounds(scenario, target) };
  };
}
