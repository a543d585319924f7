import type { Kind } from '@hive/contract';
import type { Clause } from '../axis.js';
import type { Belief } from '../belief/belief.js';
import type { ChirpFinding } from '../belief/chirp.js';
import type { Scale } from '../belief/scale.js';
import type { TimedRun } from '../belief/steadiness.js';
import type { ChirpBlock, ChirpRule } from '../belief/stopping.js';
import { LEAST_WARMUP_SECONDS, PART_OF_CEILING, UNKNOWN_RATE_PER_SECOND, WARMUP_LATENCIES } from '../weights.js';

/** All a learner must know of one kind on one target. */
export interface LearnerConfig {
  kind: Kind;
  unit: string;
  scale: Scale;
  whole: boolean;
  floor: number;
  cap: number;
  /** What to do to look beyond the cap. */
  capReason: string;
  /** Where to begin while nothing is known. */
  start: number;
  clauses: Clause[];
  /** How badness grows along the axis: with a load in requests/s, in some other way, or slowly. */
  badness: 'load' | 'other' | 'slow';
  /** The longest latency of the objectives; s. */
  latencySeconds: number;
  horizonSeconds: number;
  /** A run must hold this long at the low end before the limit is known; null: any run that held there will do. */
  longRunSeconds: number | null;
  /** Overload on purpose: a loopback target, or `safety.allowOverload`. */
  allowOverload: boolean;
  /** Whether the intensity is a rate, so that a chirp can be run. */
  chirp: boolean;
  /** Requests/s an intensity offers; null where only the target decides. */
  offeredPerSecond(intensity: number): number | null;
  /** What one request takes alone, ms; null: not measured. */
  restMs: number | null;
  /** Seconds that one bad request is worth: large is careful, small is bold. */
  secondsPerBad: number;
}

/** One probe as it was run. */
export interface ProbeObservation {
  intensity: number;
  plannedSeconds: number;
  warmupSeconds: number;
  /** Judged seconds that were run. */
  seconds: number;
  startedAtSeconds: number;
  endedAtSeconds: number;
  stoppedEarly: boolean;
  validity: 'valid' | 'suspect' | 'invalid';
  /** Of an invalid one: the generator can do no more; else something was in its way. */
  isCeiling: boolean;
  /** `atLeast`: it failed in a way that does not say by how much; this many bad requests stand for it. */
  clauses: { expression: string; allowedShare: number; n: number; bad: number; atLeast?: boolean }[];
  /** The judged part in stretches of about half a second; `bad` by clause, as far as they are counted apart. Empty: not kept. */
  blocks: { seconds: number; n: number; bad: number[] }[];
  /** What its requests took, ms; null: not known. */
  took: { requests: number; p50: number; p95: number; p99: number } | null;
}

/** One chirp as it was run; blocks as they were known when it was stopped. */
export interface ChirpObservation {
  blocks: ChirpBlock[];
  /** One, two, four … requests under way instead of a rising rate. */
  closed: boolean;
  /** What chirpHurts said; null when the chirp came to its end. */
  onset: number | null;
  /** What the allowed share of requests took before it hurt, for each clause; null: not known. s */
  restSeconds: (number | null)[];
  startedAtSeconds: number;
  endedAtSeconds: number;
}

/** What is kept of a probe. */
export interface Tried {
  intensity: number;
  /** What it really was: random arrivals come a little more or less often than was asked for. */
  offered: number;
  seconds: number;
  ratePerSecond: number;
  /** ln(observed ÷ allowed) of the worst clause. */
  worst: number;
  failed: boolean;
  /** Whether it was measured without a doubt. */
  isValid: boolean;
  /** ln(observed ÷ allowed) of the worst stretch of the horizon's length in it; null: none has enough requests to be judged apart. */
  worstWindow: number | null;
  /** Whether it had more bad requests than a run of the horizon may have. */
  surelyBroke: boolean;
  endedAtSeconds: number;
  /** When it ended, s since the epoch. */
  endedAtEpoch: number;
  /** Which session it belongs to; 0 is the first. */
  session: number;
}

