import {
  parseObjectives,
  strictestLatencyMs,
  type Evidence,
  type Measurement,
  type Scenario,
  type ScenarioResult,
  type Target,
} from '@hive/contract';
import { amount } from '../figure.js';
import type { FaultFacts, Facts, GroupFacts, Judgement } from '../judging/facts.js';
import type { RunRules } from '../kinds/plain-run.js';
import type { JudgedTotals } from '../metrics/collector.js';
import { heedLateness } from '../judging/lateness.js';
import { toFacts } from './lay-out.js';
import type { MeasuredFigures } from './measured.js';
import { memoryCycles } from './memory-cycles.js';
import type { Ending, Standard } from './running.js';
import { whatMoved, type Watched } from './target-watch.js';

/** Everything that a run left behind, as data. */
export interface LeftBehind {
  scenario: Scenario;
  target: Target;
  rules: RunRules;
  standard: Standard;
  ending: Ending;
  measured: MeasuredFigures;
  watched: Watched;
  /** Median response time at rest, ms; null: not measured. */
  restP50Ms: number | null;
  /** Links that were never under a fault; null: the faults were not between Hive and the target. */
  spared: readonly number[] | null;
  /** Null: it was no chirp. */
  chirp: Extract<Evidence, { type: 'chirp' }> | null;
}

/** Judges what was measured, and says how far to trust it. */
export function conclude(left: LeftBehind): ScenarioResult {
  const { ending, measured, chirp } = left;
  const measurement = toMeasurement(measured.totals, left.standard);
  if (ending.aborted) return { ...stopped(left), measurement, executionSeconds: 0 };
  if (ending.gone !== null && ending.teachesNothing)
    return { ...outOfReach(`the target stopped answering: ${ending.gone.problem}`), measurement };
  if (chirp !== null) return { ...chirped(chirp, ending.stoppedBecause), validity: measured.validity, measurement };
  return { ...judged(left, factsOf(left)), measurement, executionSeconds: 0 };
}

/** It was cut short: this says nothing about the target, except what a plain run had shown so far. */
function stopped(left: LeftBehind): Omit<ScenarioResult, 'measurement' | 'executionSeconds'> {
  const { rules, measured } = left;
  const said = { verdict: 'aborted' as const, reason: 'stopped before its end', evidence: null };
  if (!rules.partial) return { ...said, validity: measured.validity, objectives: [] };
  const facts = factsOf(left);
  const judged = rules.judge(facts);
  const validity = heedLateness(measured.validity, { facts, judge: rules.judge, judged });
  return { ...said, validity, objectives: judged.objectives };
}

function factsOf(left: LeftBehind): Facts {
  const { scenario, target, standard, ending, measured, watched } = left;
  return toFacts({
    standard,
    measured,
    target,
    closed: scenario.plan.arrivals.model === 'closed',
    faults: faultFacts(left),
    memory: memoryCycles(scenario.plan, watched.samples, measured.stretches),
    endedEarly: ending.stoppedBecause !== null,
  });
}

function judged(
  { scenario, rules, ending, measured, watched, restP50Ms }: LeftBehind,
  facts: Facts,
): Omit<ScenarioResult, 'measurement' | 'executionSeconds'> {
  const { stoppedBecause } = ending;
  const first = rules.judge(facts);
  const validity = heedLateness(measured.validity, { facts, judge: rules.judge, judged: first });
  const judgement = heedValidity(first, validity.status);
  const reason =
    stoppedBecause === null || judgement.verdict !== 'failed'
      ? judgement.reason
      : `${judgement.reason}; stopped early: ${stoppedBecause}`;
  const findings = [
    ...(judgement.findings ?? []),
    ...rules.findings({ scenario, restP50Ms, totals: measured.totals }),
    ...(judgement.verdict === 'failed' || scenario.difficulty === 'hard' ? whatMoved(watched, measured.stretches) : []),
  ];
  return { ...judgement, ...(findings.length > 0 ? { findings } : {}), reason, validity };
}

/** A chirp is no test of an intensity: it says where to look. */
function chirped(
  evidence: Extract<Evidence, { type: 'chirp' }>,
  stoppedBecause: string | null,
): Omit<ScenarioResult, 'validity' | 'measurement'> {
  const told = { objectives: [], executionSeconds: 0 };
  if (evidence.blocks.length === 0)
    return { ...told, verdict: 'undecided', reason: stoppedBecause ?? 'nothing was measured', evidence: null };
  const reached = Math.max(...evidence.blocks.map(({ rate }) => rate));
  const verdict = stoppedBecause === null ? 'passed' : 'failed';
  return {
    ...told,
    verdict,
    reason: stoppedBecause ?? `met the objectives up to ${amount(reached, 'requests/s')}`,
    evidence,
  };
}

/** The result of a scenario that could not reach its load, with the reason: nothing harder can be tried either. */
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
    reason: 'not judged: the load generator could not keep up',
  };
}

function faultFacts({ scenario, spared, measured, ending }: LeftBehind): FaultFacts | null {
  const faults = scenario.plan.faults ?? [];
  const [first] = faults;
  if (first === undefined) return null;
  return {
    link: first.link,
    fromMs: Math.min(...faults.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...faults.map(({ toMs }) => toMs)),
    achievedShare: spared === null ? null : hitShare(measured.groups),
    backlog: ending.backlog,
    // The base load is half the measured limit, so as much again is free.
    sparePerSecond: scenario.base.ratePerSecond,
  };
}

function hitShare([spared, all]: readonly GroupFacts[]): number {
  const planned = all?.whole.counts.planned ?? 0;
  return planned === 0 ? 0 : 1 - (spared?.whole.counts.planned ?? 0) / planned;
}

/** What is kept of the judged part. */
function toMeasurement(totals: JudgedTotals, standard: Standard): Measurement {
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
