import type { Limit } from '@hive/contract';
import { amount } from '../../figure.js';
import type { Belief } from '../belief/belief.js';
import { beganTooHigh } from '../belief/chirp.js';
import { doubtAbout, notMonotone } from './doubts.js';
import { heldLong, lackInWords, lacks } from './evidence.js';
import { brokenHold, safeOf } from './safe.js';
import { effectiveCap, hasFailed, whyUnknown, type Ends, type Learner } from './learner.js';
import type { Clause } from '../axis.js';
import { marginLimit, NOTHING_HELD } from './margin.js';
import { chanceBelow, posteriorOf, quantile } from '../belief/posterior.js';
import { honestInterval } from './steady.js';
import { isVarying, varyingEnds, varyingInWords } from './varying.js';
import { intensityFailing } from './chance-of-failing.js';
import { fromCoordinate, toCoordinate } from '../belief/scale.js';
import { GRID_STEP } from '../weights-of-belief.js';
import {
  BAND_HIGH_CHANCE,
  BAND_LOW_CHANCE,
  ENOUGH_FAILED_RUNS,
  HELD_FROM,
  INTERVAL_BELOW,
  INTERVAL_LEVEL,
  INTERVAL_UP_TO,
} from '../weights.js';

/** What the caller knows beside the learner. */
interface Told {
  evidence?: 'counts' | 'margin';
  /** How many of the failed runs' requests broke each clause, by expression. Absent: not counted. */
  broken?: ReadonlyMap<string, number>;
}

type Broken = ReadonlyMap<string, number>;

/** What is known about a limit, without whose it is. */
type Known = Pick<Limit, 'status'> & Partial<Limit>;

const NOTHING = { estimate: null, low: null, high: null, safe: null, band: null, binding: null };

/** The limit in the contract's terms. `updatedAt` is the caller's: the learner has no clock. */
export function limitOf(learner: Learner, { evidence = 'counts', broken = new Map() }: Told = {}): Limit {
  const { config, tried } = learner;
  return {
    kind: config.kind,
    unit: config.unit,
    method: 'belief',
    level: INTERVAL_LEVEL,
    horizonSeconds: config.horizonSeconds,
    scenarios: tried.length,
    updatedAt: null,
    ...NOTHING,
    ...(evidence === 'margin' ? marginLimit(learner) : (seenSoFar(learner, broken) ?? believed(learner, broken))),
  };
}

/** What was seen where the belief is not asked yet: nothing, only what held, only what failed. Null: it is asked. */
function seenSoFar(learner: Learner, broken: Broken): Known | null {
  const { config, beliefs, tried } = learner;
  const held = tried.filter(({ failed }) => !failed).map(({ intensity }) => intensity);
  if (beliefs === null && tried.length > 0 && held.length === tried.length)
    return { status: 'at_least', low: Math.max(...held), reason: 'no run has failed yet' };
  if (beliefs === null || tried.length === 0) return { status: 'unknown', reason: whyUnknown(learner) };
  // A first look that did not break the objectives at once saw a pass, until this many runs say otherwise.
  if (held.length > 0 || (tried.length < ENOUGH_FAILED_RUNS && !learner.chirps.every(beganTooHigh))) return null;
  const high = Math.min(...tried.map(({ intensity }) => intensity));
  return { status: 'below', high, binding: bindingOf(config.clauses, beliefs, broken), reason: NOTHING_HELD };
}

/** What the belief says of the limit. */
function believed(learner: Learner, broken: Broken): Known {
  const { config, tried } = learner;
  const beliefs = learner.beliefs as Belief[];
  const posterior = posteriorOf(beliefs);
  // What failed bounds the limit: that the generator could not go higher does not.
  const most = hasFailed(learner) ? config.cap : effectiveCap(learner);
  const at = (coordinate: number): number => fromCoordinate(config.scale, coordinate);
  const binding = tried.some((one) => one.failed) ? bindingOf(config.clauses, beliefs, broken) : null;
  if (chanceBelow(posterior, toCoordinate(config.scale, most)) < INTERVAL_BELOW) {
    const reason = withBrokenHold(learner, whyAtLeast(learner));
    return { status: 'at_least', low: most, ...safeOf(learner), reason };
  }
  if (chanceBelow(posterior, toCoordinate(config.scale, config.floor)) > INTERVAL_UP_TO) {
    const reason = `failed even at ${amount(config.floor, config.unit)}`;
    return { status: 'below', high: config.floor, binding, reason };
  }
  const odd = notMonotone(learner);
  if (odd !== null)
    return { ...odd, status: 'not_monotone', level: null, binding, reason: withBrokenHold(learner, odd.reason) };
  const oneSided = seenFromOneSide(learner);
  if (oneSided !== null) return { ...oneSided, binding };
  const { low, middle, high } = honestInterval(learner);
  if (isVarying(learner)) return varying(learner, at(middle), binding);
  const interval = withHeldLow(learner, { estimate: at(middle), low: at(low), high: at(high) });
  const band = [
    intensityFailing(learner, BAND_LOW_CHANCE, config.horizonSeconds),
    intensityFailing(learner, BAND_HIGH_CHANCE, config.horizonSeconds),
  ] as [number, number];
  const doubt = doubtAbout(learner, interval);
  const missing = lacks(learner, interval);
  const found = { ...interval, ...safeOf(learner), band, binding };
  const reasons = [
    ...(missing.length === 0 ? [] : [lackInWords(learner, missing)]),
    ...(doubt === null ? [] : [doubt]),
  ];
  const status = missing.length === 0 ? 'known' : 'rough';
  return { status, ...found, ...(reasons.length === 0 ? {} : { reason: reasons.join('; ') }) };
}

