import type { Density } from './belief.js';
import { hurtingShare, type ChirpBlock, type ChirpRule } from './stopping.js';
import {
  CAPACITY_SPREAD,
  CAPACITY_VARIABILITY,
  CAPACITY_WANDERED,
  CHIRP_END_BLOCKS,
  GENTLE_SPREAD,
  GOODPUT_ANSWERS,
  GOODPUT_SECONDS,
  HURT_OVER_CAPACITY,
  MUCH_ALLOWED,
  OTHER_HURT_ABOVE_SPREAD,
  OTHER_HURT_BELOW_SPREADS,
  PRIOR_ANYWHERE,
  PRIOR_SURE,
  PRIOR_WIDE,
  PRIOR_WIDE_OF_MUCH,
  PRIOR_WIDE_SIDES,
  PRIOR_WIDE_SPREAD,
  REFUSING_LOST,
  UNHURT_BELOW,
  UNHURT_BELOW_SPREAD,
} from '../weights-of-belief.js';
import {
  AT_CAP,
  BEGAN_TOO_HIGH,
  CHIRP_STEP,
  CLOSED_LOOK_GROWTH,
  GENTLE_CHIRP_STEP,
  GENTLE_STEP_UP,
  MOST_CHIRP_STEPS,
  SECONDS_SLACK,
  STEP_UP,
} from '../weights.js';

/** A stretch of a chirp: the rate goes linearly from one end to the other, requests/s. */
export interface ChirpStage {
  seconds: number;
  from: number;
  to: number;
}

/** What one chirp found. */
export interface ChirpFinding {
  /** Rate at which the objectives first broke; null when they did not. */
  onset: number | null;
  /** The rate it began with, and the highest that was offered. */
  began: number;
  reached: number;
  /** The most good answers a second over a second or more, and how many they were. */
  goodput: { perSecond: number; answers: number };
  /** Whether it turned requests away at the end; null: it was not overloaded. */
  refuses: boolean | null;
  /** Which clauses were hurt. */
  hurt: boolean[];
}

export interface ChirpPlan {
  start: number;
  /** Never above this; requests/s. */
  cap: number;
  latencySeconds: number;
  /** Where overload is not allowed: steps of 15 % instead of doublings. */
  gentle: boolean;
}

/** Stages that double (gently: ×1.15), each as long as the longest of some seconds, some latencies and some requests. */
export function chirpStages({ start, cap, latencySeconds, gentle }: ChirpPlan): ChirpStage[] {
  const factor = gentle ? GENTLE_STEP_UP : STEP_UP;
  const { leastSeconds, latencies, requests } = gentle ? GENTLE_CHIRP_STEP : CHIRP_STEP;
  const stages: ChirpStage[] = [];
  for (let from = start; from < cap * AT_CAP && stages.length < MOST_CHIRP_STEPS;) {
    const to = Math.min(from * factor, cap);
    const seconds = Math.max(leastSeconds, latencies * latencySeconds, requests / from);
    stages.push({ seconds, from: gentle ? to : from, to });
    from = to;
  }
  return stages;
}

/** Reads a chirp that has ended. `onset` is what chirpHurts said when it was stopped. */
export function readChirp(
  { blocks, onset, closed }: { blocks: readonly ChirpBlock[]; onset: number | null; closed: boolean },
  rule: ChirpRule,
): ChirpFinding {
  const newest = blocks.slice(-CHIRP_END_BLOCKS);
  const reached = Math.max(0, ...blocks.map(({ rate }) => rate));
  const hurt = rule.shares.map((share, j) => {
    const worst = Math.max(0, ...newest.map((block) => (block.n > 0 ? (block.bad[j] ?? 0) / block.n : 0)));
    return worst > hurtingShare(share, rule.gentle);
  });
  return {
    onset,
    // One request under way is no overload. If it breaks an objective, so does every load.
    began: !closed ? (blocks[0]?.rate ?? 0) : breaks(blocks[0], rule) ? reached : 0,
    reached,
    goodput: closed ? answersAtBest(blocks) : bestGoodput(blocks),
    refuses: onset === null || rule.gentle ? null : lostShare(newest) > REFUSING_LOST,
    hurt: hurt.some(Boolean) ? hurt : rule.shares.map(() => true),
  };
}

/** It broke the objectives as soon as it began: the limit is somewhere below, and a chirp that begins lower shows where. */
export function beganTooHigh({ onset, began }: ChirpFinding): boolean {
  return onset !== null && onset < BEGAN_TOO_HIGH * began;
}

