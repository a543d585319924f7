import type { Arrivals, Counts, ErrorKind, RequestClass, TargetNode, Validity } from '@hive/contract';
import type { SharedAllowance } from './allowance.js';

/** A node, and where it is dialled when not at its own address: through a proxy, say. Its name and certificate stay its own. */
export interface OrderNode extends TargetNode {
  via?: { host: string; port: number };
}

/** The value of one header for each of some users, in memory that all threads share: see `tokens.ts`. */
export interface SharedTokens {
  /** The header, in small letters. */
  name: string;
  users: number;
  memory: SharedArrayBuffer;
}

/** Certificates and keys as they are used (PEM): to be dialled with, never to be stored, shown or logged. */
export interface TlsMaterial {
  cert?: string | undefined;
  key?: string | undefined;
  ca?: string | undefined;
  /** The name to ask for and to verify. */
  serverName?: string | undefined;
}

/** Which part of an order a load generator sends, of those that run it together: the weights are those of all parts. */
export interface Split {
  index: number;
  weights: readonly number[];
}

/** Everything a load generator must know to run one piece of load. Plain data: it crosses threads and machines. */
export interface LoadOrder {
  nodes: OrderNode[];
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
  /** Which of them, by index, are about the time to the first byte of the answer's body. Absent: none. */
  firstByteThresholds?: readonly number[];
  /** Accept TLS certificates that do not verify. */
  insecure: boolean;
  /** Client certificate, authorities and the name to verify. Absent: none, the usual ones, the URL's host. */
  tls?: TlsMaterial;
  /** By which requests show that they may: one user's is drawn for each. Absent: by nothing. */
  tokens?: SharedTokens;
  /** A connection is closed after this many requests. Absent: never. */
  requestsPerConnection?: number;
  /** It ends after this many requests. Absent: with its plan. */
  mostRequests?: number;
  /** Addresses beyond loopback that may be dialled: host names and CIDRs. */
  allowTargets: string[];
  tickMs: number;
  /** What is counted apart as well: every request class, every node, and answers by the node that a header names. */
  groupBy?: readonly ('class' | 'node' | 'named_node')[];
  /** Headers of answers that are read: which may tell a cache's hit, and which names the node that answered. */
  readHeaders?: { cache?: string[]; node?: string };
  /** Size of the bodies of classes with a `payload`, bytes; such answers must be whole, by length and by digest where one is given. */
  payloadBytes?: number;
  /** Headers of every request that do not belong to it: who sends it. A class's own win. */
  identity?: Readonly<Record<string, string>>;
  /** What the session may still send; absent: anything. Once it is spent, nothing is sent any more. */
  allowance?: SharedAllowance;
  /** Closed model: the first class's keys are sent once each, the last first, and then the run ends. */
  sweep?: boolean;
  /** This is one part of what several load generators send together; absent: all of it. */
  split?: Split;
}

/** One way in which requests went wrong, with the first that did. */
export interface TickExample {
  kind: ErrorKind;
  /** As in {@link ErrorDetail}. */
  code: string;
  inWords: string | null;
  came: string | null;
  /** Indexes in the order. */
  requestClass: number;
  node: number;
  /** Requests that went wrong in this way. */
  count: number;
}

