import type { Base, Kind, Plan, Target } from '@hive/contract';

/** What one kind makes of a target and an intensity. */
export interface Problem {
  description: string;
  expectedOutcomes: string[];
  plan: Plan;
  /** What it is judged by, where that is not the target's objectives as they stand. */
  objectives?: string[];
}

/** One kind of scenario. Everything the generator and the learner must know about its axis. */
export interface KindDefinition {
  kind: Kind;
  /** Whole steps only (connections, keys), or any real number (rates). */
  whole: boolean;
  /** Shares lie on a logit axis, everything else on a logarithmic one. */
  scale: 'ln' | 'logit';
  /** The lowest intensity that makes sense. */
  floor: number;
  /** Where the search begins while nothing is known; the place that difficulty labels refer to until then. */
  prior: number;
  /** What its judge yields on the way to a limit. */
  evidence: 'counts' | 'margin';
  /** The scenario's phases decide how long it takes; else whoever plans it may shorten or lengthen the judged part. */
  fixedTimes: boolean;
  /** The shortest judged part that its judge can make something of; ms. Default: none is too short. */
  leastMs?: number;
  /** The target's own safety cap on this axis. */
  cap(target: Target): number;
  /** Why this kind cannot be judged on the target and what to add, or null when it can. */
  notApplicable(target: Target): string | null;
  /** Requests a second that the intensity offers, where the axis says so; null where only the target decides. */
  offeredPerSecond(intensity: number, base: Base): number | null;
  build(request: { target: Target; intensity: number; base: Base; seed: number }): Problem;
}
