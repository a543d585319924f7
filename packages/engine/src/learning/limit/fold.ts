import type { Evidence } from '@hive/contract';
import { observeHold } from './safe.js';
import { createLearner, type Learner, type LearnerConfig, type ProbeObservation } from './learner.js';
import type { Clause } from '../axis.js';
import { observeMargin } from './margin.js';
import { observe, observeChirp, observeSpoiled, resume } from './observe.js';
import type { Axis, LearnedResult } from '../axis.js';
import { BROKEN_UNCOUNTED, HORIZON_SECONDS, SECONDS_PER_BAD, START_BELOW_PRIOR, START_BUSY_SHARE } from '../weights.js';

/**
 * The learner of one axis: a fold over its results, oldest first, of one session or of several. Between sessions the target may have
 * been changed, and the belief allows for that. What was folded for an axis is remembered, so that one more result costs one update.
 */
export function learnerOf(axis: Axis, results: readonly LearnedResult[]): Learner {
  return fold(axis, results).learner;
}

/** The learner as the newest of the results found it; that of nothing where there are none. */
export function learnerBefore(axis: Axis, results: readonly LearnedResult[]): Learner {
  return fold(axis, results).before;
}

function fold(axis: Axis, results: readonly LearnedResult[]): Folded {
  // An axis without a clause has nothing to learn by.
  const counts = axis.evidence === 'margin' || axis.clauses.length > 0;
  const own = results.filter(
    ({ scenario, result }) => counts && scenario.kind === axis.kind && result.verdict !== 'aborted',
  );
  const known = folded.get(axis);
  const goesOn = known !== undefined && known.results.every((one, i) => one === own[i]);
  let learner = goesOn ? known.learner : createLearner(configOf(axis));
  let before = goesOn ? known.before : learner;
  for (let i = goesOn ? known.results.length : 0; i < own.length; i += 1) {
    const result = own[i] as LearnedResult;
    const earlier = own[i - 1];
    if (earlier !== undefined && earlier.sessionId !== result.sessionId) learner = resume(learner);
    before = learner;
    const epoch = startOfSession(own, result);
    learner = taught({ ...learner, epoch }, result, epoch);
  }
  const now = { results: own, learner, before };
  folded.set(axis, now);
  return now;
}

/** The learner as a new session begins: what earlier ones left may no longer hold. */
export function resumed(axis: Axis, history: readonly LearnedResult[]): Learner {
  const learner = learnerOf(axis, history);
  return history.length === 0 ? learner : resume(learner);
}

interface Folded {
  results: readonly LearnedResult[];
  learner: Learner;
  before: Learner;
}

const folded = new WeakMap<Axis, Folded>();

/** s since the epoch */
function startOfSession(results: readonly LearnedResult[], { sessionId }: LearnedResult): number {
  return Date.parse((results.find((one) => one.sessionId === sessionId) as LearnedResult).at) / 1_000;
}

/** When a run began and ended, s since its session's start. */
interface Moments {
  startedAtSeconds: number;
  endedAtSeconds: number;
}

function taught(learner: Learner, run: LearnedResult, since: number): Learner {
  const { scenario, result, at } = run;
  const startedAtSeconds = Date.parse(at) / 1_000 - since;
  const endedAtSeconds = startedAtSeconds + result.executionSeconds;
  const moments = { startedAtSeconds, endedAtSeconds };
  const { evidence } = result;
  if (evidence?.type === 'chirp') return taughtByChirp(learner, evidence, moments);
  if (evidence?.type === 'margin' && result.validity.status !== 'invalid')
    return observeMargin(learner, {
      ...evidence,
      intensity: scenario.intensity,
      seconds: result.executionSeconds,
      ratePerSecond: scenario.intensity,
      failed: result.verdict === 'failed',
      isValid: result.validity.status === 'valid',
      endedAtSeconds,
    });
  const { hold } = scenario.plan;
  if (result.validity.status !== 'invalid' && evidence?.type !== 'counts' && hold !== true) return learner;
  const probe = probeOf(learner, run, moments);
  if (probe === null) return learner;
  // It may be repeated: what had the machine may be gone.
  if (hold === true && probe.validity === 'invalid' && !probe.isCeiling) return observeSpoiled(learner, probe);
  return hold === true ? observeHold(learner, probe) : observe(learner, probe);
}

function taughtByChirp(learner: Learner, evidence: Extract<Evidence, { type: 'chirp' }>, moments: Moments): Learner {
  const { clauses } = learner.config;
  const counted = evidence.blocks[0]?.bad.length ?? 0;
  if (!isCountedBy(clauses, counted)) return learner;
  const blocks = evidence.blocks.map(({ planned, bad, good = 0, lost = 0, ...block }) => ({
    ...block,
    bad: clauses.map((_, j) => bad[j % counted] ?? 0),
    good,
    lost,
    n: planned,
  }));
  const restMs = evidence.restMs ?? [];
  const restSeconds = clauses.map((_, j) => {
    const ms = restMs[j % counted] ?? null;
    return ms === null ? null : ms / 1_000;
  });
  const { onset, closed = false } = evidence;
  return observeChirp(learner, { blocks, onset, closed, restSeconds, ...moments });
}

