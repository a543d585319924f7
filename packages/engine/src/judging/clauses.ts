import { noCounts, type Counts, type Evidence, type Objective, type ObjectiveOutcome } from '@hive/contract';
import { figure } from '../figure.js';
import { ofGroup, type Facts, type Judgement, type Stretch } from './facts.js';
import { badByMean, clauseShare, countedObjectives, type Counted } from './shares.js';
import { judgeCount, judgeExtreme, judgeRateIs, observedOf, percent, type StretchOutcome } from './plain-clauses.js';

/** The share of bad requests that must be errors for errors, and not slowness, to be the cause. */
const NEARLY_ALL = 0.9;
/** A share this improbable under the allowed one is a failure however few requests there were. */
const CERTAIN = 0.05;

interface Clause {
  type: Objective['type'];
  outcome: ObjectiveOutcome;
  /** Why, in words; only for clauses that failed or stayed undecided. */
  because: string | null;
}

/** Judges every clause of the objectives over all planned requests; one `counts` evidence for each clause that is about counts. */
export function judgeClauses(facts: Facts): Judgement {
  const objectives = countedObjectives(facts.objectives);
  const clauses = objectives.map((objective) => judgeClause(objective, factsFor(objective, facts)));
  const evidence = countsEvidence(objectives, facts);
  const hidden = hiddenFailure(objectives, clauses, evidence);
  return {
    verdict: worst(clauses.map(({ outcome }) => outcome.outcome)),
    reason:
      bindingOf(clauses, facts)?.because ??
      clauses.find(({ because }) => because !== null)?.because ??
      metReason(clauses, facts),
    objectives: clauses.map(({ outcome }) => outcome),
    evidence,
    ...(hidden === null ? {} : { furtherEvidence: [hidden] }),
  };
}

/** What a clause is judged by: everything, or what is known about the requests of its class. */
function factsFor({ requestClass }: Objective, facts: Facts): Facts {
  if (requestClass === null) return facts;
  const group = facts.classes.get(requestClass);
  if (group !== undefined) return ofGroup(facts, group);
  const none = { ...facts.whole, counts: noCounts(), bad: facts.whole.bad.map(() => 0), meanMs: null };
  const { firstByteMeanMs: _, times: __, ...whole } = none;
  return { ...facts, whole, stretches: [], quantilesMs: new Map(), groups: [] };
}

/** A clause that failed in one of its blocks, but not over the whole run that is counted. A throughput sets no limit. */
function hiddenFailure(
  objectives: readonly Objective[],
  clauses: readonly Clause[],
  evidence: Evidence | null,
): Evidence | null {
  const failed = objectives.find((one, j) => clauses[j]?.outcome.outcome === 'failed' && clauseShare(one) !== null);
  if (failed === undefined || brokenClauses(evidence).length > 0) return null;
  return failedRule(failed.expression);
}

/** Evidence of a rule that failed without any count showing it. */
export function failedRule(expression: string): Evidence {
  return { type: 'verdict', expression, passed: false };
}

/** The clauses that have more bad requests than they allow. */
export function brokenClauses(evidence: Evidence | null): string[] {
  if (evidence?.type !== 'counts') return [];
  return evidence.clauses.flatMap(({ expression, bad, planned, allowedShare }) =>
    bad > allowedShare * planned ? [expression] : [],
  );
}

/** Of the clauses that failed the first, but the one about errors where they alone broke it: a refused request is bad in every clause. */
function bindingOf(clauses: readonly Clause[], { whole }: Facts): Clause | undefined {
  const failed = clauses.filter(({ outcome }) => outcome.outcome === 'failed');
  const { answered, good, failed: broken } = whole.counts;
  const areErrors = answered - good + broken >= NEARLY_ALL * Math.max(...whole.bad);
  return (areErrors ? failed.find(({ type }) => type === 'errors') : undefined) ?? failed[0];
}

/** failed before undecided before passed. */
function worst(outcomes: readonly ObjectiveOutcome['outcome'][]): ObjectiveOutcome['outcome'] {
  if (outcomes.includes('failed')) return 'failed';
  return outcomes.includes('undecided') ? 'undecided' : 'passed';
}

/** P(X ≥ bad) for X ~ Binomial(n, share), by summing the lower tail in logarithms. */
export function upperTail(n: number, bad: number, share: number): number {
  if (bad <= 0) return 1;
  if (share <= 0) return 0;
  let term = n * Math.log1p(-share);
  let below = Math.exp(term);
  for (let k = 1; k < bad && k <= n; k += 1) {
    term += Math.log((n - k + 1) / k) + Math.log(share) - Math.log1p(-share);
    below += Math.exp(term);
  }
  return Math.max(0, 1 - below);
}

