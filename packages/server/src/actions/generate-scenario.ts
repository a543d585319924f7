import { randomInt } from 'node:crypto';
import { KINDS, type Kind, type RouteParsed, type ScenarioRow, type Target } from '@hive/contract';
import { generateScenario as generate } from '@hive/engine';
import { applicableKinds, reasonAgainst } from './applicable-kinds.js';
import { chooseTarget } from './choose-target.js';
import type { Context } from './context.js';
import { learnedHistory } from './learned-history.js';

/**
 * Generates one scenario and keeps it, to be executed later. Without a kind, the seed draws one of those that apply.
 * @throws HiveError `no_target`, `not_found`, `validation` naming `kind`.
 */
export async function generateScenario(
  { store, ...context }: Context,
  request: RouteParsed<'generateScenario'>['body'],
): Promise<ScenarioRow> {
  const target = await chooseTarget({ store, ...context }, request.target);
  const seed = request.seed ?? randomInt(2 ** 32);
  const scenario = generate({
    target,
    kind: drawKind(target, request.kind, seed),
    difficulty: request.difficulty,
    intensity: request.intensity,
    seed,
    history: await learnedHistory(store, target.id),
  });
  return store.createScenario(scenario, null);
}

function drawKind(target: Target, asked: Kind | undefined, seed: number): Kind {
  const kinds = applicableKinds(target, asked && [asked], 'kind').filter(
    (kind) => reasonAgainst(target, kind) === null,
  );
  return kinds[seed % kinds.length] ?? KINDS[0];
}
