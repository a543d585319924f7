import {
  type Counts,
  type ErrorKind,
  type Latency,
  type ObjectiveOutcome,
  type Plan,
  type ScenarioResult,
  type Target,
  type Validity,
  type Verdict,
} from '@hive/contract';
import type { Clock } from '../clock.js';
import { judgeClauses } from '../judging/clauses.js';
import { latenciesOf } from '../judging/shares.js';
import type { Environment } from '../safety/secrets.js';
import type { Load } from '../measuring.js';
import type { NamedGroups } from '../metrics/collector.js';
import type { PhaseLatencies } from '../metrics/phases.js';
import { groupNamesOf } from './apart.js';
import { toMeasurement } from './conclude.js';
import type { TrainingEvent } from './events.js';
import { toFacts } from './lay-out.js';
import { heedLateness } from './lateness.js';
import { createMeasured } from './measured.js';
import { toOrder } from './order.js';

export interface RunOptions {
  target: Target;
  plan: Plan;
  load: Load;
  clock: Clock;
  /** Ends the run early: the report is partial and its verdict `aborted`. */
  signal: AbortSignal;
  allowTargets: readonly string[];
  seed: number;
  /** Where `${NAME}` in the target's headers and bodies gets its value. */
  environment?: Environment;
  /** Whose windows these are. */
  ids: { scenarioId: string; sessionId: string };
}

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

export type RunEvent =
  | Extract<TrainingEvent, { type: 'window' | 'row' }>
  | {
      type: 'done';
      report: RunReport;
      /** The same as it is kept: nothing is learned from a single run, so it has no evidence. */
      result: ScenarioResult;
      /** Encoded histograms of the judged part. */
      responseTime: Uint8Array | null;
      serviceTime: Uint8Array | null;
    };

/**
 * One plain load run: windows while it runs (`window` four times a second, `row` once), the report at the end. Its judged part is everything
 * after the plan's warm-up.
 * @throws HiveError `refused_by_safety` or `target_unreachable` before anything is dialled.
 */
export async function* runLoad(options: RunOptions): AsyncGenerator<RunEvent> {
  const { target, clock } = options;
  const startedMs = clock.now();
  const latenciesMs = latenciesOf(target.objectives);
  const identity = { ...options.ids, targetId: target.id };
  const at = (): string => new Date(clock.wall()).toISOString();
  const { plan, seed, allowTargets, environment } = options;
  const order = toOrder({ plan, seed, target, thresholdsMs: latenciesMs, allowTargets, environment });
  const measured = createMeasured({ thresholdsMs: latenciesMs, groupNames: groupNamesOf(order), groups: [] });
  const { collector } = measured;
  for await (const tick of options.load.run(order, options.signal)) {
    measured.add(tick);
    yield { type: 'window', window: { ...identity, at: at(), ...collector.live(tick) } };
    const row = collector.takeRow();
    if (row) yield { type: 'row', ...row, window: { ...identity, at: at(), ...row.figures } };
  }

  const totals = collector.judged();
  const facts = toFacts({
    objectives: target.objectives,
    latenciesMs,
    totals,
    measured,
    target,
    closed: false,
  });
  const judged = judgeClauses(facts);
  const validity = heedLateness(collector.validity(), { facts, judge: judgeClauses, judged });
  const outcome = options.signal.aborted
    ? { verdict: 'aborted' as const, reason: 'stopped before its end' }
    : validity.status === 'invalid'
      ? { verdict: 'undecided' as const, reason: 'the load generator could not keep up' }
      : judged;
  const { objectives } = judged;
  yield {
    type: 'done',
    result: {
      verdict: outcome.verdict,
      reason: outcome.reason,
      validity,
      objectives,
      evidence: null,
      measurement: toMeasurement(totals, { objectives: target.objectives, latenciesMs }),
      executionSeconds: (clock.now() - startedMs) / 1_000,
    },
    responseTime: totals.responseTime,
    serviceTime: totals.serviceTime,
    report: {
      version: 1,
      verdict: outcome.verdict,
      validity,
      reason: outcome.reason,
      durationMs: totals.seconds * 1_000,
      ...totals.counts,
      dropped: totals.counts.droppedTarget + totals.counts.droppedGenerator,
      errors: totals.errors,
      offeredPerSecond: totals.offeredPerSecond,
      throughputPerSecond: totals.throughputPerSecond,
      bytesIn: totals.bytesIn,
      bytesOut: totals.bytesOut,
      responseTimeMs: withoutCount(totals.responseTimeMs),
      serviceTimeMs: withoutCount(totals.serviceTimeMs),
      waitingMs: totals.waitingMs,
      phasesMs: collector.phases(),
      peakConnections: totals.peakConnections,
      maxConnections: plan.arrivals.model === 'open' ? plan.arrivals.maxConnections : plan.arrivals.connections,
      ...totals.named,
      objectives,
    },
  };
}

function withoutCount({ count: _, ...latency }: Latency): Omit<Latency, 'count'> {
  return latency;
}
