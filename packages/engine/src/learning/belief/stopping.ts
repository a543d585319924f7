import {
  GENTLE_HURTING_SHARE,
  HURTING_REQUESTS,
  HURTING_SECONDS,
  HURTING_SHARE,
  LEAST_HURTING_REQUESTS,
  SECONDS_SLACK,
  WAITING_DEVIATIONS,
  WAITING_FAR,
  WAITING_LATENCIES,
  WAITING_LEAST_BLOCKS,
  WAITING_REST_BLOCKS,
  WAITING_REST_PARTS,
  WAITING_SPARE,
  WAITING_TIMES,
} from '../weights.js';

/** When a chirp stops, evaluated every ½ s while it runs. Pure. */

/** One stretch of a chirp, with the rate that was offered and what was known about it at the time of asking. */
export interface ChirpBlock {
  /** Requests meant to be sent in it. */
  n: number;
  /** Of `n`, those known to be bad, for each clause. */
  bad: number[];
  seconds: number;
  /** Mean offered rate, requests/s. */
  rate: number;
  /** Of `n`, those whose fate is known: answered, or older than every latency of the objectives. */
  decided: number;
  /** Requests under way at the block's end. */
  outstanding: number;
  /** Good answers that came in it, and requests that came to another end: refused, failed, given up. */
  good: number;
  lost: number;
}

/** What a chirp is stopped by. */
export interface ChirpRule {
  /** Allowed shares of the clauses. */
  shares: number[];
  /** The longest latency of the objectives; s. */
  latencySeconds: number;
  /** True where overload is not allowed: the first failing window ends it. */
  gentle: boolean;
}

/** The share of bad requests that ends a chirp: some times what is allowed, within bounds. */
export function hurtingShare(allowedShare: number, gentle: boolean): number {
  const { least, times, most } = gentle ? GENTLE_HURTING_SHARE : HURTING_SHARE;
  return Math.min(most, Math.max(least, times * allowedShare));
}

/**
 * Whether a chirp must stop, and the rate at which the objectives first broke (requests/s); null while it does not. It hurts when the newest
 * max(½ s, 30 requests) whose fate is known are mostly bad, or when more requests are under way than three times the expected number and
 * than would keep the latency: by Little's law, outstanding ÷ throughput is the mean response time.
 */
export function chirpHurts(blocks: readonly ChirpBlock[], rule: ChirpRule): number | null {
  return byShare(blocks, rule) ?? byOutstanding(blocks, rule);
}

function byShare(blocks: readonly ChirpBlock[], { shares, gentle }: ChirpRule): number | null {
  for (const [j, share] of shares.entries()) {
    let n = 0;
    let bad = 0;
    let seconds = 0;
    let weighted = 0;
    for (let i = blocks.length - 1; i >= 0; i -= 1) {
      const block = blocks[i] as ChirpBlock;
      // Requests that are known to be bad before they are answered count as decided.
      const decided = Math.max(block.decided, block.bad[j] ?? 0);
      if (decided === 0) continue;
      n += decided;
      bad += block.bad[j] ?? 0;
      seconds += block.seconds * (decided / Math.max(1, block.n));
      weighted += Math.log(block.rate) * decided;
      if (n >= HURTING_REQUESTS && seconds >= HURTING_SECONDS - SECONDS_SLACK) break;
    }
    if (n >= LEAST_HURTING_REQUESTS && bad / n > hurtingShare(share, gentle)) return Math.exp(weighted / n);
  }
  return null;
}

/** Twice in a row, or by far: a few requests more than expected happen by chance. */
function byOutstanding(blocks: readonly ChirpBlock[], { latencySeconds }: ChirpRule): number | null {
  const newest = blocks.at(-1);
  if (!newest || blocks.length < WAITING_LEAST_BLOCKS) return null;
  const early = blocks.slice(0, Math.max(WAITING_REST_BLOCKS, Math.floor(blocks.length / WAITING_REST_PARTS)));
  const restSeconds =
    early.reduce((sum, block) => sum + block.outstanding, 0) / early.reduce((sum, block) => sum + block.rate, 0);
  // An overloaded service answers less than what is offered: what is under way waits for that.
  const throughput = Math.max(...blocks.map(({ good, lost, seconds }) => (good + lost) / seconds));
  const excess = ({ outstanding, rate }: ChirpBlock): number => {
    const expected = restSeconds * rate;
    const waiting = WAITING_LATENCIES * latencySeconds * Math.min(rate, throughput);
    const most = Math.max(WAITING_TIMES * expected, waiting) + WAITING_DEVIATIONS * Math.sqrt(expected) + WAITING_SPARE;
    return outstanding / most;
  };
  const before = excess(blocks.at(-2) as ChirpBlock);
  const now = excess(newest);
  return now > WAITING_FAR || (now > 1 && before > 1) ? newest.rate : null;
}
