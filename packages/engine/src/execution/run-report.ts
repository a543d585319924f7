import type { Counts, ErrorKind, Latency, ObjectiveOutcome, Scenario, Validity, Verdict } from '@hive/contract';
import type { NamedGroups } from '../metrics/collector.js';
import type { PhaseLatencies } from '../metrics/phases.js';
import type { Executed } from './execute.js';

/** What `hive run --json` prints. Latencies in ms; `durationMs` is the judged part. */
export interface RunReport extends Counts, NamedGroups {
  version: 1;
  verdict: Verdict;
  validity: Validity;
  reason: string;
  durationMs: number;
  /** droppedTarget + droppedGenerator. */
  dropped: number;
  errors: Partial<Record<ErrorKind, number>>;
  offeredPerSecond: number;
  throughputPerSecond: number;
  bytesIn: number;
  bytesOut: number;
  responseTimeMs: Omit<Latency, 'count'>;
  serviceTimeMs: Omit<Latency, 'count'>;
  /** Mean time that a request waited before it was sent. */
  waitingMs: number;
  /** Where the time of answered requests went, warm-up included. */
  phasesMs: PhaseLatencies;
  /** The most connections that were held at once, and that might have been. */
  peakConnections: number;
  maxConnections: number;
  objectives: ObjectiveOutcome[];
}

/** The report of a plain run. @throws Error for a run that measured nothing. */
export function runReport({ plan }: Scenario, { result, phases }: Executed): RunReport {
  const { verdict, validity, reason, objectives, measurement } = result;
  if (measurement === null || phases === null) throw new Error('a plain run always measures');
  const { counts, responseTimeMs, serviceTimeMs, nodes: _, successRate: __, ...figures } = measurement;
  return {
    version: 1,
    verdict,
    validity,
    reason,
    ...counts,
    dropped: counts.droppedTarget + counts.droppedGenerator,
    ...figures,
    responseTimeMs: withoutCount(responseTimeMs),
    serviceTimeMs: withoutCount(serviceTimeMs),
    phasesMs: phases,
    maxConnections: plan.arrivals.model === 'open' ? plan.arrivals.maxConnections : plan.arrivals.connections,
    objectives,
  };
}

function withoutCount({ count: _, ...latency }: Latency): Omit<Latency, 'count'> {
  return latency;
}
