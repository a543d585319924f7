import type {
  Counts,
  ErrorExample,
  ErrorKind,
  Latency,
  ObjectiveOutcome,
  Scenario,
  Validity,
  Verdict,
} from '@hive/contract';
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
  /** Whole answers by status code. */
  statusCodes: Record<string, number>;
  /** What went wrong, the most frequent first. */
  errorExamples: ErrorExample[];
  offeredPerSecond: number;
  throughputPerSecond: number;
  bytesIn: number;
  bytesOut: number;
  responseTimeMs: Omit<Latency, 'count'>;
  serviceTimeMs: Omit<Latency, 'count'>;
  /** From the intended start to the first byte of the answer's body. */
  firstByteMs: Omit<Latency, 'count'>;
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
  const { counts, byClass, byNode, byRegion } = measurement;
  return {
    version: 1,
    verdict,
    validity,
    reason,
    durationMs: measurement.durationMs,
    ...counts,
    dropped: counts.droppedTarget + counts.droppedGenerator,
    errors: measurement.errors,
    statusCodes: measurement.statusCodes ?? {},
    errorExamples: measurement.errorExamples ?? [],
    offeredPerSecond: measurement.offeredPerSecond,
    throughputPerSecond: measurement.throughputPerSecond,
    bytesIn: measurement.bytesIn,
    bytesOut: measurement.bytesOut,
    responseTimeMs: withoutCount(measurement.responseTimeMs),
    serviceTimeMs: withoutCount(measurement.serviceTimeMs),
    firstByteMs: withoutCount(measurement.firstByteMs ?? measurement.responseTimeMs),
    waitingMs: measurement.waitingMs,
    phasesMs: phases,
    peakConnections: measurement.peakConnections,
    maxConnections: plan.arrivals.model === 'open' ? plan.arrivals.maxConnections : plan.arrivals.connections,
    ...(byClass && { byClass }),
    ...(byNode && { byNode }),
    ...(byRegion && { byRegion }),
    objectives,
  };
}

function withoutCount({ count: _, ...latency }: Latency): Omit<Latency, 'count'> {
  return latency;
}
