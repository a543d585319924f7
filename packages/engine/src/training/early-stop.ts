import { allowedShare, parseObjectives, type Scenario } from '@hive/contract';
import { figure } from '../figure.js';
import type { Stretch } from '../judging/facts.js';

/**
 * Says why a failure is certain, or null. Certain means: more bad requests already than the clause allows of all that are planned, and the
 * newest second still mostly bad (more than 40 %, or three times the allowed share). Open model only: a closed one does not know its number.
 */
export function certainFailure(
  scenario: Pick<Scenario, 'objectives' | 'plan'>,
  stretches: readonly Stretch[],
): string | null {
  const { arrivals, durationMs } = scenario.plan;
  const newest = stretches.at(-1);
  if (arrivals.model !== 'open' || !newest || newest.counts.planned === 0) return null;
  const rate = arrivals.stages.at(-1)?.toPerSecond ?? 0;
  const planned = (rate * durationMs) / 1_000;
  const latencies = parseObjectives(scenario.objectives).filter((one) => one.type === 'percentile');
  for (const [index, objective] of latencies.entries()) {
    const share = allowedShare(objective) as number;
    const bad = stretches.reduce((sum, stretch) => sum + (stretch.bad[index] ?? 0), 0);
    const newestShare = (newest.bad[index] ?? 0) / newest.counts.planned;
    if (bad > share * planned && newestShare > Math.max(0.4, 3 * share)) {
      return `${figure(bad)} bad requests are more than ${objective.expression} allows of ${figure(planned)} planned`;
    }
  }
  return null;
}