/** About the most good answers a second it can give, as far as the chirp tells; requests/s. */
export function capacityOf({ onset, reached, goodput }: ChirpFinding, gentle: boolean): number {
  if (onset === null || gentle) return onset ?? reached;
  return Math.min(onset, Math.max(goodput.perSecond, onset / HURT_OVER_CAPACITY));
}

function lostShare(blocks: readonly ChirpBlock[]): number {
  const lost = blocks.reduce((sum, block) => sum + block.lost, 0);
  return lost / Math.max(1, lost + blocks.reduce((sum, block) => sum + block.good, 0));
}

/** Whether more of a block was bad than some clause allows. */
function breaks(block: ChirpBlock | undefined, { shares }: ChirpRule): boolean {
  return block !== undefined && shares.some((share, j) => (block.bad[j] ?? 0) > share * block.n);
}

/** The most answers a second of any level, and how many came at about that rate. */
function answersAtBest(blocks: readonly ChirpBlock[]): ChirpFinding['goodput'] {
  const perSecond = Math.max(0, ...blocks.map(({ rate }) => rate));
  const near = blocks.filter(({ rate }) => rate * CLOSED_LOOK_GROWTH >= perSecond);
  return { perSecond, answers: near.reduce((sum, { good }) => sum + good, 0) };
}

function bestGoodput(blocks: readonly ChirpBlock[]): ChirpFinding['goodput'] {
  let best = { perSecond: 0, answers: 0 };
  for (let end = blocks.length; end > 0; end -= 1) {
    let seconds = 0;
    let answers = 0;
    for (let i = end - 1; i >= 0 && (seconds < GOODPUT_SECONDS - SECONDS_SLACK || answers < GOODPUT_ANSWERS); i -= 1) {
      seconds += (blocks[i] as ChirpBlock).seconds;
      answers += (blocks[i] as ChirpBlock).good;
    }
    if (seconds > 0 && answers / seconds > best.perSecond) best = { perSecond: answers / seconds, answers };
  }
  return best;
}

/**
 * The belief after a chirp. A service that is overloaded answers as fast as it can, so its goodput tells its capacity, and each cell says
 * where the limit lies against it: 88 % there, 10 % wide, 2 % anywhere. The rate at which the objectives first broke says less: it overshoots by
 * √(2ℓ ln 2 ÷ D) while a queue of ℓ seconds fills, D the time of a doubling. For a clause that was not hurt: somewhere above.
 */
export function chirpDensity(finding: ChirpFinding, j: number, rule: ChirpRule): Density {
  const { onset, goodput } = finding;
  const capacity = Math.log(capacityOf(finding, rule.gentle));
  if (onset === null)
    return (x) => (x < capacity ? UNHURT_BELOW * Math.exp(-(capacity - x) / UNHURT_BELOW_SPREAD) + PRIOR_ANYWHERE : 1);
  const spread = rule.gentle
    ? GENTLE_SPREAD
    : Math.hypot(CAPACITY_SPREAD, CAPACITY_VARIABILITY / Math.sqrt(Math.max(1, goodput.answers)));
  if (finding.hurt[j] === false)
    return (x) =>
      x > capacity
        ? Math.exp(-(x - capacity) / OTHER_HURT_ABOVE_SPREAD)
        : PRIOR_ANYWHERE + Math.exp(-(((x - capacity) / (OTHER_HURT_BELOW_SPREADS * spread)) ** 2) / 2);
  // A median may give way long before the service is full.
  const early = (rule.shares[j] as number) > MUCH_ALLOWED ? PRIOR_WIDE_OF_MUCH : PRIOR_WIDE;
  return (x, cell) => {
    const distance = x - capacity - (rule.gentle ? 0 : cell.fromCapacity);
    const wider = Math.hypot(spread, CAPACITY_WANDERED * cell.scatter.root);
    const near = Math.exp(-((distance / wider) ** 2) / 2) / wider;
    const wide = Math.exp(-((distance / PRIOR_WIDE_SPREAD) ** 2) / 2) / PRIOR_WIDE_SPREAD;
    const side = x < capacity ? PRIOR_WIDE_SIDES.below : PRIOR_WIDE_SIDES.above;
    return (PRIOR_SURE - early) * near + early * side * wide + PRIOR_ANYWHERE;
  };
}
