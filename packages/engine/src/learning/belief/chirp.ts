import type { Density } from './belief.js';
import { hurtingShare, type ChirpBlock, type ChirpRule } from './stopping.js';

/** A stretch of a chirp: the rate goes linearly from one end to the other, requests/s. */
export interface ChirpStage {
  seconds: number;
  from: number;
  to: number;
}

/** What one chirp found. */
export interface ChirpFinding {
  /** Rate at which it began to hurt; null when it reached its end unhurt. */
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

/** Goodput is told over so much time, and so many answers, at least. */
const LEAST_SECONDS = 1;
const LEAST_ANSWERS = 80;
/** A rate is known from n answers to about this ÷ √n. */
const VARIABILITY = 1.2;
/** What wanders from second to second was better or worse than it is on average by this part of a second's scatter. */
const WANDERED = 0.5;
/** More than this share of what ends is lost where a service refuses. */
const REFUSING = 0.05;

/** Stages that double (gently: ×1.15) in max(1.2 s, 2 L, 15 requests): badness shows only after L. */
export function chirpStages({ start, cap, latencySeconds, gentle }: ChirpPlan): ChirpStage[] {
  const factor = gentle ? 1.15 : 2;
  const stages: ChirpStage[] = [];
  for (let from = start; from < cap * 0.999 && stages.length < 400;) {
    const to = Math.min(from * factor, cap);
    const seconds = Math.max(gentle ? 1 : 1.2, (gentle ? 1 : 2) * latencySeconds, (gentle ? 10 : 15) / from);
    stages.push({ seconds, from: gentle ? to : from, to });
    from = to;
  }
  return stages;
}

/** Reads a chirp that has ended. `onset` is what chirpHurts said when it was stopped. */
export function readChirp(blocks: readonly ChirpBlock[], onset: number | null, rule: ChirpRule): ChirpFinding {
  const newest = blocks.slice(-4);
  const hurt = rule.shares.map((share, j) => {
    const worst = Math.max(0, ...newest.map((block) => (block.n > 0 ? (block.bad[j] ?? 0) / block.n : 0)));
    return worst > hurtingShare(share, rule.gentle);
  });
  return {
    onset,
    began: blocks[0]?.rate ?? 0,
    reached: Math.max(0, ...blocks.map((block) => block.rate)),
    goodput: bestGoodput(blocks),
    refuses: onset === null || rule.gentle ? null : lostShare(newest) > REFUSING,
    hurt: hurt.some(Boolean) ? hurt : rule.shares.map(() => true),
  };
}

/** It hurt as soon as it began: the limit is somewhere below, and a chirp that begins lower tells where. */
export function beganTooHigh({ onset, began }: ChirpFinding): boolean {
  return onset !== null && onset < 1.7 * began;
}

/** About the most good answers a second it can give, as far as the chirp tells; requests/s. */
export function capacityOf({ onset, reached, goodput }: ChirpFinding, gentle: boolean): number {
  if (onset === null || gentle) return onset ?? reached;
  return Math.min(onset, Math.max(goodput.perSecond, onset / 8));
}

function lostShare(blocks: readonly ChirpBlock[]): number {
  const lost = blocks.reduce((sum, block) => sum + block.lost, 0);
  return lost / Math.max(1, lost + blocks.reduce((sum, block) => sum + block.good, 0));
}

function bestGoodput(blocks: readonly ChirpBlock[]): ChirpFinding['goodput'] {
  let best = { perSecond: 0, answers: 0 };
  for (let end = blocks.length; end > 0; end -= 1) {
    let seconds = 0;
    let answers = 0;
    for (let i = end - 1; i >= 0 && (seconds < LEAST_SECONDS - 0.01 || answers < LEAST_ANSWERS); i -= 1) {
      seconds += (blocks[i] as ChirpBlock).seconds;
      answers += (blocks[i] as ChirpBlock).good;
    }
    if (seconds > 0 && answers / seconds > best.perSecond) best = { perSecond: answers / seconds, answers };
  }
  return best;
}

/**
 * The belief after a chirp. A service that is overloaded answers as fast as it can, so its goodput tells its capacity, and each cell says
 * where the limit lies against it: 88 % there, 10 % wide, 2 % anywhere. The rate at which it began to hurt says less: it overshoots by
 * √(2ℓ ln 2 ÷ D) while a queue of ℓ seconds fills, D the time of a doubling. For a clause that was not hurt: somewhere above.
 */
export function chirpDensity(finding: ChirpFinding, j: number, rule: ChirpRule): Density {
  const { onset, goodput } = finding;
  const capacity = Math.log(capacityOf(finding, rule.gentle));
  if (onset === null) return (x) => (x < capacity ? 0.3 * Math.exp(-(capacity - x) / 0.15) + 0.01 : 1);
  const spread = rule.gentle ? 0.12 : Math.hypot(0.05, VARIABILITY / Math.sqrt(Math.max(1, goodput.answers)));
  if (finding.hurt[j] === false)
    return (x) =>
      x > capacity ? Math.exp(-(x - capacity) / 0.7) : 0.01 + Math.exp(-(((x - capacity) / (2 * spread)) ** 2) / 2);
  // A median may give way long before the service is full.
  const early = (rule.shares[j] as number) > 0.25 ? 0.4 : 0.1;
  return (x, cell) => {
    const distance = x - capacity - (rule.gentle ? 0 : cell.fromCapacity);
    const wider = Math.hypot(spread, WANDERED * cell.scatter.root);
    const near = Math.exp(-((distance / wider) ** 2) / 2) / wider;
    const wide = Math.exp(-((distance / 0.35) ** 2) / 2) / 0.35;
    return (0.98 - early) * near + early * (x < capacity ? 1.5 : 0.5) * wide + 0.01;
  };
}
