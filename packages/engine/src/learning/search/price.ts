import type { Axis } from '../axis.js';
import { longRunSeconds } from '../limit/evidence.js';
import { warmupSeconds } from '../limit/learner.js';
import {
  AROUND_RUN_SECONDS,
  AROUND_SCENARIO_MS,
  FIRST_LOOK_SECONDS,
  HORIZON_SECONDS,
  KIND_LEAST_SECONDS,
  NEAR_LEAST_SECONDS,
  PRICE_ABOVE_SHARE,
  PRICE_CHECKING_RUNS,
  PRICE_CHECKING_SECONDS,
  DECIDING_REQUESTS,
  PRICE_FAILED_RUNS,
  PRICE_FIXED_RUNS,
  PRICE_MARGIN_RUNS,
  PRICE_SEARCH_RUNS,
  PRICE_SEARCH_SECONDS,
  PROBE_LEAST_REQUESTS,
  RAMP_FAILS_SECONDS,
  UNKNOWN_RATE_PER_SECOND,
} from '../weights.js';
import { climbLength } from './next.js';

/** What is known about a kind before it is measured. */
export interface KnownBefore {
  /** Its limit was measured lately, and need only be checked. */
  isMeasured: boolean;
  /** Requests/s about its limit; null: not known. */
  ratePerSecond: number | null;
}

/** What measuring a kind usually takes. */
export interface Price {
  /** s, from the first run to the measured limit. */
  seconds: number;
  /** With less time than this it learns nothing worth having, s. */
  leastSeconds: number;
  /** Above the limit, s. */
  secondsAboveLimit: number;
  /** Failed requests, as seconds of load at the limit. */
  secondsFailed: number;
}

/** What measuring one kind usually takes: a first look, some runs about the limit, and those that show its two ends. */
export function priceOf(axis: Axis, { isMeasured, ratePerSecond }: KnownBefore): Price {
  if (axis.fixedMs !== null) return priceOfFixed(axis, axis.fixedMs(axis.prior));
  const around = warmupSeconds(axis) + axis.latencySeconds + AROUND_RUN_SECONDS;
  const rate = ratePerSecond ?? UNKNOWN_RATE_PER_SECOND;
  const enough = decidingSeconds(rate);
  const search = isMeasured
    ? PRICE_CHECKING_RUNS * (Math.max(PRICE_CHECKING_SECONDS, enough) + around)
    : PRICE_SEARCH_RUNS * (Math.max(PRICE_SEARCH_SECONDS, enough) + around);
  const failing = isMeasured || axis.longRunSeconds === null || !axis.allowOverload ? 0 : HORIZON_SECONDS;
  const shown =
    axis.longRunSeconds === null
      ? NEAR_LEAST_SECONDS + around
      : longRunSeconds({ config: axis }, rate) + around + (failing === 0 ? 0 : failing + around);
  const ramp = isMeasured || !axis.chirp ? 0 : RAMP_FAILS_SECONDS;
  return {
    seconds: isMeasured ? search : FIRST_LOOK_SECONDS + search + shown,
    leastSeconds: KIND_LEAST_SECONDS,
    secondsAboveLimit: failing + ramp + PRICE_ABOVE_SHARE * search,
    secondsFailed: ramp + (isMeasured ? 1 : PRICE_FAILED_RUNS) * mostAllowed(axis) * HORIZON_SECONDS,
  };
}

/** How long a run of these requests takes that may decide, judged s: no longer than the runs that a limit is about, where they have enough. */
function decidingSeconds(ratePerSecond: number): number {
  const most = Math.max(HORIZON_SECONDS, PROBE_LEAST_REQUESTS / ratePerSecond);
  return Math.min(most, DECIDING_REQUESTS / ratePerSecond);
}

function priceOfFixed({ evidence, clauses }: Axis, fixedMs: number): Price {
  const one = (fixedMs + AROUND_SCENARIO_MS) / 1_000;
  const runs = evidence === 'margin' ? PRICE_MARGIN_RUNS : PRICE_FIXED_RUNS;
  return {
    seconds: runs * one,
    leastSeconds: Math.max(KIND_LEAST_SECONDS, one),
    secondsAboveLimit: PRICE_ABOVE_SHARE * runs * (fixedMs / 1_000),
    secondsFailed: PRICE_FAILED_RUNS * mostAllowed({ clauses }) * HORIZON_SECONDS,
  };
}

const mostAllowed = ({ clauses }: Pick<Axis, 'clauses'>): number =>
  Math.max(0, ...clauses.map(({ allowedShare }) => allowedShare));

/** The shortest run that a kind can begin with, s: less time measures nothing. */
export function leastRunSeconds(axis: Axis): number {
  if (axis.fixedMs !== null) return axis.fixedMs(axis.prior) / 1_000;
  const { warmupSeconds, seconds } = climbLength(axis);
  return warmupSeconds + seconds;
}