/** A credible interval, in the axis' unit. */
export interface Ends {
  low: number;
  high: number;
}

/** Whether two intervals have nothing in common: the limit is another one. */
export function areApart(a: Ends, b: Ends): boolean {
  return a.low > b.high || b.low > a.high;
}

/** A long run at what counted as safe. */
export interface Held {
  intensity: number;
  /** Judged ones, as planned. */
  seconds: number;
  outcome: 'held' | 'broke' | 'undecided';
  /** Which session it belongs to; 0 is the first. */
  session: number;
}

/** The learner's state: plain data. */
export interface Learner {
  config: LearnerConfig;
  chirps: ChirpFinding[];
  /** One belief a clause; null while nothing is known. */
  beliefs: Belief[] | null;
  tried: Tried[];
  invalid: { intensity: number; times: number }[];
  /** What the load generator could not send, tried often enough; null without one. */
  ceiling: number | null;
  /** Runs of this session that something beside the target and the generator spoiled. */
  spoiled: number;
  /** The probes of a climb, until they found a belief. */
  climbing: ProbeObservation[];
  /** Session time of the newest observation. */
  at: number;
  /** When the session began, s since the epoch. */
  epoch: number;
  /** What each earlier session ended with: its 95 % interval. */
  past: Ends[];
  /** What the steady runs of this session took. */
  times: TimedRun[];
  /** The holds of this session, and what broke in earlier ones. */
  holds: Held[];
  /** By which likelihood of its scatters (steadiness.ts) the beliefs' cells are weighed; null: not yet. */
  steadiness: number[] | null;
}

/** A learner that knows nothing yet. */
export function createLearner(config: LearnerConfig): Learner {
  return {
    config,
    chirps: [],
    beliefs: null,
    tried: [],
    invalid: [],
    ceiling: null,
    spoiled: 0,
    climbing: [],
    at: 0,
    epoch: 0,
    past: [],
    times: [],
    holds: [],
    steadiness: null,
  };
}

/** The rule that stops this learner's chirps. */
export function chirpRule({ clauses, latencySeconds, allowOverload }: LearnerConfig): ChirpRule {
  return { shares: clauses.map((clause) => clause.allowedShare), latencySeconds, gentle: !allowOverload };
}

/** W, of probes and of the runs that define the limit. */
export function warmupSeconds({ latencySeconds }: Pick<LearnerConfig, 'latencySeconds'>): number {
  return Math.max(LEAST_WARMUP_SECONDS, WARMUP_LATENCIES * latencySeconds);
}

/** The highest intensity that may be tried: the target's cap, or what the generator can send. */
export function effectiveCap({ config, ceiling }: Learner): number {
  return Math.min(config.cap, ceiling === null ? Infinity : ceiling * PART_OF_CEILING);
}

/** Whether anything has failed: a run, or the objectives during a ramp. Then the generator's ceiling is not what bounds the limit. */
export function hasFailed({ tried, chirps }: Learner): boolean {
  return tried.some(({ failed }) => failed) || chirps.some(({ onset }) => onset !== null);
}

/** Why the limit is not measured yet. */
export function whyUnknown({ tried, invalid, chirps, spoiled }: Learner): string {
  if (tried.length + chirps.length === 0 && spoiled > 0) return 'no run could be judged yet';
  return tried.length + invalid.length + chirps.length === 0 ? 'no run yet' : 'no run was decisive yet';
}

/** Requests a second at an intensity: what the axis says, else in proportion to what the nearest probe had. */
export function rateOf({ config, tried }: Learner, intensity: number): number {
  const offered = config.offeredPerSecond(intensity);
  if (offered !== null) return offered;
  const nearest = tried.reduce<Tried | null>(
    (best, one) =>
      best === null || Math.abs(Math.log(one.intensity / intensity)) < Math.abs(Math.log(best.intensity / intensity))
        ? one
        : best,
    null,
  );
  return nearest?.ratePerSecond ?? UNKNOWN_RATE_PER_SECOND;
}
