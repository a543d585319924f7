import type { Arrivals, Counts, ErrorKind, RequestClass, TargetNode } from '@hive/contract';

/** Everything a load generator must know to run one piece of load. Plain data: it crosses threads and machines. */
export interface LoadOrder {
  nodes: TargetNode[];
  requests: RequestClass[];
  balance: 'round_robin' | 'least_connections' | 'ip_hash';
  arrivals: Arrivals;
  /** Planned sends with an intended start before this are part `warmup`, later ones part `judged`. */
  warmupMs: number;
  /** Length of the judged part. The last planned send is before warmupMs + durationMs. */
  durationMs: number;
  timeoutMs: number;
  graceMs: number;
  seed: number;
  /** Latencies for which requests slower than that are counted exactly, in ms. */
  thresholdsMs: number[];
  /** Accept TLS certificates that do not verify. */
  insecure: boolean;
  /** Addresses beyond loopback that may be dialled: host names and CIDRs. */
  allowTargets: string[];
  tickMs: number;
}

/** What one tick adds to one part of a run. A request belongs to the part in which it was *meant* to start. */
export interface TickPart {
  part: 'warmup' | 'judged';
  counts: Counts;
  errors: Partial<Record<ErrorKind, number>>;
  /** For each of the order's thresholds: planned requests not well answered within it (failed and dropped_target ones included). */
  bad: number[];
  /** Encoded HDR histograms in microseconds (compressed V2); null when the tick recorded nothing. */
  responseTime: Uint8Array | null;
  serviceTime: Uint8Array | null;
  /** Good answers by node id. */
  nodes: Record<string, number>;
  bytesIn: number;
  bytesOut: number;
}

/** What the generator says of itself in one tick. */
export interface GeneratorHealth {
  /** Encoded histogram of lateness (actual − intended send, waiting for a connection taken out) in µs; open model only. */
  lateness: Uint8Array | null;
  latenessP99Ms: number;
  /** (thread CPU − empty spin turns) ÷ wall, 0–1. */
  busy: number;
  /** p99 of the event loop's delay above the monitor's own resolution, ms. */
  eventLoopDelayP99Ms: number;
  /** ∫ outstanding dt over the tick, request-milliseconds. */
  outstandingIntegralMs: number;
  /** Σ service time of requests ended in the tick, ms. */
  endedServiceMs: number;
  /** Σ age of the requests outstanding at the tick's end, ms. */
  openAgesMs: number;
  /** wall − monotonic progress within the tick, ms. */
  clockJumpMs: number;
}

/** What a load generator reports every `tickMs`; histograms, never samples, cross the border. */
export interface Tick {
  fromMs: number;
  toMs: number;
  /** Where the schedule stood at the tick's end. */
  phase: 'warmup' | 'judged' | 'grace';
  parts: TickPart[];
  connections: number;
  peakConnections: number;
  outstanding: number;
  waiting: number;
  health: GeneratorHealth;
  /** True on the last tick: nothing is outstanding any more. */
  last: boolean;
  /** Present on the last tick when the run ended before its plan, with the cause. */
  endedEarly?: 'aborted' | 'generator_overloaded';
}

/** Something that can put load on a target: worker threads here, or workers elsewhere. */
export interface Load {
  /**
   * Runs one order; the ticks' parts add up to the whole run. On abort, outstanding requests are cut off, sockets closed,
   * and the last tick comes within 500 ms.
   * @throws HiveError `refused_by_safety` before anything is dialled, `target_unreachable` when a node's name does not resolve.
   */
  run(order: LoadOrder, signal: AbortSignal): AsyncIterable<Tick>;
  /** Ends the threads. */
  close(): Promise<void>;
}
