import type { Kind, Limit } from '@hive/contract';
import type { Axis, LearnedResult } from '../axis.js';
import type { ChirpStage } from '../belief/chirp.js';
import type { ChirpRule } from '../belief/stopping.js';

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
  | {
      action: 'chirp';
      kind: Kind;
      stages: ChirpStage[];
      rule: ChirpRule;
      reason: string;
      /** One, two, four … requests under way instead of a rising rate. */
      closed?: { restMs: number };
    }
  | { action: 'finish'; reason: string; code: 'goal' | 'budget' | 'not_applicable' };

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
  /** What each kind that is not done has left of its share of the time, ms, in their order; absent: none has a share of its own. */
  sharesMs?: ReadonlyMap<Kind, number>;
  /** The safe rate must hold for this many seconds before the end; absent: no hold. */
  holdSeconds?: number;
}

/** Learns limits and chooses what to try: pure functions of observed results. */
export interface Policy {
  choose(situation: Situation): Choice;
  /** Whether the search of one kind has come to its end: its limit is known as well as was asked for, or cannot be. */
  isDone(axis: Axis, situation: Situation): boolean;
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