function judgeClause(objective: Counted, facts: Facts): Clause {
  const stretches = objective.blockMs === null ? [facts.whole] : blocks(objective, objective.blockMs / 1_000, facts);
  const judged = stretches.map((stretch) => judgeStretch(objective, stretch, facts));
  const outcome = worst(judged.map((one) => one.outcome));
  const telling = judged.find((one) => one.outcome === outcome);
  const observed = objective.blockMs === null ? (telling?.observed ?? null) : worstObserved(objective, judged);
  const shown = { expression: objective.expression, observed, outcome: telling ? outcome : ('undecided' as const) };
  const { type } = objective;
  if (!telling)
    return {
      type,
      outcome: shown,
      because: `${objective.expression} is undecided: the run was shorter than one block`,
    };
  return {
    type,
    outcome: shown,
    because:
      outcome === 'passed'
        ? null
        : `${objective.expression} ${outcome === 'failed' ? 'failed' : 'is undecided'}: ${telling.because}`,
  };
}

function judgeStretch(objective: Counted, stretch: Stretch, facts: Facts): StretchOutcome {
  const { planned, good } = stretch.counts;
  const first = objective.of === 'firstByte' ? 'the first byte ' : '';
  switch (objective.type) {
    case 'percentile':
    case 'errors': {
      const bad = badOf(objective, stretch, facts);
      const share = clauseShare(objective);
      if (share === null) return judgeRateIs(objective, { planned, bad });
      const what =
        objective.type === 'errors'
          ? 'failed'
          : `took ${first === '' ? '' : 'to the first byte '}longer than ${figure(objective.latencyMs)} ms or failed`;
      const observed =
        objective.type === 'errors'
          ? planned > 0
            ? bad / planned
            : null
          : (facts.quantilesMs.get(objective.expression) ?? null);
      return {
        ...judgeShare(planned, bad, share),
        observed,
        because: `${figure(bad)} of ${figure(planned)} requests ${what} (${percent(share)} allowed)`,
      };
    }
    case 'average':
      return judgeMean(objective, meanOf(objective, stretch));
    case 'extreme':
      return judgeExtreme(objective, stretch);
    case 'count':
      return judgeCount(objective, stretch.counts);
    case 'throughput': {
      const offered = (planned - stretch.counts.droppedGenerator) / stretch.seconds;
      const achieved = good / (stretch.goodSeconds ?? stretch.seconds);
      const because = `${figure(achieved)} good answers/s`;
      if (achieved >= objective.perSecond) return { outcome: 'passed', observed: achieved, because };
      if (offered < objective.perSecond)
        return { outcome: 'undecided', observed: achieved, because: `only ${figure(offered)} requests/s were sent` };
      return { outcome: 'failed', observed: achieved, because };
    }
  }
}

function judgeMean({ of, latencyMs }: Extract<Counted, { type: 'average' }>, meanMs: number | null): StretchOutcome {
  if (meanMs === null) return { outcome: 'undecided', observed: null, because: 'no request was measured' };
  const what = of === 'firstByte' ? 'time to the first byte' : 'response time';
  return {
    outcome: meanMs < latencyMs ? 'passed' : 'failed',
    observed: meanMs,
    because: `the mean ${what} was ${figure(meanMs)} ms`,
  };
}

/** The mean of what a clause is about, ms; null: nothing was measured. */
function meanOf({ of }: Objective, { meanMs, firstByteMeanMs }: Stretch): number | null {
  return of === 'firstByte' ? (firstByteMeanMs ?? meanMs) : meanMs;
}

function judgeShare(planned: number, bad: number, share: number): { outcome: ObjectiveOutcome['outcome'] } {
  if (planned === 0) return { outcome: 'undecided' };
  const enough = planned >= (share > 0 ? 3 / share - 1e-9 : 1);
  const exceeded = bad > share * planned;
  if (enough) return { outcome: exceeded ? 'failed' : 'passed' };
  return { outcome: exceeded && upperTail(planned, bad, share) < CERTAIN ? 'failed' : 'undecided' };
}

/**
 * Requests that break the clause: for `rate` the failed ones alone, for `avg` as many as the mean implies. A request that Hive cut off by ending a run
 * early was late, and is not an error.
 */
export function badOf(objective: Counted, stretch: Stretch, { endedEarly }: Pick<Facts, 'endedEarly'>): number {
  if (objective.type === 'percentile') return stretch.bad[objective.counter ?? 0] ?? 0;
  if (objective.type !== 'average') return lostOf(stretch.counts) - (endedEarly ? stretch.counts.cutOff : 0);
  const meanMs = meanOf(objective, stretch);
  return meanMs === null ? 0 : badByMean(stretch.counts.planned, meanMs, objective.latencyMs);
}

/** Ended in any way but a good answer. A request that the generator did not send is not the target's fault. */
export function lostOf({ answered, good, failed, timedOut, cutOff, droppedTarget }: Counts): number {
  return answered - good + failed + timedOut + cutOff + droppedTarget;
}