/** What one tick adds to one part of a run. A request belongs to the part in which it was *meant* to start. */
export interface TickPart {
  part: 'warmup' | 'judged';
  /** How much of the part's own planned time lies in this tick, ms. Absent: the whole tick when its phase is this part, else nothing. */
  spanMs?: number;
  /** Requests whose intended start lies in this tick, sent or not yet. Absent: as `counts.planned`. */
  arrived?: number;
  /** What became of planned requests: one is counted here as planned when it is sent or dropped, not while it waits. */
  counts: Counts;
  errors: Partial<Record<ErrorKind, number>>;
  /** Whole answers by status. Absent: none came, or nobody counted. */
  statuses?: Record<string, number>;
  /** What went wrong, a few ways of it. Absent: nothing. */
  examples?: TickExample[];
  /** For each of the order's thresholds: planned requests not well answered within it (failed and dropped_target ones included). */
  bad: number[];
  /** Of `bad`, good answers that would have been in time had the generator not come to them late. Absent: none. */
  badByLateness?: number[];
  /** Encoded HDR histograms in microseconds (compressed V2); null when the tick recorded nothing. */
  responseTime: Uint8Array | null;
  serviceTime: Uint8Array | null;
  /** From the intended start to the first byte of the body; to its end where a request had none. Absent: not measured. */
  firstByte?: Uint8Array | null;
  /** When the first good answer came and when the last, ms on the run's time line. Absent: none came. */
  goodBetweenMs?: [number, number];
  /** Good answers by node id. */
  nodes: Record<string, number>;
  bytesIn: number;
  bytesOut: number;
  /** What the order counts apart: by the index of the request class, then by that of the node. */
  groups?: GroupCounts[];
  /** Answers by the node that a header named, where the order counts these apart: a request that was not answered belongs to none. */
  namedNodes?: Record<string, GroupCounts>;
  /** By the region of the load generators that sent them, where several did. */
  regions?: Record<string, GroupCounts>;
  /** Good answers that named a cache: a hit or a miss. */
  cache?: { hits: number; misses: number };
}

/** What became of the planned requests of one class or one node. */
export interface GroupCounts {
  planned: number;
  good: number;
  /** Came to any other end but for the generator's sake. */
  failed: number;
  droppedGenerator: number;
  /** As in the part. */
  bad: number[];
  badByLateness: number[];
  responseTime: Uint8Array | null;
  serviceTime: Uint8Array | null;
  /** As in the part, where a threshold is about it. */
  firstByte?: Uint8Array | null;
}

/** What the generator says of itself in one tick. */
export interface GeneratorHealth {
  /** Encoded histogram of lateness (actual − intended send, waiting for a connection taken out) in µs; open model only. */
  lateness: Uint8Array | null;
  latenessP99Ms: number;
  /** (thread CPU − empty spin turns) ÷ wall, 0–1. */
  busy: number;
  /** p99 of the event loop's delay above the monitor's own resolution, ms, since the run's start or its warm-up's end. */
  eventLoopDelayP99Ms: number;
  /** ∫ outstanding dt over the tick, request-milliseconds. */
  outstandingIntegralMs: number;
  /** Σ service time of requests ended in the tick, ms. */
  endedServiceMs: number;
  /** Σ age of the requests outstanding at the tick's end, ms. */
  openAgesMs: number;
  /** wall − monotonic progress within the tick, ms. */
  clockJumpMs: number;
  /** Durations that came out negative or not a number. Absent: none. */
  badDurations?: number;
  /** CPU of the whole machine over the tick, 0–1, and the share a hypervisor took away; absent where unknown. */
  machineBusy?: number;
  machineSteal?: number;
}

/** The phases of a request, which add up to its service time. Connect and TLS only where a connection was made for it. */
export interface Phases<Value> {
  connect: Value;
  tls: Value;
  /** From the request's leaving to the first byte of the answer's body, or to the end of its header where it has none. */
  firstByte: Value;
  /** From the first byte to the last. */
  transfer: Value;
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
  /** Where the time of answered requests went, encoded histograms in µs; both parts of the run together. */
  phases?: Phases<Uint8Array | null>;
  /** True on the last tick: nothing is outstanding any more. */
  last: boolean;
  /** Present on the last tick when the run ended before its plan, with the cause. */
  endedEarly?: 'aborted' | 'generator_overloaded';
  /** Load generators on other machines that fell silent by now; absent: none. */
  lost?: readonly LostGenerator[];
  /** How far apart the load generators of a fleet began, ms; absent: there is one. */
  startSpreadMs?: number;
}

/** A load generator that fell silent during a run. */
export interface LostGenerator {
  name: string;
  /** When it was last heard, ms on the run's time line. */
  atMs: number;
  /** What it was to send after that, and may have sent or not: counted as dropped by the generator. */
  unaccounted: number;
  /** The others went on without it. */
  continued?: true;
}

/** How well a generator kept to its plan over a run, without what came of it. */
export interface Soundness {
  /** What counts whatever the run shows: requests that were never sent, figures that contradict each other, a clock that jumped. */
  always: Validity;
  /** What counts where objectives were missed: late sends, a busy thread, a busy machine. What passed beside them passed. */
  whenMissed: Validity;
  /** It sent or read so late that a tenth of what the strictest latency allows may be its own. */
  isDelayed: boolean;
  /** It left out requests that were planned, or its machine refused them. */
  couldNotSend: boolean;
  /** Its thread had no time left; open model. */
  isThreadFull: boolean;
  /** The same in the last second: where a ramp ended. */
  isFullAtEnd: boolean;
}

