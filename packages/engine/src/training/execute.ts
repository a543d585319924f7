import {
  parseObjectives,
  strictestLatencyMs,
  type Measurement,
  type Scenario,
  type ScenarioResult,
  type Target,
  type Window,
} from '@hive/contract';
import type { Clock } from '../clock.js';
import { judgeConcurrentRequests } from '../judging/concurrent-requests.js';
import type { Judge, Judgement } from '../judging/facts.js';
import { judgeLoadBalancing } from '../judging/load-balancing.js';
import type { Load } from '../measuring.js';
import { createCollector, type Collector, type JudgedTotals } from '../metrics/collector.js';
import { certainFailure } from './early-stop.js';
import type { TrainingEvent } from './events.js';
import { toFacts } from './facts.js';
import { heedLateness } from './lateness.js';
import { toOrder } from './order.js';
import { createStretches } from './stretches.js';

/** What every run needs besides its scenario. */
export interface Surroundings {
  target: Target;
  load: Load;
  clock: Clock;
  /** Ends the run: the scenario counts as aborted and teaches nothing. */
  signal: AbortSignal;
  /** Addresses beyond loopback that may be dialled. */
  allowTargets: readonly string[];
  sessionId: string;
}

const ROW_MS = 1_000;
const JUDGES: Partial<Record<Scenario['kind'], Judge>> = {
  concurrent_requests: judgeConcurrentRequests,
  load_balancing: judgeLoadBalancing,
};

/**
 * Executes one scenario for real: load → windows → verdict. Yields `scenario_started`, `window` four times a second, `row` once a second,
 * and `scenario_completed`; the result is also the generator's return value.
 * @throws HiveError `refused_by_safety` or `target_unreachable` before anything is dialled.
 */
export async function* execute(
  options: Surroundings & { scenario: Scenario; reason?: string },
): AsyncGenerator<TrainingEvent, ScenarioResult> {
  const { scenario, target, clock, sessionId } = options;
  const started = clock.now();
  const { plan } = scenario;
  yield {
    type: 'scenario_started',
    scenario,
    reason: options.reason ?? 'asked for',
    plannedMs: plan.warmupMs + plan.durationMs,
  };

  const latenciesMs = parseObjectives(scenario.objectives).flatMap((one) =>
    one.type === 'percentile' ? [one.latencyMs] : [],
  );
  const collector = createCollector({ thresholdsMs: latenciesMs });
  const stretches = createStretches();
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const order = toOrder({
    plan,
    seed: scenario.seed,
    target,
    thresholdsMs: latenciesMs,
    allowTargets: options.allowTargets,
  });
  let stoppedBecause: string | null = null;
  let generatorGaveUp = false;
  let lastRowMs = 0;

  for await (const tick of options.load.run(order, signal)) {
    collector.add(tick);
    const window = identify(collector.live(tick), options, scenario.id);
    stretches.add(tick, window.responseTimeMs);
    yield { type: 'window', window };
    if (tick.toMs - lastRowMs >= ROW_MS || tick.last) {
      lastRowMs = tick.toMs;
      const row = collector.takeRow();
      if (row)
        yield {
          type: 'row',
          window: identify(row.figures, options, scenario.id),
          responseTime: row.responseTime,
          serviceTime: row.serviceTime,
        };
    }
    generatorGaveUp ||= tick.endedEarly === 'generator_overloaded';
    if (stoppedBecause === null && !tick.last) {
      stoppedBecause = certainFailure(scenario, stretches.all());
      if (stoppedBecause !== null) stop.abort();
    }
  }

  const result = conclude({
    scenario,
    target,
    collector,
    stretches,
    latenciesMs,
    stoppedBecause,
    generatorGaveUp,
    aborted: options.signal.aborted,
  });
  result.executionSeconds = (clock.now() - started) / 1_000;
  const judged = collector.judged();
  yield {
    type: 'scenario_completed',
    scenario,
    result,
    responseTime: judged.responseTime,
    serviceTime: judged.serviceTime,
  };
  return result;

  function identify(
    figures: Omit<Window, 'scenarioId' | 'sessionId' | 'targetId' | 'at'>,
    { target }: Surroundings,
    scenarioId: string,
  ): Window {
    return { scenarioId, sessionId, targetId: target.id, at: new Date(clock.wall()).toISOString(), ...figures };
  }
}

interface Ending {
  scenario: Scenario;
  target: Target;
  collector: Collector;
  stretches: ReturnType<typeof createStretches>;
  latenciesMs: number[];
  stoppedBecause: string | null;
  generatorGaveUp: boolean;
  aborted: boolean;
}

function conclude(ending: Ending): ScenarioResult {
  const { scenario, target, collector, stretches, latenciesMs, stoppedBecause, aborted } = ending;
  const totals = collector.judged();
  const measurement = toMeasurement(scenario, totals, latenciesMs);
  if (aborted) {
    return {
      verdict: 'aborted',
      validity: collector.validity(),
      reason: 'stopped before its end',
      objectives: [],
      evidence: null,
      measurement,
      executionSeconds: 0,
    };
  }
  const closed = scenario.plan.arrivals.model === 'closed';
  const facts = toFacts({
    objectives: scenario.objectives,
    latenciesMs,
    totals,
    stretches: stretches.all(),
    target,
    closed,
  });
  const judge = JUDGES[scenario.kind];
  if (!judge) throw new Error(`no judge for ${scenario.kind}`);
  const judged = judge(facts);
  const validity = heedLateness(collector.validity(), { facts, judge, judged });
  const judgement = heedValidity(judged, validity.status);
  const reason =
    stoppedBecause === null || judgement.verdict !== 'failed'
      ? judgement.reason
      : `${judgement.reason}; stopped early: ${stoppedBecause}`;
  return { ...judgement, reason, validity, measurement, executionSeconds: 0 };
}

/** An invalid measurement says nothing about the target, for good or ill. */
function heedValidity(judgement: Judgement, validity: 'valid' | 'suspect' | 'invalid'): Judgement {
  if (validity !== 'invalid') return judgement;
  return {
    ...judgement,
    verdict: 'undecided',
    evidence: null,
    reason: 'the load generator could not keep up, so this says nothing about the target',
  };
}

function toMeasurement(scenario: Scenario, totals: JudgedTotals, latenciesMs: readonly number[]): Measurement {
  const { counts, responseTimeMs, serviceTimeMs } = totals;
  const strictest = strictestLatencyMs(parseObjectives(scenario.objectives));
  const bad = strictest === null ? counts.planned - counts.good : (totals.bad[latenciesMs.indexOf(strictest)] ?? 0);
  return {
    durationMs: totals.seconds * 1_000,
    counts,
    errors: totals.errors,
    offeredPerSecond: totals.offeredPerSecond,
    throughputPerSecond: totals.throughputPerSecond,
    bytesIn: totals.bytesIn,
    bytesOut: totals.bytesOut,
    responseTimeMs,
    serviceTimeMs,
    waitingMs: totals.waitingMs,
    successRate: counts.planned === 0 ? 0 : Math.max(0, 1 - bad / counts.planned),
    peakConnections: totals.peakConnections,
    nodes: totals.nodes,
  };
}
