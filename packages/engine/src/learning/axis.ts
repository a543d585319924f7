import type { Kind, ObjectiveOutcome, Scenario, ScenarioResult } from '@hive/contract';

/** A stored result as the learner reads it. Results come oldest first. */
export interface LearnedResult {
  sessionId: string | null;
  scenario: Pick<Scenario, 'kind' | 'intensity' | 'objectives' | 'base' | 'plan'>;
  result: Pick<ScenarioResult, 'verdict' | 'validity' | 'evidence' | 'reason' | 'executionSeconds'> &
    Pick<Partial<ScenarioResult>, 'furtherEvidence' | 'measurement' | 'regions'> & {
      objectives: ObjectiveOutcome[];
    };
  /** When it began, ISO 8601. */
  at: string;
}

/** One clause of the rule that a kind is judged by. */
export interface Clause {
  expression: string;
  allowedShare: number;
  /** What a request may take, s; null for a clause about errors or hits. */
  latencySeconds: number | null;
}

/** One axis to be searched, as the problem generator describes it for this target. */
export interface Axis {
  kind: Kind;
  unit: string;
  whole: boolean;
  /** Shares are searched on a logit axis, everything else on a logarithmic one. */
  scale: 'ln' | 'logit';
  /** What its judge yields. */
  evidence: 'counts' | 'margin';
  floor: number;
  cap: number;
  /** What to do to look beyond the cap. */
  capReason: string;
  /** Where to begin while nothing is known. */
  prior: number;
  offeredPerSecond(intensity: number): number | null;
  /** What one request takes alone, ms; null: not measured. */
  restMs: number | null;
  /** Why the kind cannot be judged on this target; null when it can. */
  notApplicable: string | null;
  /** What its counts are judged by. */
  clauses: readonly Clause[];
  /** The longest latency of the objectives, s. */
  latencySeconds: number;
  /** Overload on purpose: a loopback target, or `safety.allowOverload`. */
  allowOverload: boolean;
  /** The intensity is a rate that can be raised within one run. */
  chirp: boolean;
  /** How badness grows along the axis: with a load in requests/s, in some other way, or slowly. */
  badness: 'load' | 'other' | 'slow';
  /** How long a run must hold at the low end before the limit is known, judged s; null: any run that held there will do. */
  longRunSeconds: number | null;
  /** Results are comparable only where the base load was about the same. */
  besideBaseLoad: boolean;
  /** When the budget is short, axes with a lower number are kept first. */
  budgetPlace: number;
  /** How long a scenario lasts whose phases decide it, ms; null: whoever chooses the intensity chooses the time too. */
  fixedMs: ((intensity: number) => number) | null;
  /** The shortest judged part that its judge can make something of; ms. */
  leastMs: number;
}

/** The smallest share of bad requests that a clause allows; 0 to 1. */
export function rarestShare(clauses: readonly Clause[]): number {
  return Math.min(...clauses.map(({ allowedShare }) => allowedShare));
}
