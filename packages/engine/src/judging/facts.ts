import type { Counts, ErrorKind, Evidence, ObjectiveOutcome, TargetNode, Verdict } from '@hive/contract';

/** What was measured in a stretch of the judged part. */
export interface Stretch {
  seconds: number;
  counts: Counts;
  /** Planned requests that were not well answered within the latency of the same index in `latenciesMs`. */
  bad: number[];
  /** Of `bad`, those that were bad only because the generator sent them late. Absent: none. */
  badByLateness?: number[];
  /** Mean response time of everything recorded; null when nothing was. */
  meanMs: number | null;
}

/** Everything a judge may look at. */
export interface Facts {
  objectives: readonly string[];
  /** The latencies of the percentile clauses, in the order of `bad`. */
  latenciesMs: readonly number[];
  whole: Stretch;
  /** The judged part in consecutive stretches of about a second, for clauses with `for`. */
  stretches: readonly Stretch[];
  /** Response time at each percentile clause's own quantile, by expression; ms. */
  quantilesMs: ReadonlyMap<string, number>;
  errors: Partial<Record<ErrorKind, number>>;
  nodes: readonly TargetNode[];
  /** Good answers by node. */
  answersByNode: Readonly<Record<string, number>>;
  /** Time that connections spent beyond each of `latenciesMs`, ms, and all connection-time, ms; closed model. */
  connectionTime: { beyondMs: readonly number[]; totalMs: number } | null;
}

/** What a judge says. */
export interface Judgement {
  verdict: Verdict;
  /** One sentence: why. */
  reason: string;
  objectives: ObjectiveOutcome[];
  evidence: Evidence | null;
}

/** One kind's pass rule. Pure. */
export type Judge = (facts: Facts) => Judgement;
