import { parseObjectives, type Target } from '@hive/contract';
import type { Facts, Stretch } from '../judging/facts.js';
import { quantileMs, timeBeyondMs, type JudgedTotals } from '../metrics/collector.js';

/** Lays what the collector measured before a judge. */
export function toFacts(from: {
  objectives: readonly string[];
  latenciesMs: readonly number[];
  totals: JudgedTotals;
  stretches: readonly Stretch[];
  target: Target;
  /** Closed model: connection-time is judged too. */
  closed: boolean;
}): Facts {
  const { objectives, latenciesMs, totals, stretches, target, closed } = from;
  const { responseTime, serviceTime, responseTimeMs, serviceTimeMs } = totals;
  const quantiles = parseObjectives(objectives).flatMap((one) =>
    one.type === 'percentile' && responseTime
      ? [[one.expression, quantileMs(responseTime, one.quantile)] as const]
      : [],
  );
  return {
    objectives,
    latenciesMs,
    whole: {
      seconds: totals.seconds,
      counts: totals.counts,
      bad: totals.bad,
      badByLateness: totals.badByLateness,
      meanMs: responseTimeMs.count > 0 ? responseTimeMs.mean : null,
    },
    stretches,
    quantilesMs: new Map(quantiles),
    errors: totals.errors,
    nodes: target.nodes,
    answersByNode: totals.nodes,
    connectionTime:
      closed && serviceTime
        ? {
            beyondMs: latenciesMs.map((latencyMs) => timeBeyondMs(serviceTime, latencyMs)),
            totalMs: serviceTimeMs.mean * serviceTimeMs.count,
          }
        : null,
  };
}
