import {
  kindLabel,
  overallAnswer,
  parseObjectives,
  type Comparison,
  type ComparisonItem,
  type Kind,
  type OwnLimit,
  type SessionRow,
} from '@hive/contract';
import {
  compareLimits,
  compareRuns,
  runFigures,
  scatterOf,
  type PairRules,
  type PastLimit,
  type RunFigures,
} from '@hive/engine';
import type { ReportData, ReportRun } from './report-schema.js';

/** By what two reports are judged. */
export interface ReportRules extends Pick<PairRules, 'tolerance' | 'gates'> {
  /** The newest sessions of the target, newest first: how much its limits differ between sessions. Empty: as those of most targets. */
  history?: readonly SessionRow[];
}

/** Loads that differ by less are the same. */
const SAME_LOAD = 0.01;
/** Generators whose ceilings differ by more were not the same, where the load came near them. */
const CEILINGS_DIFFER = 1.33;
const NEAR_CEILING = 0.5;
const USUAL_ERRORS = 0.01;
const ONE_RUN_EACH =
  'one run each does not show how much runs differ by chance: measure both in turn with hive compare --confirm';

/** Compares what two reports say, the first being the base. Limits are compared by what each session found by itself. */
export function compareReports(base: ReportData, candidate: ReportData, rules: ReportRules): Comparison {
  const reasons = whyNotComparable(base, candidate);
  if (reasons.length > 0) return { answer: 'not_comparable', tolerance: rules.tolerance, items: [], reasons };
  return base.session.mode === 'run' ? comparedRuns(base, candidate, rules) : comparedLimits(base, candidate, rules);
}

/** Whether a session of a target can be compared: it is over, and found a limit by itself. */
export function hasFoundLimit({ mode, status, limits }: SessionRow): boolean {
  return mode === 'train' && status !== 'running' && limits.some(({ own }) => own?.low != null || own?.high != null);
}

/** What sessions, newest first, found of one kind by themselves, oldest first. */
export function pastLimits(sessions: readonly SessionRow[], kind: Kind): PastLimit[] {
  return sessions.toReversed().flatMap(({ id, mode, started_at, limits }) => {
    if (mode !== 'train') return [];
    const own = limits.find((limit) => limit.kind === kind)?.own ?? null;
    return own === null ? [] : [{ sessionId: id, at: started_at, own }];
  });
}

function comparedLimits(base: ReportData, candidate: ReportData, { tolerance, history = [] }: ReportRules): Comparison {
  const items = base.limits.flatMap(({ kind, unit }): ComparisonItem[] => {
    const [a, b] = [ownOf(base, kind), ownOf(candidate, kind)];
    if (a === null || b === null) return [];
    const scatter = scatterOf(pastLimits(history, kind));
    return [compareLimits({ kind, unit, base: a, candidate: b }, { tolerance, scatter })];
  });
  const reasons = items.flatMap(({ name, reason }) =>
    reason === undefined ? [] : [`${kindLabel(name as Kind)}: ${reason}`],
  );
  if (items.length === 0) reasons.push('no kind was measured in both sessions');
  const deciding = items.filter(({ decides }) => decides).map(({ answer }) => answer);
  return { answer: overallAnswer(deciding), tolerance, items, reasons };
}

function comparedRuns(base: ReportData, candidate: ReportData, { tolerance, gates }: ReportRules): Comparison {
  const [a, b] = [figuresOf(base.runs), figuresOf(candidate.runs)] as [RunFigures, RunFigures];
  const rules = { tolerance, gates, allowedErrors: allowedErrorsOf(base) };
  const { answer, items } = compareRuns([{ base: a, candidate: b }], rules);
  return { answer, tolerance, items, reasons: [ONE_RUN_EACH] };
}

/** Reasons of which any makes a comparison senseless. */
function whyNotComparable(base: ReportData, candidate: ReportData): string[] {
  const unusable = [...unusableReason('the base', base), ...unusableReason('the candidate', candidate)];
  if (unusable.length > 0) return unusable;
  const reasons: string[] = [];
  if (base.session.mode === 'verify' || candidate.session.mode === 'verify')
    reasons.push('a session about one load has no limit to compare');
  else if (base.session.mode !== candidate.session.mode)
    reasons.push('one is a session that looked for limits, the other a run of one load');
  if (objectivesOf(base).join() !== objectivesOf(candidate).join()) reasons.push('their objectives differ');
  if (base.target.requestsDigest !== candidate.target.requestsDigest) reasons.push('their requests differ');
  if (base.session.mode === 'run' && candidate.session.mode === 'run' && !isSameLoad(base, candidate))
    reasons.push('their loads differ');
  if (ceilingsDiffer(base, candidate))
    reasons.push(
      'their load generators differ by more than a third in what they can send, and were more than half used',
    );
  return reasons;
}

function unusableReason(name: string, { verdict, runs }: ReportData): string[] {
  const measured = runs.some(({ result, outcome }) => result.measurement !== null && outcome !== 'not_usable');
  if (verdict.trust !== 'invalid' && measured) return [];
  return [`${name} is not usable: ${verdict.reasons[0] ?? 'no run was measured'}`];
}

/** As they were when it was measured: a target may have changed since. */
function objectivesOf({ runs, target }: ReportData): string[] {
  return (runs.at(-1)?.objectives ?? target.objectives).toSorted();
}

function isSameLoad(base: ReportData, candidate: ReportData): boolean {
  const [a, b] = [base.runs[0] as ReportRun, candidate.runs[0] as ReportRun];
  return a.unit === b.unit && Math.abs(Math.log(b.intensity / a.intensity)) <= SAME_LOAD;
}

function ceilingsDiffer(base: ReportData, candidate: ReportData): boolean {
  const [a, b] = [plainCeiling(base), plainCeiling(candidate)];
  if (a === null || b === null || Math.max(a, b) / Math.min(a, b) <= CEILINGS_DIFFER) return false;
  const highest = Math.max(
    ...[...base.runs, ...candidate.runs].map(({ result }) => result.measurement?.offeredPerSecond ?? 0),
  );
  return highest > NEAR_CEILING * Math.min(a, b);
}

function plainCeiling({ ceiling }: ReportData): number | null {
  return ceiling?.shapes.find(({ shape }) => shape === 'plain')?.ratePerSecond ?? null;
}

/** What the session found by itself; of sessions before that was kept, what its trail ends with. */
function ownOf({ limits, trails }: ReportData, kind: Kind): OwnLimit | null {
  const own = limits.find((one) => one.kind === kind)?.own;
  if (own !== undefined) return own;
  const last = trails.find((one) => one.kind === kind)?.steps.at(-1);
  return last === undefined ? null : { ...last, band: null, safe: null, seconds: 0 };
}

function figuresOf(runs: readonly ReportRun[]): RunFigures | undefined {
  const measured = runs.find(({ result, outcome }) => result.measurement !== null && outcome !== 'not_usable');
  return measured?.result.measurement ? runFigures(measured.result.measurement) : undefined;
}

function allowedErrorsOf(report: ReportData): number {
  const shares = parseObjectives(objectivesOf(report)).flatMap((one) => (one.type === 'errors' ? [one.share] : []));
  return shares.length > 0 ? Math.min(...shares) : USUAL_ERRORS;
}
