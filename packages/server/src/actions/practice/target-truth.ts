import { parseObjective, type PracticeTruth } from '@hive/contract';
import { demand } from '../../identity/principal.js';
import { askPractice, findPractice, type PracticeParts } from '../../targets/practice-target.js';
import type { Verb } from '../verb.js';

/**
 * What the practice target can really take under an objective, by default under those of its target.
 * Throws HiveError `not_found` for a target that this Hive did not start.
 */
export function targetTruth(parts: PracticeParts): Verb<{ id: string; objective?: string | undefined }, PracticeTruth> {
  return async (actor, { id, objective }) => {
    demand(actor, 'read');
    const target = await findPractice(parts, id);
    const objectives = objective === undefined ? target.objectives.filter(isOfLatency) : [objective];
    const query = new URLSearchParams(objectives.map((expression): [string, string] => ['objective', expression]));
    return askPractice<PracticeTruth>(parts.practice as string, `/practice/truth?${query.toString()}`, 'GET');
  };
}

/** What answers with errors has none: an objective on them costs nothing there. */
function isOfLatency(expression: string): boolean {
  const { type } = parseObjective(expression);
  return type === 'percentile' || type === 'average';
}
