import {
  strictestLatencyMs,
  type ErrorExample,
  type Evidence,
  type Measurement,
  type Scenario,
  type ScenarioResult,
  type Target,
  type Validity,
} from '@hive/contract';
import { amount } from '../figure.js';
import type { FaultFacts, Facts, GroupFacts, Judgement } from '../judging/facts.js';
import type { RunRules } from '../kinds/plain-run.js';
import type { Cause } from '../checking/causes.js';
import type { TickExample } from '../measuring.js';
import { countedObjectives } from '../judging/shares.js';
import { judgeRegions } from '../judging/regions.js';
import { trustIn, trustInRamp, type Circumstances } from '../judging/trust.js';
import { whyUnauthorized } from './guarding/authorization.js';
import { toFacts } from './lay-out.js';
import type { MeasuredFigures } from './measured.js';
import { memoryCycles } from './memory-cycles.js';
import type { Ending, Standard } from './running.js';
import { whatMoved, whatWasNotRead, type Watched } from './target-watch.js';

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
  /** What went wrong in words, without secrets. */
  errorsInWords(examples: readonly TickExample[]): ErrorExample[];
  /** Links that were never under a fault; null: the faults were not between Hive and the target. */
  spared: readonly number[] | null;
  /** Null: it was no chirp. */
  chirp: Extract<Evidence, { type: 'chirp' }> | null;
}

/** Judges what was measured, and says how far to trust it. */
export function conclude(left: LeftBehind): ScenarioResult {
  const { ending, chirp } = left;
  const measurement = toMeasurement(left);
  if (ending.aborted) return { ...stopped(left), measurement, executionSeconds: 0 };
  if (ending.alike !== null) return { ...outOfReach(whyAllAlike(ending.alike)), measurement };
  if (ending.gone !== null && ending.teachesNothing)
    return { ...outOfReach(`the target stopped answering: ${ending.gone.problem}`), measurement };
  const refused = left.target.auth === undefined ? null : whyUnauthorized(left.measured.totals.statuses);
  if (refused !== null) return { ...notAuthorized(refused), measurement, executionSeconds: 0 };
  if (chirp !== null) return { ...chirped(chirp, ending.stoppedBecause, circumstancesOf(left)), measurement };
  return { ...judged(left, factsOf(left)), measurement, executionSeconds: 0 };
}

/** A token that is no longer good says nothing about the load. */
function notAuthorized(reason: string): Omit<ScenarioResult, 'measurement' | 'executionSeconds'> {
  const validity: Validity = { status: 'invalid', reasons: [reason] };
  return { verdict: 'undecided', validity, reason: `not judged: ${reason}`, objectives: [], evidence: null };
}

function whyAllAlike({ problem, hint }: Cause): string {
  const what = problem.startsWith('answers ') ? `it ${problem} to every request` : `every request failed: ${problem}`;
  return `not measured: ${what}; ${hint}`;
}