/** A run that counted, as the learner observes it; null: it was judged by other clauses than those of today. */
function probeOf(learner: Learner, { scenario, result }: LearnedResult, moments: Moments): ProbeObservation | null {
  const { clauses } = learner.config;
  const { warmupMs, durationMs } = scenario.plan;
  const plannedSeconds = durationMs / 1_000;
  const counts = result.evidence?.type === 'counts' ? result.evidence : { clauses: [], blocks: [], endedEarly: false };
  // What was stored before the target's nodes were told apart has no counts of the worst one.
  const counted = clauses.map(({ expression }) =>
    counts.clauses.findIndex((clause) => clause.expression === expression),
  );
  if (counts.clauses.length > 0 && counted.every((index) => index < 0)) return null;
  // The last block lasts until the last answer, and nothing is offered any more by then; what was cut short or had to settle lasted less than was planned.
  const judged = (counts.blocks ?? []).reduce((sum, block) => sum + block.seconds, 0) || plannedSeconds;
  const broken = brokenBeyond(result.furtherEvidence ?? [], clauses);
  return {
    intensity: scenario.intensity,
    plannedSeconds,
    warmupSeconds: warmupMs / 1_000,
    seconds: Math.min(plannedSeconds, judged),
    ...moments,
    stoppedEarly: counts.endedEarly ?? false,
    validity: result.validity.status,
    isCeiling: result.validity.cause === 'ceiling',
    blocks: (counts.blocks ?? []).map(({ seconds, planned, bad }) => ({
      seconds,
      n: planned,
      bad: counted.map((index) => bad[index] ?? 0),
    })),
    clauses: clauses.map((clause, j) => countsOf(clause, counts.clauses[counted[j] as number], broken.has(j))),
    // The generator's lateness is in the times, and would look like a target whose capacity drifts.
    took: result.validity.status === 'valid' && result.validity.reasons.length === 0 ? tookOf(result) : null,
  };
}

function tookOf({ measurement }: LearnedResult['result']): ProbeObservation['took'] {
  if (!measurement) return null;
  const { count, p50, p95, p99 } = measurement.responseTimeMs;
  return { requests: count, p50, p95, p99 };
}

/** Whether a chirp with this many clauses was counted by these: in a ramp all nodes break alike, so the clauses of the worst one may be missing. */
function isCountedBy(clauses: readonly Clause[], counted: number): boolean {
  const ofAllNodes = clauses.slice(0, counted);
  const ofWorst = clauses.slice(counted);
  if (counted === 0 || ofWorst.length === 0) return counted === clauses.length;
  return (
    ofWorst.length === counted &&
    ofWorst.every(({ expression }, j) => expression.startsWith(`${ofAllNodes[j]?.expression} `))
  );
}

/** Which clauses failed in what is not counted. A rule that is none of them (a starved node, no recovery) counts against the first. */
function brokenBeyond(evidence: readonly Evidence[], clauses: readonly Clause[]): Set<number> {
  const failed = evidence.flatMap((one) => (one.type === 'verdict' && !one.passed ? [one.expression] : []));
  return new Set(
    failed.map((expression) =>
      Math.max(
        0,
        clauses.findIndex((clause) => clause.expression === expression),
      ),
    ),
  );
}

/** One clause's counts. Where nothing may be bad the clause stands for a small share, and a single bad request is more than that. */
function countsOf(
  { expression, allowedShare }: Clause,
  found: { allowedShare: number; bad: number; planned: number } | undefined,
  failedBeyond: boolean,
): ProbeObservation['clauses'][number] {
  if (!found) return { expression, allowedShare, n: 0, bad: 0 };
  const share = found.allowedShare || allowedShare;
  const isBroken = failedBeyond || (found.allowedShare === 0 && found.bad > 0);
  const least = isBroken ? Math.ceil(BROKEN_UNCOUNTED * share * found.planned) : 0;
  const bad = Math.max(found.bad, least);
  return { expression, allowedShare: share, n: found.planned, bad, atLeast: bad > found.bad };
}

/** A rate at which half of the time nothing is under way. */
function startAlone({ chirp, restMs }: Axis): number {
  return chirp && restMs !== null && restMs > 0 ? START_BUSY_SHARE / (restMs / 1_000) : Infinity;
}

function configOf(axis: Axis): LearnerConfig {
  const { kind, unit, scale, whole, floor, cap, capReason, prior, clauses, latencySeconds, allowOverload, chirp } =
    axis;
  const start = Math.min(prior / START_BELOW_PRIOR[axis.evidence], startAlone(axis), cap);
  return {
    kind,
    unit,
    scale,
    whole,
    floor,
    cap,
    capReason,
    clauses: [...clauses],
    latencySeconds,
    allowOverload,
    chirp,
    restMs: axis.restMs,
    start: Math.max(floor, start),
    badness: axis.badness,
    horizonSeconds: HORIZON_SECONDS,
    longRunSeconds: axis.longRunSeconds,
    offeredPerSecond: axis.offeredPerSecond,
    secondsPerBad: SECONDS_PER_BAD,
  };
}