/**
 * Where only a lower load was shown to hold for long, the interval that is reported reaches down to that, as long as it is narrow enough for a measured
 * limit. The search goes by the narrower one: there another minute may show more.
 */
function withHeldLow<Interval extends Ends>(learner: Learner, interval: Interval): Interval {
  const held = learner.config.longRunSeconds === null ? null : heldLong(learner);
  if (held === null || held >= HELD_FROM * interval.low) return interval;
  const wider = { ...interval, low: held / HELD_FROM };
  return lacks(learner, wider).includes('narrow') ? interval : wider;
}

/** Nothing failed, neither in a run nor in the ramp: the upper end would be the prior's. Null: both sides were seen. */
function seenFromOneSide(learner: Learner): Known | null {
  const { tried, config } = learner;
  const held = tried.filter(({ failed }) => !failed).map(({ intensity }) => intensity);
  if (hasFailed(learner)) return null;
  if (held.length === 0) return { status: 'unknown', reason: 'no run was decisive yet' };
  const low = Math.max(...held);
  return { status: 'at_least', low, reason: `no run has failed yet, up to ${amount(low, config.unit)}` };
}

/** A limit that is two: where 9 of 10 runs hold, and where 9 of 10 fail. */
function varying(learner: Learner, estimate: number, binding: string | null): Known {
  const { lower, upper } = varyingEnds(learner);
  return {
    status: 'unsteady',
    estimate: Math.min(Math.max(estimate, lower.low), upper.high),
    low: lower.low,
    high: upper.high,
    ...safeOf(learner),
    band: [lower.middle, upper.middle],
    bandEnds: [
      [lower.low, lower.high],
      [upper.low, upper.high],
    ],
    binding,
    reason: withBrokenHold(learner, varyingInWords(learner, { lower, upper })),
  };
}

function withBrokenHold(learner: Learner, reason: string): string {
  return [reason, brokenHold(learner)].filter((one) => one !== null).join('; ');
}

function whyAtLeast({ ceiling, config }: Learner): string {
  return ceiling === null
    ? `passed at the cap of ${amount(config.cap, config.unit)}: ${config.capReason}`
    : `the load generator could not send ${amount(ceiling, config.unit)}: add threads`;
}

/**
 * The clause that breaks first: of those that some run broke, the one whose limit is believed lowest. A refused request is bad in every clause: of those
 * that break together, the one about errors wins where most were errors.
 */
function bindingOf(clauses: readonly Clause[], beliefs: readonly Belief[], broken: Broken): string | null {
  const medians = beliefs.map((belief) => quantile(posteriorOf([belief]), 0.5));
  const known = clauses.map((clause, j) => ({ ...clause, median: medians[j] as number }));
  const seen = known.filter(({ expression }) => (broken.get(expression) ?? 0) > 0);
  const candidates = seen.length > 0 ? seen : known;
  const first = Math.min(...candidates.map(({ median }) => median));
  const together = candidates.filter(({ median }) => median <= first + GRID_STEP);
  const byErrors = areErrors(together, broken);
  const telling = together.find(({ latencySeconds }) => (latencySeconds === null) === byErrors);
  return (telling ?? together[0])?.expression ?? null;
}

/** Whether most of the requests that broke were errors, and not merely late. */
function areErrors(clauses: readonly Clause[], broken: Broken): boolean {
  const most = (some: readonly Clause[]): number => Math.max(0, ...some.map((one) => broken.get(one.expression) ?? 0));
  return most(clauses.filter(({ latencySeconds }) => latencySeconds === null)) >= most(clauses) / 2;
}
