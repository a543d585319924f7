import { figure } from '../figure.js';
import { badOf } from './clauses.js';
import type { Stretch } from './facts.js';
import { clauseShare, countedObjectives, shareByMean, type Counted } from './shares.js';

/** How much of the newest time must look hopeless too, s. */
const NEWEST_SECONDS = 1;

/**
 * Says why a failure is certain, or null. Certain means: more bad requests already than the clause allows of all that are `planned`, and the
 * newest second still mostly bad (more than 40 %, or three times the allowed share; 90 % at most). Open model only: a closed one does not know its number.
 */
export function certainFailure(
  objectives: readonly string[],
  stretches: readonly Stretch[],
  planned: number,
): string | null {
  const newest = newestOf(stretches);
  const newestPlanned = newest.reduce((sum, stretch) => sum + stretch.counts.planned, 0);
  if (newestPlanned === 0) return null;
  for (const objective of countedObjectives(objectives)) {
    const share = clauseShare(objective);
    // How many of one class there will be is not known.
    if (share === null || objective.requestClass !== null) continue;
    const badIn = (some: readonly Stretch[]): number =>
      some.reduce((sum, stretch) => sum + badExactly(objective, stretch), 0);
    const bad = badIn(stretches);
    if (bad > share * planned && badIn(newest) / newestPlanned > Math.min(0.9, Math.max(0.4, 3 * share))) {
      const what = objective.type === 'average' ? 'response times' : `${figure(bad)} bad requests`;
      return `${what} so far already break ${objective.expression} for all ${figure(planned)} planned requests`;
    }
  }
  return null;
}

/** Of a mean not in whole requests: what is rounded up in each stretch adds up. */
function badExactly(objective: Counted, stretch: Stretch): number {
  if (objective.type !== 'average') return badOf(objective, stretch, { endedEarly: false });
  const { counts } = stretch;
  const meanMs = objective.of === 'firstByte' ? (stretch.firstByteMeanMs ?? stretch.meanMs) : stretch.meanMs;
  return meanMs === null ? 0 : counts.planned * shareByMean(meanMs, objective.latencyMs);
}

function newestOf(stretches: readonly Stretch[]): Stretch[] {
  const newest: Stretch[] = [];
  let seconds = 0;
  for (let index = stretches.length - 1; index >= 0 && seconds < NEWEST_SECONDS - 0.01; index--) {
    newest.push(stretches[index] as Stretch);
    seconds += (stretches[index] as Stretch).seconds;
  }
  return newest;
}
