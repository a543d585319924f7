import type { Kind, Limit, ObjectiveOutcome, Scenario, ScenarioResult } from '@hive/contract';

/** A stored result as the learner reads it. Results come oldest first. */
export interface LearnedResult {
  sessionId: string | null;
  scenario: Pick<Scenario, 'kind' | 'intensity' | 'objectives' | 'base'>;
  result: Pick<ScenarioResult, 'verdict' | 'validity' | 'evidence' | 'executionSeconds'> & {
    objectives: ObjectiveOutcome[];
  };
  /** ISO 8601. */
  at: string;
}

/** One axis to be searched, as the problem generator describes it for this target. */
export interface Axis {
  kind: Kind;
  unit: string;
  whole: boolean;
  floor: number;
  cap: number;
  /** Where to begin while nothing is known. */
  prior: number;
  offeredPerSecond(intensity: number): number | null;
  /** Why the kind cannot be judged on this target; null when it can. */
  notApplicable: string | null;
}

/** What the policy wants tried next, with the reason in one sentence; or why it is finished. */
export type Choice =
  | { action: 'probe'; kind: Kind; intensity: number; warmupMs: number; durationMs: number; reason: string }
  | { action: 'finish'; reason: string };

/** What the choice may depend on. */
export interface Situation {
  axes: readonly Axis[];
  /** This session's results. */
  results: readonly LearnedResult[];
  /** What earlier sessions left, per kind. */
  known: ReadonlyMap<Kind, Limit>;
  budgetLeftMs: number;
  /** Half width of the wanted interval as a share: 0.05 is ±5 %. */
  precision: number;
}

/** Learns limits and chooses what to try: pure functions of observed results. */
export interface Policy {
  choose(situation: Situation): Choice;
  /** The limit of one axis, from the results of one session. */
  limit(axis: Axis, results: readonly LearnedResult[]): Limit;
}
