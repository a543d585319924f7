import type { Limit } from '@hive/contract';
import { amount } from '../../figure.js';
import type { Belief } from '../belief/belief.js';
import { beganTooHigh } from '../belief/chirp.js';
import { doubtAbout, notMonotone } from './doubts.js';
import { brokenHold, safeOf } from './safe.js';
import { effectiveCap, whyUnknown, type Learner } from './learner.js';
import type { Clause } from '../axis.js';
import { marginLimit, NOTHING_HELD } from './margin.js';
import { chanceBelow, intervalOf, posteriorOf, quantile } from '../belief/posterior.js';
import { intensityFailing } from './chance-of-failing.js';
import { fromCoordinate, toCoordinate } from '../belief/scale.js';
import { GRID_STEP } from '../weights-of-belief.js';
import {
  BAND_HIGH_CHANCE,
  BAND_LOW_CHANCE,
  ENOUGH_FAILED_RUNS,
  INTERVAL_BELOW,
  INTERVAL_LEVEL,
  INTERVAL_UP_TO,
} from '../weights.js';

/** What the caller knows beside the learner. */
interface Told {
  evidence?: 'counts' | 'margin';
  /** Whether requests that broke were mostly errors, and not merely late. */
  byErrors?: boolean;
}

/** What is known about a limit, without whose it is. */
type Known = Pick<Limit, 'status'> & Partial<Limit>;

const NOTHING = { estimate: null, low: null, high: null, safe: null, band: null, binding: null };

/** The limit in the contract's terms. `updatedAt` is the caller's: the learner has no clock. */
export function limitOf(learner: Learner, { evidence = 'counts', byErrors = true }: Told = {}): Limit {
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
    ...(evidence === 'margin' ? marginLimit(learner) : (seenSoFar(learner, byErrors) ?? believed(learner, byErrors))),
  };
}

/** What was seen where the belief is not asked yet: nothing, only what held, only what failed. Null: it is asked. */
function seenSoFar(learner: Learner, byErrors: boolean): Known | null {
  const { config, beliefs, tried } = learner;
  const held = tried.filter(({ failed }) => !failed).map(({ intensity }) => intensity);
  if (beliefs === null && tried.length > 0 && held.length === tried.length)
    return { status: 'at_least', low: Math.max(...held), reason: 'no run has failed yet' };
  if (beliefs === null || tried.length === 0) return { status: 'unknown', reason: whyUnknown(learner) };
  // A first look that did not break the objectives at once saw a pass, until this many runs say otherwise.
  if (held.length > 0 || (tried.length < ENOUGH_FAILED_RUNS && !learner.chirps.every(beganTooHigh))) return null;
  const high = Math.min(...tried.map(({ intensity }) => intensity));
  return { status: 'below', high, binding: bindingOf(config.clauses, beliefs, byErrors), reason: NOTHING_HELD };
}

/** What the belief says of the limit. */
function believed(learner: Learner, byErrors: boolean): Known {
  const { config, tried } = learner;
  const beliefs = learner.beliefs as Belief[];
  const posterior = posteriorOf(beliefs);
  const most = effectiveCap(learner);
  const at = (coordinate: number): number => fromCoordinate(config.scale, coordinate);
  const binding = tried.some((one) => one.failed) ? bindingOf(config.clauses, beliefs, byErrors) : null;
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
  const { low, middle, high } = intervalOf(posterior);
  const interval = { estimate: at(middle), low: at(low), high: at(high) };
  const band = [
    intensityFailing(learner, BAND_LOW_CHANCE, config.horizonSeconds),
    intensityFailing(learner, BAND_HIGH_CHANCE, config.horizonSeconds),
  ] as [number, number];
  const doubt = doubtAbout(learner, interval);
  const known: Known = { status: 'known', ...interval, ...safeOf(learner), band, binding };
  return doubt === null ? known : { ...known, reason: doubt };
}

function withBrokenHold(learner: Learner, reason: string): string {
  return [reason, brokenHold(learner)].filter((one) => one !== null).join('; ');
}

function whyAtLeast({ ceiling, config }: Learner): string {
  return ceiling === null
    ? `passed at the cap of ${amount(config.cap, config.unit)}: ${config.capReason}`
    : `the load generator could not send ${amount(ceiling, config.unit)}: add threads`;
}

/** The clause that breaks first. A refused request is bad in every clause: of those that break together, the one about errors wins where most were errors. */
function bindingOf(clauses: readonly Clause[], beliefs: readonly Belief[], byErrors: boolean): string | null {
  const medians = beliefs.map((belief) => quantile(posteriorOf([belief]), 0.5));
  const first = Math.min(...medians);
  const together = clauses.filter((_, j) => (medians[j] as number) <= first + GRID_STEP);
  const telling = together.find(({ latencySeconds }) => (latencySeconds === null) === byErrors);
  return (telling ?? clauses[medians.indexOf(first)])?.expression ?? null;
}
