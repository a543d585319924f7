import type { ChirpStage } from './chirp.js';
import type { Clause } from './learner.js';
import type { ChirpRule } from './stopping.js';
import type { Kind, Limit, ObjectiveOutcome, Scenario, ScenarioResult } from '@hive/contract';

/** A stored result as the learner reads it. Results come oldest first. */
export interface LearnedResult {
  sessionId: string | null;
  scenario: Pick<Scenario, 'kind' | 'intensity' | 'objectives' | 'base' | 'plan'>;
  result: Pick<ScenarioResult, 'verdict' | 'validity' | 'evidence' | 'reason' | 'executionSeconds'> &
    Pick<Partial<ScenarioResult>, 'furtherEvidence' | 'measurement'> & {
      objectives: ObjectiveOutcome[];
    };
  /** When it began, ISO 8601. */
  at: string;
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
  /** How long a scenario lasts whose phases decide it, ms; null: whoever chooses the intensity chooses the time too. */
  fixedMs: ((intensity: number) => number) | null;
  /** The shortest judged part that its judge can make something of; ms. */
  leastMs: number;
}

/** What the policy wants tried next, with the reason in one sentence; or why it is finished. */
export type Choice =
  | {
      action: 'probe';
      kind: Kind;
      intensity: number;
      warmupMs: number;
      durationMs: number;
      /** The predicted chance that it fails, 0–1; null while nothing is known. */
      predictedFailure: number | null;
      reason: string;
      /** It shows whether a safe intensity holds for long. */
      hold?: boolean;
    }
  | { action: 'chirp'; kind: Kind; stages: ChirpStage[]; rule: ChirpRule; reason: string }
  | { action: 'finish'; reason: string };

/** What the choice may depend on. */
export interface Situation {
  axes: readonly Axis[];
  /** This session's results. */
  results: readonly LearnedResult[];
  /** What earlier sessions left of a kind and is comparable. */
  history: ReadonlyMap<Kind, readonly LearnedResult[]>;
  budgetLeftMs: number;
  /** Half width of the wanted interval as a share: 0.05 is ±5 %. */
  precision: number;
  /** For so many seconds a rate that is called safe must hold before the end; absent: it need not. */
  holdSeconds?: number;
}

/** Learns limits and chooses what to try: pure functions of observed results. */
export interface Policy {
  choose(situation: Situation): Choice;
  /** The limit of one axis, from the results of one session or of several. */
  limit(axis: Axis, results: readonly LearnedResult[]): Limit;
  /** How far the newest of these results moved the belief, bits; null where there was none before. */
  informationGained(axis: Axis, results: readonly LearnedResult[]): number | null;
  /** The predicted chance that a run fails, 0–1; null while nothing is known. */
  chanceOfFailing(
    axis: Axis,
    results: readonly LearnedResult[],
    run: { intensity: number; seconds: number },
  ): number | null;
}
