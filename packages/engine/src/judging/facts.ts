import type {
  Latency,
  Budgets,
  Counts,
  ErrorKind,
  Evidence,
  ObjectiveOutcome,
  TargetNode,
  Verdict,
} from '@hive/contract';

/** What was measured in a stretch of the judged part. */
export interface Stretch {
  /** Its end, ms since the first planned send. */
  endMs: number;
  seconds: number;
  /** The time in which its good answers came, where that is longer than `seconds`. Absent: it is not. */
  goodSeconds?: number;
  counts: Counts;
  /** Planned requests that were not well answered within the latency of the same index in `latenciesMs`. */
  bad: number[];
  /** Of `bad`, those that were bad only because the generator sent them late. Absent: none. */
  badByLateness?: number[];
  /** Mean response time of everything recorded; null when nothing was. */
  meanMs: number | null;
  /** Mean time to the first byte of the body. Absent: not measured. */
  firstByteMeanMs?: number;
  /** All times of the whole. Absent: it is a part. */
  times?: { response: Latency; firstByte: Latency };
  /** By how much requests were sent late on average, ms; part of `meanMs`. Absent: not at all. */
  latenessMs?: number;
  /** Good answers by what they said about a cache. Absent: they said nothing. */
  cache?: { hits: number; misses: number };
}

/** The requests of one class, of one node, or of the links that were spared. */
export interface GroupFacts {
  name: string;
  whole: Stretch;
  stretches: readonly Stretch[];
  /** Response time at each percentile clause's own quantile, by expression; ms. */
  quantilesMs: ReadonlyMap<string, number>;
}

/** The faults of a scenario, and what stood in line when they ended. */
export interface FaultFacts {
  link: string;
  /** ms since the first planned send. */
  fromMs: number;
  toMs: number;
  /** Share of the requests sent during the faults that were under one, 0–1; null where the target's own connections were hit. */
  achievedShare: number | null;
  /** Requests sent or waiting when the faults ended. */
  backlog: number;
  /** What the target can take beyond the base load, requests/s. */
  sparePerSecond: number;
}

/** One cycle of load and rest. */
export interface MemoryCycle {
  requests: number;
  /** Resident memory that stayed in the rest, bytes. */
  floorBytes: number;
}

/** Everything a judge may look at. */
export interface Facts {
  objectives: readonly string[];
  /** The latencies of the clauses that name one, in the order of `bad`. */
  latenciesMs: readonly number[];
  whole: Stretch;
  /** The judged part in consecutive stretches of about half a second. */
  stretches: readonly Stretch[];
  /** Response time at each percentile clause's own quantile, by expression; ms. */
  quantilesMs: ReadonlyMap<string, number>;
  errors: Partial<Record<ErrorKind, number>>;
  nodes: readonly TargetNode[];
  balance: 'round_robin' | 'least_connections' | 'ip_hash';
  /** The header of an answer that names its node, behind one address; null: nobody names nodes. */
  nodeHeader: string | null;
  /** Good answers by node. */
  answersByNode: Readonly<Record<string, number>>;
  /** What is counted apart: classes, nodes, or the links that were spared. */
  groups: readonly GroupFacts[];
  /** The requests of each class that an objective is about, by its name. */
  classes: ReadonlyMap<string, GroupFacts>;
  /** Time that connections spent beyond each of `latenciesMs`, ms, and all connection-time, ms; closed model. */
  connectionTime: { beyondMs: readonly number[]; totalMs: number } | null;
  budgets: Budgets;
  faults: FaultFacts | null;
  /** Cycles of load and rest, the first of which is warm-up; null where memory was not watched. */
  memory: readonly MemoryCycle[] | null;
  /** It ended early because its failure was certain. */
  endedEarly: boolean;
}

/** What a judge says. */
export interface Judgement {
  verdict: Verdict;
  /** One sentence: why. */
  reason: string;
  objectives: ObjectiveOutcome[];
  evidence: Evidence | null;
  /** Of a rule of several parts, the evidence of the others. */
  furtherEvidence?: Evidence[];
  /** Figures that are shown and not judged, in words. */
  findings?: string[];
}

/** One kind's pass rule. Pure. */
export type Judge = (facts: Facts) => Judgement;

/** The same facts for one group's requests alone. */
export function ofGroup(facts: Facts, { whole, stretches, quantilesMs }: GroupFacts): Facts {
  return { ...facts, whole, stretches, quantilesMs, groups: [] };
}
