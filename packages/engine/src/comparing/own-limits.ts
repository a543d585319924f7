import type { ComparisonAnswer, ComparisonItem, Kind, OwnLimit } from '@hive/contract';
import { studentQuantile } from './student.js';
import { LEVEL, POWER, SESSION_SCATTER } from './weights.js';

/** The limit of one kind on both sides, as each session found it by itself. */
export interface LimitPair {
  kind: Kind;
  unit: string;
  base: OwnLimit;
  candidate: OwnLimit;
}

/** By what limits are judged. */
export interface LimitRules {
  /** As a share. */
  tolerance: number;
  /** ln scatter of the limit between sessions; default: that of most targets. */
  scatter?: number;
}

/** ln of a limit with its standard error, or one end beyond which it lies. */
export type Found = { is: 'found'; ln: number; se: number } | { is: 'above'; ln: number } | { is: 'below'; ln: number };

/** The normal quantile: a belief's interval is no small sample. */
const normal = (chance: number): number => studentQuantile(chance, 1e6);

/**
 * What a session found by itself, in a form that can be compared. Where the limit varies, the low end of its band stands for it. Null: nothing
 * was found, or not one limit.
 */
export function foundOf({ status, estimate, low, high, band, bandEnds }: OwnLimit): Found | null {
  if (status === 'at_least' && low !== null && low > 0) return { is: 'above', ln: Math.log(low) };
  if (status === 'below' && high !== null && high > 0) return { is: 'below', ln: Math.log(high) };
  if (status === 'unsteady') {
    const [ends] = bandEnds ?? [];
    return band === null || ends === undefined ? null : fromInterval(band[0], ends[0], ends[1]);
  }
  if (status !== 'known' && status !== 'rough') return null;
  return estimate === null || low === null || high === null ? null : fromInterval(estimate, low, high);
}

function fromInterval(estimate: number, low: number, high: number): Found | null {
  if (!(estimate > 0) || !(low > 0) || !(high >= low)) return null;
  return { is: 'found', ln: Math.log(estimate), se: Math.log(high / low) / 2 / normal(1 - (1 - LEVEL) / 2) };
}

/**
 * Compares what two sessions found by themselves: ln(candidate ÷ base), whose variance is that of both beliefs and twice that of the limit between
 * sessions. A limit is worse when it is lower.
 */
export function compareLimits({ kind, unit, base, candidate }: LimitPair, rules: LimitRules): ComparisonItem {
  const [a, b] = [foundOf(base), foundOf(candidate)];
  const shown = { of: 'limit' as const, name: kind, unit, base: shownOf(base), candidate: shownOf(candidate) };
  const open = { ...shown, ratio: null, low: null, high: null };
  if (a === null || b === null) {
    const reason = `${a === null ? 'the base' : 'the candidate'} has no limit that can be compared`;
    return { ...open, answer: 'not_comparable', decides: false, reason };
  }
  if (a.is !== 'found' || b.is !== 'found') {
    const answer = apart(a, b, rules.tolerance);
    const reason = answer === 'no_evidence' ? 'one of the limits is known from one side only' : undefined;
    return { ...open, answer, decides: true, ...(reason === undefined ? {} : { reason }) };
  }
  const { scatter = SESSION_SCATTER, tolerance } = rules;
  const se = Math.hypot(a.se, b.se, scatter * Math.SQRT2);
  const change = b.ln - a.ln;
  const half = normal(1 - (1 - LEVEL) / 2) * se;
  const [low, high] = [change - half, change + half];
  const answer = answerOf({ change, low, high }, tolerance);
  return {
    ...shown,
    ratio: Math.exp(change),
    low: Math.exp(low),
    high: Math.exp(high),
    answer,
    decides: true,
    ...(answer === 'no_evidence' ? { couldHaveSeen: Math.expm1(half + normal(POWER) * se) } : {}),
  };
}

function answerOf(
  { change, low, high }: Record<'change' | 'low' | 'high', number>,
  tolerance: number,
): ComparisonAnswer {
  const [least, most] = [Math.log(1 - tolerance), Math.log(1 + tolerance)];
  if (high < 0 && change < least) return 'worse';
  if (low > 0 && change > most) return 'better';
  return low >= least && high <= most ? 'same' : 'no_evidence';
}

/** Of two limits of which at least one is known from one side only: they differ where the known sides are apart. */
function apart(a: Found, b: Found, tolerance: number): ComparisonAnswer {
  if (highest(b) < lowest(a) + Math.log(1 - tolerance)) return 'worse';
  return lowest(b) > highest(a) + Math.log(1 + tolerance) ? 'better' : 'no_evidence';
}

function lowest(found: Found): number {
  if (found.is === 'found') return found.ln - normal(1 - (1 - LEVEL) / 2) * found.se;
  return found.is === 'above' ? found.ln : -Infinity;
}

function highest(found: Found): number {
  if (found.is === 'found') return found.ln + normal(1 - (1 - LEVEL) / 2) * found.se;
  return found.is === 'below' ? found.ln : Infinity;
}

function shownOf({ status, estimate, low, high, band }: OwnLimit): number | null {
  if (status === 'at_least') return low;
  if (status === 'below') return high;
  return status === 'unsteady' ? (band?.[0] ?? null) : estimate;
}