/** It was cut short: this says nothing about the target, except what a plain run had shown so far. */
function stopped(left: LeftBehind): Omit<ScenarioResult, 'measurement' | 'executionSeconds'> {
  const { rules, measured } = left;
  const said = { verdict: 'aborted' as const, reason: 'stopped before its end', evidence: null };
  if (!rules.partial) return { ...said, validity: measured.soundness.always, objectives: [] };
  const facts = factsOf(left);
  const judged = rules.judge(facts);
  const validity = trustIn({ facts, judge: rules.judge, judged }, circumstancesOf(left));
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

function judged(left: LeftBehind, facts: Facts): Omit<ScenarioResult, 'measurement' | 'executionSeconds'> {
  const { scenario, rules, ending, measured, watched, restP50Ms } = left;
  const { stoppedBecause } = ending;
  const first = judgeRegions(rules.judge(facts), { facts, judge: rules.judge, regions: measured.regions });
  const validity = trustIn({ facts, judge: rules.judge, judged: first }, circumstancesOf(left));
  const judgement = heedValidity(first, validity);
  const reason =
    stoppedBecause === null || judgement.verdict !== 'failed'
      ? judgement.reason
      : `${judgement.reason}; stopped early: ${stoppedBecause}`;
  const findings = [
    ...(judgement.findings ?? []),
    ...rules.findings({ scenario, restP50Ms, totals: measured.totals }),
    ...(judgement.verdict === 'failed' || scenario.difficulty === 'hard' ? whatMoved(watched, measured.stretches) : []),
    ...whatWasNotRead(watched),
  ];
  return { ...judgement, ...(findings.length > 0 ? { findings } : {}), reason, validity };
}

/** A chirp is no test of an intensity: it says where to look. One whose objectives broke for another's sake says nothing. */
function chirped(
  evidence: Extract<Evidence, { type: 'chirp' }>,
  stoppedBecause: string | null,
  circumstances: Circumstances,
): Omit<ScenarioResult, 'measurement'> {
  const broke = evidence.onset !== null || stoppedBecause !== null;
  const validity = trustInRamp(broke, circumstances);
  const told = { objectives: [], executionSeconds: 0, validity };
  const nothing = { ...told, verdict: 'undecided' as const, evidence: null };
  if (evidence.blocks.length === 0) return { ...nothing, reason: stoppedBecause ?? 'nothing was measured' };
  if (validity.status === 'invalid' && validity.cause !== 'ceiling')
    return { ...nothing, reason: whyNotJudged(validity) };
  const isCut = broke && validity.cause === 'ceiling';
  const kept = isCut ? untilItBroke(evidence) : evidence;
  const reached = Math.max(0, ...kept.blocks.map(({ rate }) => rate));
  const metUpTo = `met the objectives up to ${amount(reached, 'requests/s')}`;
  if (isCut)
    return {
      ...told,
      validity: { status: 'suspect', reasons: validity.reasons },
      verdict: 'passed',
      reason: `${metUpTo}; the load generator could not send more`,
      evidence: kept,
    };
  return { ...told, verdict: broke ? 'failed' : 'passed', reason: stoppedBecause ?? metUpTo, evidence };
}

/** What a ramp showed before its generator had no time left. */
function untilItBroke(evidence: Extract<Evidence, { type: 'chirp' }>): Extract<Evidence, { type: 'chirp' }> {
  const first = evidence.blocks.findIndex(({ bad }) => bad.some((count) => count > 0));
  return { ...evidence, onset: null, blocks: first < 0 ? evidence.blocks : evidence.blocks.slice(0, first) };
}

/** No lack of CPU time refuses a connection: who does that is not there. */
const MANY_REFUSED = 0.01;

function circumstancesOf({ measured, ending }: LeftBehind): Circumstances {
  const { errors, counts } = measured.totals;
  const isRefused = (errors.refused ?? 0) > MANY_REFUSED * counts.planned;
  return { soundness: measured.soundness, around: isRefused ? { state: 'quiet' } : ending.around };
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
function heedValidity<Kind extends Judgement>(judgement: Kind, validity: Validity): Kind {
  if (validity.status !== 'invalid') return judgement;
  const { regions: _, ...rest } = judgement as Kind & Pick<ScenarioResult, 'regions'>;
  return {
    ...(rest as unknown as Kind),
    verdict: 'undecided',
    evidence: null,
    furtherEvidence: [],
    reason: whyNotJudged(validity),
  };
}

function whyNotJudged({ cause, reasons }: Validity): string {
  return cause === 'disturbance'
    ? `not judged: ${reasons.at(-1) ?? 'something else used this machine'}`
    : 'not judged: the load generator could not keep up';
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
function toMeasurement({ measured: { totals }, standard, errorsInWords }: LeftBehind): Measurement {
  const { counts, responseTimeMs, serviceTimeMs, statuses, examples } = totals;
  const objectives = countedObjectives(standard.objectives);
  const strictest = strictestLatencyMs(objectives);
  const counter = objectives.find(
    (one) =>
      one.type === 'percentile' && one.of === 'response' && one.requestClass === null && one.latencyMs === strictest,
  )?.counter;
  const bad = counter == null ? counts.planned - counts.good : (totals.bad[counter] ?? 0);
  return {
    durationMs: totals.seconds * 1_000,
    counts,
    errors: totals.errors,
    ...(Object.keys(statuses).length > 0 && { statusCodes: statuses }),
    ...(examples.length > 0 && { errorExamples: errorsInWords(examples) }),
    offeredPerSecond: totals.offeredPerSecond,
    throughputPerSecond: totals.throughputPerSecond,
    bytesIn: totals.bytesIn,
    bytesOut: totals.bytesOut,
    responseTimeMs,
    serviceTimeMs,
    firstByteMs: totals.firstByteMs,
    waitingMs: totals.waitingMs,
    successRate: counts.planned === 0 ? 0 : Math.max(0, 1 - bad / counts.planned),
    peakConnections: totals.peakConnections,
    nodes: totals.nodes,
    ...totals.named,
  };
}
