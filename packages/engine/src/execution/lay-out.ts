import type { Target } from '@hive/contract';
import type { FaultFacts, Facts, MemoryCycle, Stretch } from '../judging/facts.js';
import { timeBeyondMs, type JudgedTotals } from '../metrics/collector.js';
import { quantilesOf, wholeOf, type Measured } from './measured.js';

/** Lays what was measured before a judge. */
export function toFacts(from: {
  objectives: readonly string[];
  latenciesMs: readonly number[];
  measured: Pick<Measured, 'stretches' | 'groups'>;
  totals: JudgedTotals;
  target: Target;
  /** Closed model: connection-time is judged too. */
  closed: boolean;
  faults?: FaultFacts | null;
  memory?: readonly MemoryCycle[] | null;
  endedEarly?: boolean;
}): Facts {
  const { objectives, latenciesMs, measured, totals, target, closed } = from;
  const { serviceTime, serviceTimeMs } = totals;
  return {
    objectives,
    latenciesMs,
    whole: withLateness(wholeOf(totals), measured.stretches()),
    stretches: measured.stretches(),
    quantilesMs: quantilesOf(objectives, totals.responseTime),
    errors: totals.errors,
    nodes: target.nodes,
    balance: target.balance,
    nodeHeader: target.nodeHeader,
    answersByNode: totals.nodes,
    groups: measured
      .groups(objectives)
      .map((group) => ({ ...group, whole: withLateness(group.whole, group.stretches) })),
    connectionTime:
      closed && serviceTime
        ? {
            beyondMs: latenciesMs.map((latencyMs) => timeBeyondMs(serviceTime, latencyMs)),
            totalMs: serviceTimeMs.mean * serviceTimeMs.count,
          }
        : null,
    budgets: target.budgets,
    faults: from.faults ?? null,
    memory: from.memory ?? null,
    endedEarly: from.endedEarly ?? false,
  };
}

/** On average over its stretches, by what was planned in each. */
function withLateness(whole: Stretch, stretches: readonly Stretch[]): Stretch {
  const planned = stretches.reduce((sum, { counts }) => sum + counts.planned, 0);
  if (planned === 0) return whole;
  const latenessMs = stretches.reduce((sum, one) => sum + (one.latenessMs ?? 0) * one.counts.planned, 0) / planned;
  return { ...whole, latenessMs };
}
