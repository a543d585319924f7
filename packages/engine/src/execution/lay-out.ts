import type { Target } from '@hive/contract';
import type { FaultFacts, Facts, GroupFacts, MemoryCycle, Stretch } from '../judging/facts.js';
import { timeBeyondMs } from '../metrics/collector.js';
import { quantilesOf, wholeOf, type MeasuredFigures } from './measured.js';
import type { Standard } from './running.js';

/** Lays what was measured before a judge. */
export function toFacts(from: {
  standard: Standard;
  measured: Pick<MeasuredFigures, 'totals' | 'stretches' | 'groups' | 'classes'>;
  target: Target;
  /** Closed model: connection-time is judged too. */
  closed: boolean;
  faults: FaultFacts | null;
  memory: readonly MemoryCycle[] | null;
  endedEarly: boolean;
}): Facts {
  const { standard, measured, target, closed, faults, memory, endedEarly } = from;
  const { objectives, latenciesMs } = standard;
  const { totals, stretches } = measured;
  const { serviceTime, serviceTimeMs } = totals;
  return {
    objectives,
    latenciesMs,
    whole: withLateness(wholeOf(totals), stretches),
    stretches,
    quantilesMs: quantilesOf(objectives, totals),
    errors: totals.errors,
    nodes: target.nodes,
    balance: target.balance,
    nodeHeader: target.nodeHeader,
    answersByNode: totals.nodes,
    groups: measured.groups.map(late),
    classes: new Map(measured.classes.map((group) => [group.name, late(group)])),
    connectionTime:
      closed && serviceTime
        ? {
            beyondMs: latenciesMs.map((latencyMs) => timeBeyondMs(serviceTime, latencyMs)),
            totalMs: serviceTimeMs.mean * serviceTimeMs.count,
          }
        : null,
    budgets: target.budgets,
    faults,
    memory,
    endedEarly,
  };
}

const late = (group: GroupFacts): GroupFacts => ({ ...group, whole: withLateness(group.whole, group.stretches) });

/** On average over its stretches, by what was planned in each. */
function withLateness(whole: Stretch, stretches: readonly Stretch[]): Stretch {
  const planned = stretches.reduce((sum, { counts }) => sum + counts.planned, 0);
  if (planned === 0) return whole;
  const latenessMs = stretches.reduce((sum, one) => sum + (one.latenessMs ?? 0) * one.counts.planned, 0) / planned;
  return { ...whole, latenessMs };
}
