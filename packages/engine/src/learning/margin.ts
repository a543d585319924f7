import type { Limit } from '@hive/contract';
import { figure } from '../figure.js';
import { createBelief, GRID_STEP, learn, type Belief } from './belief.js';
import type { Cell } from './cells.js';
import { notMonotone } from './doubts.js';
import { effectiveCap, whyUnknown, type Learner, type LearnerConfig, type Tried } from './learner.js';
import { tableOf, type Table } from './likelihood.js';
import { intervalOf, posteriorOf, quantile } from './posterior.js';
import { fromCoordinate, toCoordinate } from './scale.js';

/** One run whose outcome is a size, not a count: how far what was measured lies from what is allowed. */
export interface MarginObservation extends Omit<Tried, 'offered' | 'worst' | 'session'> {
  /** ln(observed ÷ allowed): below zero is kept. */
  margin: number;
  standardError: number;
}

/** Why a limit is below the least that was tried. */
export const NOTHING_HELD = 'nothing that was tried held';
/** No single run may rule a limit out. */
const LAPSE = 0.02;
/** Degrees of freedom of the Student-t: standard errors come from a few cycles. */
const FREEDOM = 4;
/** A limit is wanted to this half width only: a run takes minutes. */
export const MARGIN_PRECISION = 0.15;
/** Nearer than this to what was tried, another run tells little. */
const NEAR = 0.02;
const MOST_RUNS = 4;
/** The chance that the limit has been passed where its other side is looked for. */
const OTHER_SIDE = 0.97;

/** What a run taught. */
export function observeMargin(learner: Learner, seen: MarginObservation): Learner {
  const { config, past } = learner;
  const belief = learner.beliefs?.[0] ?? marginBelief(config);
  const { margin, standardError, ...tried } = seen;
  const length = {
    seconds: seen.seconds,
    ratePerSecond: seen.ratePerSecond,
    warmupSeconds: 0,
    horizonSeconds: seen.seconds,
  };
  const probe = { coordinate: toCoordinate(config.scale, seen.intensity), length };
  return {
    ...learner,
    beliefs: [learn(belief, marginTables({ margin, standardError }, belief.cells), probe).belief],
    tried: [...learner.tried, { ...tried, offered: seen.intensity, worst: margin, session: past.length }],
    at: seen.endedAtSeconds,
  };
}

/** Where to look next, or why there is no more to look at. */
export function nextMargin(learner: Learner): { intensity: number; reason: string } | { done: string } {
  const { config, beliefs, past, invalid } = learner;
  const cap = effectiveCap(learner);
  const inVain = invalid.reduce((sum, { times }) => sum + times, 0);
  if (inVain >= MOST_RUNS) return { done: 'the load generator could not keep up' };
  const inside = (intensity: number): number => Math.min(Math.max(Number(intensity.toPrecision(4)), config.floor), cap);
  if (beliefs === null) return { intensity: inside(config.start), reason: 'unknown so far: see what remains' };
  const posterior = posteriorOf(beliefs);
  const { low, middle, high } = intervalOf(posterior);
  const tried = learner.tried.filter(({ session }) => session === past.length);
  const isNarrow = (high - low) / 2 < Math.log(1 + MARGIN_PRECISION);
  const isHeld = tried.some(({ worst }) => worst <= 0);
  const isBroken = tried.some(({ worst }) => worst > 0);
  if (isNarrow && isHeld && isBroken) return { done: `the limit is known to ±${MARGIN_PRECISION * 100} %` };
  // A limit must be seen from both sides: what only held is then tried where it should break, and the other way round.
  const isOneSided = isHeld !== isBroken && (isNarrow || tried.length > 1);
  const place = isOneSided ? quantile(posterior, isHeld ? OTHER_SIDE : 1 - OTHER_SIDE) : middle;
  // That something small is far from its limit says nothing about what load the target bears.
  const most = Math.max(0, ...learner.tried.map((one) => one.intensity)) * (config.allowOverload ? 2 : 1.15);
  const intensity = inside(Math.min(fromCoordinate(config.scale, place), most));
  const nearest = Math.min(...tried.map((one) => Math.abs(Math.log(one.intensity / intensity))));
  if (nearest < NEAR || tried.length + inVain >= MOST_RUNS) return { done: 'more runs would tell little more' };
  return { intensity, reason: 'how far the last run was from what is allowed tells where to look' };
}

/** What is known, as far as runs on both sides bear it out: what was not tried is not claimed. */
export function marginLimit(
  learner: Learner,
): Pick<Limit, 'status' | 'estimate' | 'low' | 'high' | 'safe'> & { reason?: string } {
  const { config, beliefs, tried } = learner;
  const none = { estimate: null, low: null, high: null, safe: null };
  const held = tried.filter(({ worst }) => worst <= 0).map(({ intensity }) => intensity);
  const broke = tried.filter(({ worst }) => worst > 0).map(({ intensity }) => intensity);
  if (beliefs === null || tried.length === 0) return { ...none, status: 'unknown', reason: whyUnknown(learner) };
  if (broke.length === 0) {
    const low = Math.max(...held);
    const capped = low >= config.cap * 0.999;
    const most = `the cap of ${figure(config.cap)} ${config.unit}; ${config.capReason}`;
    return { ...none, status: 'at_least', low, reason: capped ? `held at ${most}` : 'no failure was seen yet' };
  }
  if (held.length === 0) return { ...none, status: 'below', high: Math.min(...broke), reason: NOTHING_HELD };
  const odd = notMonotone(learner, true);
  if (odd !== null) return { ...none, ...odd, status: 'not_monotone' };
  const { low, middle, high } = intervalOf(posteriorOf(beliefs));
  const at = (coordinate: number): number => fromCoordinate(config.scale, coordinate);
  return { ...none, status: 'known', estimate: at(middle), low: at(low), high: at(high) };
}

/** The belief before any run: anywhere up to four times the cap. */
function marginBelief({ scale, floor, cap }: LearnerConfig): Belief {
  return createBelief({
    from: toCoordinate(scale, floor) - GRID_STEP,
    to: toCoordinate(scale, cap) + Math.log(4),
    allowedShare: 0.5,
    density: () => 1,
    cells: [0.5, 1, 2, 4].map((slope): Cell => ({
      weight: 1,
      slope,
      floor: 0,
      shift: { fill: 0, late: 1, bend: 0, knee: 1, root: 0 },
      scatter: { root: 0, flat: 0.05 },
      fromCapacity: 0,
    })),
  });
}

/** Student-t on m − β·(x − θ), in units of its standard error and of what runs scatter (West 1984: robust against outliers). */
function marginTables(
  { margin, standardError }: Pick<MarginObservation, 'margin' | 'standardError'>,
  cells: readonly Cell[],
): Table[] {
  return cells.map(({ slope, scatter }) =>
    tableOf((u) => {
      const z = (margin - slope * u) / Math.hypot(standardError, slope * scatter.flat);
      return LAPSE + (1 - LAPSE) * (1 + (z * z) / FREEDOM) ** (-(FREEDOM + 1) / 2);
    }),
  );
}
