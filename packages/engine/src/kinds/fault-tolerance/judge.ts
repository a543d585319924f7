import { parseObjectives, strictestLatencyMs, type Evidence } from '@hive/contract';
import { figure } from '../../figure.js';
import { badOf, join, judgeClauses } from '../../judging/clauses.js';
import { ofGroup, type Facts, type FaultFacts, type Judge, type Judgement, type Stretch } from '../../judging/facts.js';
import { clauseShare, countedObjectives, type Counted } from '../../judging/shares.js';

/** Time that any target is given to be itself again. */
const RECOVERY_MS = 5_000;
/** Recovery is judged over at least this many seconds and requests. */
const LEAST_SECONDS = 1;
const LEAST_REQUESTS = 200;

/**
 * While faults are on, the requests that were not hit keep the objectives (client link), or all requests keep those for a time under
 * faults (dependency link); after it the target must have recovered: bad ≤ 2 p* over the last second or 200 requests, within 5 s and the
 * time that its backlog takes. A target at half load needs as long as it stood still.
 */
export const judgeFaultTolerance: Judge = (facts) => {
  const { faults } = facts;
  if (faults === null) return judgeClauses(facts);
  const during = duringFaults(facts, faults);
  const recovery = judgeRecovery(facts, faults);
  const recovered: Evidence = { type: 'verdict', expression: 'recovered after the faults', passed: recovery.passed };
  const judged: Judgement = {
    ...during,
    objectives: [
      ...during.objectives,
      {
        expression: 'recovered after the faults',
        observed: recovery.afterMs,
        outcome: recovery.passed ? 'passed' : recovery.decided ? 'failed' : 'undecided',
      },
    ],
    furtherEvidence: [...(during.furtherEvidence ?? []), ...(recovery.decided ? [recovered] : [])],
    findings: findings(faults, recovery),
  };
  if (during.verdict === 'failed' || recovery.passed) return judged;
  return { ...judged, verdict: recovery.decided ? 'failed' : 'undecided', reason: recovery.because };
};

/** The objectives that hold while a dependency is under faults, from the target's own: errors ≤ 5 %, p95 within twice its latency. */
export function underFaultObjectives(objectives: readonly string[], given: readonly string[] | undefined): string[] {
  if (given) return [...given];
  const latencyMs = strictestLatencyMs(parseObjectives(objectives));
  return ['rate<0.05', ...(latencyMs === null ? [] : [`p(95)<${2 * latencyMs}`])];
}

function duringFaults(facts: Facts, { link }: FaultFacts): Judgement {
  const [spared] = facts.groups;
  if (!spared) return judgeClauses(facts);
  if (spared.whole.counts.planned === 0)
    return {
      verdict: 'undecided',
      reason: 'every connection had faults: no request to judge',
      objectives: [],
      evidence: null,
    };
  const judged = judgeClauses(ofGroup(facts, spared));
  const who = link === 'client' ? 'requests on connections without faults' : `with faults on ${link}`;
  return { ...judged, reason: `${who}: ${judged.reason}` };
}

interface Recovery {
  passed: boolean;
  decided: boolean;
  /** From the end of the faults to the end of the first stretch that counts as recovered; null: never. */
  afterMs: number | null;
  because: string;
}

function judgeRecovery(facts: Facts, faults: FaultFacts): Recovery {
  const allowedMs = RECOVERY_MS + (faults.backlog / Math.max(1, faults.sparePerSecond)) * 1_000;
  const after = facts.stretches.filter(({ endMs, seconds }) => endMs - seconds * 1_000 >= faults.toMs - 1);
  const objectives = countedObjectives(facts.objectives).filter(
    (objective) => clauseShare(objective) !== null && objective.requestClass === null,
  );
  for (let last = 0; last < after.length; last++) {
    const tail = latest(after.slice(0, last + 1));
    if (tail === null || !objectives.every((objective) => isKept(objective, tail, facts))) continue;
    // The target had recovered when that tail began: the tail only shows it.
    const afterMs = Math.max(0, tail.endMs - tail.seconds * 1_000 - faults.toMs);
    const passed = afterMs <= allowedMs;
    const because = `recovery took ${figure(afterMs / 1_000)} s (${figure(allowedMs / 1_000)} s allowed)`;
    return { passed, decided: true, afterMs, because };
  }
  const seconds = after.reduce((sum, stretch) => sum + stretch.seconds, 0);
  const decided = latest(after) !== null && seconds * 1_000 >= allowedMs;
  const because = decided
    ? `had not recovered ${figure(seconds)} s after the faults (${figure(allowedMs / 1_000)} s allowed)`
    : 'too few requests were sent after the faults to judge recovery';
  return { passed: false, decided, afterMs: null, because };
}

/** The newest second and 200 requests of these stretches as one; null while there are fewer. */
function latest(stretches: readonly Stretch[]): Stretch | null {
  let tail: Stretch | null = null;
  for (let index = stretches.length - 1; index >= 0; index--) {
    const stretch = stretches[index] as Stretch;
    tail = tail === null ? stretch : join(stretch, tail);
    if (tail.seconds >= LEAST_SECONDS - 0.01 && tail.counts.planned >= LEAST_REQUESTS) return tail;
  }
  return null;
}

function isKept(objective: Counted, tail: Stretch, facts: Facts): boolean {
  if (objective.type === 'average' && tail.meanMs === null) return false;
  const allowed = Math.min(1, 2 * (clauseShare(objective) as number)) * tail.counts.planned;
  return badOf(objective, tail, facts) <= allowed;
}

function findings({ achievedShare, link }: FaultFacts, { afterMs }: Recovery): string[] {
  const hit = achievedShare === null ? [] : [`${figure(achievedShare * 100)} % of the requests met a fault`];
  const where = link === 'client' ? [] : [`the faults were between the target and ${link}`];
  return [...hit, ...where, ...(afterMs === null ? [] : [`recovered ${figure(afterMs / 1_000)} s after the faults`])];
}