function countsEvidence(objectives: readonly Counted[], facts: Facts): Evidence | null {
  const clauses = objectives.flatMap((objective) => {
    const share = clauseShare(objective);
    if (share === null) return [];
    const { whole } = factsFor(objective, facts);
    return [
      {
        expression: objective.expression,
        bad: badOf(objective, whole, facts),
        planned: objective.type === 'average' && meanOf(objective, whole) === null ? 0 : whole.counts.planned,
        allowedShare: share,
      },
    ];
  });
  if (clauses.length === 0 || facts.whole.counts.planned === 0) return null;
  const counted = objectives.filter((objective) => clauseShare(objective) !== null);
  const blocks = facts.stretches.map((stretch, index) => ({
    seconds: stretch.seconds,
    planned: stretch.counts.planned,
    bad: counted.map((objective) => {
      if (objective.requestClass === null) return badOf(objective, stretch, facts);
      // A block has one number of requests: what is bad of a class is told as that share of all.
      const own = factsFor(objective, facts).stretches[index];
      if (own === undefined || own.counts.planned === 0) return 0;
      return Math.round((badOf(objective, own, facts) / own.counts.planned) * stretch.counts.planned);
    }),
  }));
  return { type: 'counts', clauses, blocks, ...(facts.endedEarly ? { endedEarly: true } : {}) };
}

/**
 * Consecutive whole blocks of at least `seconds`; a remainder that is too short is left out. Where the run was ended because its failure was
 * certain, the remainder is a block too if it breaks the clause: more is bad in it than all that was planned allows.
 */
function blocks(objective: Counted, seconds: number, facts: Facts): Stretch[] {
  const share = clauseShare(objective);
  const whole: Stretch[] = [];
  // What only drained after the last planned send belongs to the block before: nothing was sent in that time.
  const add = (block: Stretch): void => {
    const before = whole.at(-1);
    if (before === undefined || block.counts.planned > 0) whole.push(block);
    else if (share !== null) whole[whole.length - 1] = join(before, block);
  };
  let open: Stretch | null = null;
  for (const stretch of facts.stretches) {
    open = open === null ? stretch : join(open, stretch);
    if (open.seconds >= seconds - 0.05) {
      add(open);
      open = null;
    }
  }
  if (open === null || share === null) return whole;
  const { planned } = open.counts;
  const isBroken = facts.endedEarly && badOf(objective, open, facts) > share * planned;
  if (isBroken || (planned === 0 && whole.length > 0)) add(open);
  return whole;
}

/** Two stretches as one, `b` after `a`. */
export function join(a: Stretch, b: Stretch): Stretch {
  const counts = Object.fromEntries(
    Object.entries(a.counts).map(([key, value]) => [key, value + b.counts[key as keyof typeof b.counts]]),
  ) as Stretch['counts'];
  const [recordedA, recordedB] = [recordedOf(a), recordedOf(b)];
  const recorded = recordedA + recordedB;
  return {
    endMs: b.endMs,
    seconds: a.seconds + b.seconds,
    counts,
    bad: a.bad.map((value, index) => value + (b.bad[index] ?? 0)),
    meanMs: recorded === 0 ? null : ((a.meanMs ?? 0) * recordedA + (b.meanMs ?? 0) * recordedB) / recorded,
    ...(a.firstByteMeanMs === undefined && b.firstByteMeanMs === undefined
      ? {}
      : {
          firstByteMeanMs:
            ((a.firstByteMeanMs ?? 0) * recordedA + (b.firstByteMeanMs ?? 0) * recordedB) / (recorded || 1),
        }),
  };
}

/** How many response times its mean is of. */
function recordedOf({ meanMs, counts }: Stretch): number {
  if (meanMs === null) return 0;
  return counts.answered + counts.failed + counts.timedOut + counts.cutOff + counts.droppedTarget;
}

function worstObserved(objective: Objective, judged: readonly StretchOutcome[]): number | null {
  const observed = judged.flatMap((one) => (one.observed === null ? [] : [one.observed]));
  if (observed.length === 0) return null;
  return objective.type === 'throughput' ? Math.min(...observed) : Math.max(...observed);
}

function metReason(clauses: readonly Clause[], facts: Facts): string {
  const met = clauses.map(({ outcome }) => outcome.expression).join(' and ');
  const observed = clauses.flatMap(({ type, outcome }) => observedText(type, outcome.observed));
  const requests = `${figure(facts.whole.counts.planned)} requests`;
  return `met ${met} (${observed.length === 0 ? '' : `observed ${observed.join(' and ')}, `}${requests})`;
}

function observedText(type: Objective['type'], observed: number | null): string[] {
  if (observed === null) return [];
  return [observedOf(type, observed)];
}
