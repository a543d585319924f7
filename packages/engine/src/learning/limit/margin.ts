import type { Limit } from '@hive/contract';
import { amount } from '../../figure.js';
import { createBelief, learn, type Belief } from '../belief/belief.js';
import type { Cell } from '../belief/cells.js';
import { notMonotone } from './doubts.js';
import { whyUnknown, type Learner, type LearnerConfig, type Tried } from './learner.js';
import { tableOf, type Table } from '../belief/likelihood.js';
import { intervalOf, posteriorOf } from '../belief/posterior.js';
import { fromCoordinate, toCoordinate } from '../belief/scale.js';
import {
  GRID_STEP,
  MARGIN_FREEDOM,
  MARGIN_LAPSE,
  MARGIN_ROOM,
  MARGIN_SCATTER,
  MARGIN_SLOPES,
} from '../weights-of-belief.js';
import { AT_CAP } from '../weights.js';

/** One run whose outcome is a size, not a count: how far what was measured lies from what is allowed. */
export interface MarginObservation extends Omit<
  Tried,
  'offered' | 'worst' | 'session' | 'worstWindow' | 'surelyBroke' | 'endedAtEpoch'
> {
  /** ln(observed ÷ allowed): below zero is met. */
  margin: number;
  standardError: number;
}

/** Why a limit is below the least that was tried. */
export const NOTHING_HELD = 'every run failed';

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
  const uncounted = {
    worstWindow: null,
    surelyBroke: margin > 0,
    endedAtEpoch: learner.epoch + seen.endedAtSeconds,
  };
  const probe = { coordinate: toCoordinate(config.scale, seen.intensity), length };
  return {
    ...learner,
    beliefs: [learn(belief, marginTables({ margin, standardError }, belief.cells), probe).belief],
    tried: [...learner.tried, { ...tried, ...uncounted, offered: seen.intensity, worst: margin, session: past.length }],
    at: seen.endedAtSeconds,
  };
}

/** What is known, as far as runs on both sides support it: nothing is claimed about loads that were not tried. */
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
    const capped = low >= config.cap * AT_CAP;
    const atCap = `passed at the cap of ${amount(config.cap, config.unit)}: ${config.capReason}`;
    return { ...none, status: 'at_least', low, reason: capped ? atCap : 'no run has failed yet' };
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
    to: toCoordinate(scale, cap) + MARGIN_ROOM,
    allowedShare: 0.5,
    density: () => 1,
    cells: MARGIN_SLOPES.map((slope): Cell => ({
      weight: 1,
      slope,
      floor: 0,
      shift: { fill: 0, late: 1, bend: 0, knee: 1, root: 0 },
      scatter: { root: 0, flat: MARGIN_SCATTER },
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
      return MARGIN_LAPSE + (1 - MARGIN_LAPSE) * (1 + (z * z) / MARGIN_FREEDOM) ** (-(MARGIN_FREEDOM + 1) / 2);
    }),
  );
}
