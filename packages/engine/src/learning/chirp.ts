import type { Density } from './belief.js';
import { canChirp, hurtingShare, type ChirpBlock, type ChirpRule } from './stopping.js';

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
  /** Highest rate that was offered. */
  reached: number;
  /** Seconds for one doubling around the onset. */
  doublingSeconds: number;
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

/** Stages that double (gently: ×1.15) in max(1.2 s, 2 L, 15 requests): badness shows only after L. */
export function chirpStages({ start, cap, latencySeconds, gentle }: ChirpPlan): ChirpStage[] {
  const factor = gentle ? 1.15 : 2;
  const stages: ChirpStage[] = [];
  for (let from = start; from < cap * 0.999 && stages.length < 400;) {
    const to = Math.min(from * factor, cap);
    const seconds = Math.max(gentle ? 1 : 1.2, (gentle ? 1 : 2) * latencySeconds, (gentle ? 10 : 15) / from);
    stages.push({ seconds: seconds, from: gentle ? to : from, to });
    from = to;
  }
  return stages;
}

/** Reads a chirp that has ended. `onset` is what chirpHurts said when it was stopped. */
export function readChirp(blocks: readonly ChirpBlock[], onset: number | null, rule: ChirpRule): ChirpFinding {
  const reached = Math.max(0, ...blocks.map((block) => block.rate));
  const newest = blocks.slice(-4);
  const hurt = rule.shares.map((share, j) => {
    const worst = Math.max(0, ...newest.map((block) => (block.n > 0 ? (block.bad[j] ?? 0) / block.n : 0)));
    return worst > hurtingShare(share, rule.gentle);
  });
  const last = newest.at(-1);
  const first = newest[0];
  const seconds = newest.slice(1).reduce((sum, block) => sum + block.seconds, 0);
  const doublings = last && first ? Math.log2(last.rate / first.rate) : 0;
  return {
    onset,
    reached,
    doublingSeconds: doublings > 0.01 ? seconds / doublings : 10,
    hurt: hurt.some(Boolean) ? hurt : rule.shares.map(() => true),
  };
}

/**
 * By how much a rising rate overshoots the limit before it shows, at most: a queue that grows by the excess e(t) = (ln 2 ÷ D)·t makes a
 * request wait L once ∫e = L, at e = √(2 L ln 2 ÷ D).
 */
function overshoot(doublingSeconds: number, latencySeconds: number): number {
  return Math.sqrt((2 * latencySeconds * Math.LN2) / doublingSeconds);
}

/** The belief after a chirp: 88 % around the onset, 10 % wide, 2 % anywhere; for a clause that was not hurt: somewhere above. */
export function chirpDensity(finding: ChirpFinding, j: number, rule: ChirpRule): Density {
  const { onset, reached, doublingSeconds } = finding;
  if (onset === null) {
    const top = Math.log(reached);
    return (x) => (x < top ? 0.3 * Math.exp(-(top - x) / 0.15) + 0.01 : 1);
  }
  const over = Math.min(1, overshoot(doublingSeconds, Math.min(rule.latencySeconds, 5)));
  const centre = Math.log(onset) - (rule.gentle ? 0 : 0.8 * over);
  const spread = 0.05 + (rule.gentle ? 0.07 : 0.2 * over);
  if (!canChirp([rule.shares[j] as number]))
    return (x) => (x < centre ? Math.exp(-(centre - x) / 1.2) : Math.exp(-(((x - centre) / 0.15) ** 2) / 2));
  if (finding.hurt[j] === false)
    return (x) =>
      x > centre ? Math.exp(-(x - centre) / 0.7) : 0.01 + Math.exp(-(((x - centre) / (2 * spread)) ** 2) / 2);
  return (x) => {
    const z = (x - centre) / spread;
    const wide = (x - centre) / 0.5;
    return (0.88 / spread) * Math.exp((-z * z) / 2) + (0.1 / 0.5) * Math.exp((-wide * wide) / 2) + 0.01;
  };
}
