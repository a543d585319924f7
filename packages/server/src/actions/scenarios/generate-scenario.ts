import { randomInt } from 'node:crypto';
import { KINDS, type Kind, type RouteParsed, type ScenarioRow, type Target } from '@hive/contract';
import { generateScenario as generate } from '@hive/engine';
import { learnedHistory } from '../../history/learned-history.js';
import { demand } from '../../identity/principal.js';
import type { Store } from '../../store/store.js';
import { applicableKinds, reasonAgainst } from '../../targets/applicable-kinds.js';
import { chooseTarget } from '../../targets/find-target.js';
import { withRegions } from '../../targets/with-regions.js';
import type { Verb } from '../verb.js';

/**
 * Generates one scenario and keeps it, to be executed later. Without a kind, the seed draws one of those that apply.
 * Throws HiveError `no_target`, `not_found`, `validation` naming `kind`.
 */
export function generateScenario(store: Store): Verb<RouteParsed<'generateScenario'>['body'], ScenarioRow> {
  return async (actor, request) => {
    demand(actor, 'run');
    const target = withRegions(await chooseTarget(store, request.target), request.regions);
    const seed = request.seed ?? randomInt(2 ** 32);
    const scenario = generate({
      target,
      kind: drawKind(target, request.kind, seed),
      difficulty: request.difficulty,
      intensity: request.intensity,
      seed,
      history: await learnedHistory(store, target.id, { objectives: target.objectives }),
    });
    return store.createScenario(scenario, null);
  };
}

function drawKind(target: Target, asked: Kind | undefined, seed: number): Kind {
  const kinds = applicableKinds(target, asked === undefined ? KINDS : [asked], 'kind').filter(
    (kind) => reasonAgainst(target, kind) === null,
  );
  return kinds[seed % kinds.length] ?? KINDS[0];
}
