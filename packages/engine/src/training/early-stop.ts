import { allowedShare, parseObjectives } from '@hive/contract';
import { figure } from '../figure.js';
import type { Stretch } from '../judging/facts.js';

/** How much of the newest time must look hopeless too, s. */
const NEWEST_SECONDS = 1;

/**
 * Says why a failure is certain, or null. Certain means: more bad requests already than the clause allows of all that are `planned`, and the
 * newest second still mostly bad (more than 40 %, or three times the allowed share). Open model only: a closed one does not know its number.
 */
export function certainFailure(
  objectives: readonly string[],
  stretches: readonly Stretch[],
  planned: number,
): string | null {
  const newest = newestOf(stretches);
  const newestPlanned = newest.reduce((sum, stretch) => sum + stretch.counts.planned, 0);
  if (newestPlanned === 0) return null;
  const latencies = parseObjectives(objectives).filter((one) => one.type === 'percentile');
  for (const [index, objective] of latencies.entries()) {
    const share = allowedShare(objective) as number;
    const badOf = (some: readonly Stretch[]): number =>
      some.reduce((sum, stretch) => sum + (stretch.bad[index] ?? 0), 0);
    const bad = badOf(stretches);
    if (bad > share * planned && badOf(newest) / newestPlanned > Math.max(0.4, 3 * share)) {
      return `${figure(bad)} bad requests are more than ${objective.expression} allows of ${figure(planned)} planned`;
    }
  }
  return null;
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
