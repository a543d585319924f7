import {
  parseObjectives,
  strictestLatencyMs,
  type Measurement,
  type Scenario,
  type ScenarioResult,
  type Target,
} from '@hive/contract';
import { figure } from '../figure.js';
import type { FaultFacts, GroupFacts, Judgement } from '../judging/facts.js';
import { kindDefinition } from '../kinds/registry.js';
import type { JudgedTotals } from '../metrics/collector.js';
import type { ChirpWatch } from './chirp-watch.js';
import type { Ending, Standard } from './running.js';
import { toFacts } from './lay-out.js';
import { heedLateness } from './lateness.js';
import type { Links } from './links.js';
import type { Measured } from './measured.js';
import { memoryCycles } from './memory-cycles.js';
import type { Prepared } from './preparation.js';
import type { TargetWatch } from './target-watch.js';

/** Everything that a scenario left behind. */
interface Concluding extends Ending {
  scenario: Scenario;
  target: Target;
  standard: Standard;
  prepared: Prepared;
  links: Links;
  watch: TargetWatch;
  measured: Measured;
  /** Null: it was no chirp. */
  chirp: ChirpWatch | null;
}

/** Judges what was measured, and says how far to trust it. */
export function conclude(from: Concluding): ScenarioResult {
  const { scenario, target, standard, prepared, measured, watch, stoppedBecause, aborted, chirp } = from;
  const { collector } = measured;
  const totals = collector.judged();
  const measurement = toMeasurement(totals, standard);
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
  if (chirp !== null) return { ...chirped(chirp, stoppedBecause), validity: collector.validity(), measurement };
  const facts = toFacts({
    ...standard,
    measured,
    totals,
    target,
    closed: scenario.plan.arrivals.model === 'closed',
    faults: faultFacts(from),
    memory: memoryCycles(scenario.plan, watch.samples(), measured.stretches()),
    endedEarly: stoppedBecause !== null,
  });
  const { judge, findings: findingsOf } = kindDefinition(scenario.kind);
  const judged = judge(facts);
  const validity = heedLateness(collector.validity(), { facts, judge, judged });
  const judgement = heedValidity(judged, validity.status);
  const reason =
    stoppedBecause === null || judgement.verdict !== 'failed'
      ? judgement.reason
      : `${judgement.reason}; stopped early: ${stoppedBecause}`;
  const findings = [
    ...(judgement.findings ?? []),
    ...findingsOf({ scenario, restP50Ms: prepared.restP50Ms, totals }),
    ...(judgement.verdict === 'failed' || scenario.difficulty === 'hard' ? watch.findings(measured.stretches()) : []),
  ];
  return {
    ...judgement,
    ...(findings.length > 0 ? { findings } : {}),
    reason,
    validity,
    measurement,
    executionSeconds: 0,
  };
}

/** A chirp is no test of an intensity: it says where to look. */
function chirped(chirp: ChirpWatch, stoppedBecause: string | null): Omit<ScenarioResult, 'validity' | 'measurement'> {
  const evidence = chirp.evidence();
  const reached = Math.max(0, ...evidence.blocks.map(({ rate }) => rate));
  return {
    verdict: stoppedBecause === null ? 'passed' : 'failed',
    reason: stoppedBecause ?? `nothing hurt up to ${figure(reached)} requests/s`,
    objectives: [],
    evidence: evidence.blocks.length === 0 ? null : evidence,
    executionSeconds: 0,
  };
}

/** The result of a scenario that could not come to its load, with the reason in words: nothing harder can be tried either. */
export function outOfReach(reason: string): ScenarioResult {
  return {
    verdict: 'undecided',
    validity: { status: 'valid', reasons: [] },
    reason,
    objectives: [],
    evidence: null,
    measurement: null,
    executionSeconds: 0,
  };
}

/** An invalid measurement says nothing about the target, for good or ill. */
function heedValidity(judgement: Judgement, validity: 'valid' | 'suspect' | 'invalid'): Judgement {
  if (validity !== 'invalid') return judgement;
  return {
    ...judgement,
    verdict: 'undecided',
    evidence: null,
    furtherEvidence: [],
    reason: 'the load generator could not keep up, so this says nothing about the target',
  };
}

function faultFacts({ scenario, standard, links, measured, backlog }: Concluding): FaultFacts | null {
  const faults = scenario.plan.faults ?? [];
  const [first] = faults;
  if (first === undefined) return null;
  const groups = measured.groups(standard.objectives);
  return {
    link: first.link,
    fromMs: Math.min(...faults.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...faults.map(({ toMs }) => toMs)),
    achievedShare: links.spared === null ? null : hitShare(groups),
    backlog,
    // The base load is half of what the target is known to take, so as much again is free.
    sparePerSecond: scenario.base.ratePerSecond,
  };
}

function hitShare([spared, all]: readonly GroupFacts[]): number {
  const planned = all?.whole.counts.planned ?? 0;
  return planned === 0 ? 0 : 1 - (spared?.whole.counts.planned ?? 0) / planned;
}

/** What is kept of the judged part. */
export function toMeasurement(totals: JudgedTotals, standard: Standard): Measurement {
  const { counts, responseTimeMs, serviceTimeMs } = totals;
  const strictest = strictestLatencyMs(parseObjectives(standard.objectives));
  const bad =
    strictest === null ? counts.planned - counts.good : (totals.bad[standard.latenciesMs.indexOf(strictest)] ?? 0);
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
    ...totals.named,
  };
}