/**
 * What shared this machine with a run. `quiet`: nothing worth a word. `shared`: others used it, and room was left. `full`: no room was left, and
 * the target got what it needed all the same. `busy`: it may not have. `unknown` is not quiet.
 */
export type Around = { state: 'unknown' | 'quiet' | 'shared' } | { state: 'full' | 'busy'; by: string };

/** Something that can put load on a target: worker threads here, or workers elsewhere. */
export interface Load {
  /**
   * Runs one order; the ticks' parts add up to the whole run. On abort, outstanding requests are cut off, sockets closed,
   * and the last tick comes within 500 ms.
   * @throws HiveError `refused_by_safety` before anything is dialled, `target_unreachable` when a node's name does not resolve.
   */
  run(order: LoadOrder, signal: AbortSignal): AsyncIterable<Tick>;
  /** True: orders carry `${NAME}` in requests as they are written, and whoever sends them fills them in. Absent: they come filled in. */
  readonly fillsIn?: boolean;
  /** Ends the threads. */
  close(): Promise<void>;
}

/** A planned request, drawn or not: what it was to be. */
export interface Planned {
  /** ms on the run's own time line, as all times here. */
  intendedMs: number;
  /** Index of the node in the order; −1 while none was chosen. */
  node: number;
  /** Index of the request class in the order; −1 while none was drawn. */
  requestClass: number;
}

/** More about a request that went wrong; asked for only where it is new. */
export interface ErrorDetail {
  /** Tells errors of one kind apart: the code of Node.js or OpenSSL, or what is wrong with the form of the answer. */
  readonly code: string;
  /** In the words of who noticed it; null: the code says it all. */
  inWords(): string | null;
  /** How the body of the answer began, or what came in place of an answer; null: nothing came. */
  came(): string | null;
}

/** One request in flight, as the load engine keeps it: one object per connection, used again and again. */
export interface Exchange extends Planned {
  /** How late the loop came to it, ms; 0 where it then waited for a connection, since that hides the lateness. */
  lateMs: number;
  /** When work for it began: the dial, or the write on a connection that was open already. */
  startMs: number;
  /** When TCP was connected and TLS agreed, where a connection was made for this request; else NaN. */
  connectedMs: number;
  securedMs: number;
  /** When the first byte of the body came, or the header of an answer without one. NaN: with the end, or not yet. */
  firstByteMs: number;
  bytesIn: number;
  bytesOut: number;
  /** Of a whole answer. */
  status: number;
  /** Knows more about what went wrong; null: nobody does. */
  readonly detail: ErrorDetail | null;
  /** What the answer said about a cache; null: nothing. */
  cache: 'hit' | 'miss' | null;
  /** Who answered, as a header named it; null: nobody is known but the node. */
  servedBy: string | null;
}

/** What a load engine tells as it happens. Called on the hot path: implementations allocate nothing. */
export interface Recorder {
  /** Open model: the loop has come to a planned request; `nowMs − intendedMs` is how late it was. Once a planned request. */
  arrived(intendedMs: number, nowMs: number): void;
  /** Work on a request begins at `exchange.startMs`. */
  begun(exchange: Exchange): void;
  /** It left this machine, or was refused by the target before it could. */
  sent(exchange: Exchange): void;
  /** A complete answer; `error` when its status is not acceptable. */
  answered(exchange: Exchange, endMs: number, error: ErrorKind | null): void;
  failed(exchange: Exchange, endMs: number, error: ErrorKind): void;
  timedOut(exchange: Exchange, endMs: number): void;
  /** Still outstanding when the run ended. */
  cutOff(exchange: Exchange, endMs: number): void;
  /** Begun and never sent, because this machine refused. */
  refusedLocally(exchange: Exchange, endMs: number, error: ErrorKind): void;
  /** Never begun. `ageMs` is how long it has waited. */
  dropped(planned: Planned, cause: 'target' | 'generator', ageMs: number): void;
}
