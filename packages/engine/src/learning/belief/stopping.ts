/** The stop rules of one run, evaluated every ½ s while it runs. Pure. */

/** Requests meant to be sent in one stretch of ½ s of a probe's judged part. */
export interface Block {
  n: number;
  /** Of `n`, those known to be bad, for each clause. */
  bad: number[];
}

/** One stretch of a chirp: as a block, with the rate that was offered and what was known of it at the time of asking. */
export interface ChirpBlock extends Block {
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

const LEAST_REQUESTS = 30;
const LEAST_SECONDS = 0.5;

/** The share of bad requests that ends a chirp: above 20 % and three times what is allowed, at most 80 %. */
export function hurtingShare(allowedShare: number, gentle: boolean): number {
  return gentle ? Math.min(0.8, Math.max(0.1, 2 * allowedShare)) : Math.min(0.8, Math.max(0.2, 3 * allowedShare));
}

/**
 * Whether a chirp must stop, and the rate at which it began to hurt (requests/s); null while it does not. It hurts when the newest
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
      if (n >= LEAST_REQUESTS && seconds >= LEAST_SECONDS - 0.01) break;
    }
    if (n >= LEAST_REQUESTS / 2 && bad / n > hurtingShare(share, gentle)) return Math.exp(weighted / n);
  }
  return null;
}

/** Twice in a row, or by far: a few requests more than expected happen by chance. */
function byOutstanding(blocks: readonly ChirpBlock[], { latencySeconds }: ChirpRule): number | null {
  const newest = blocks.at(-1);
  if (!newest || blocks.length < 4) return null;
  const early = blocks.slice(0, Math.max(2, Math.floor(blocks.length / 3)));
  const restSeconds =
    early.reduce((sum, block) => sum + block.outstanding, 0) / early.reduce((sum, block) => sum + block.rate, 0);
  // An overloaded service answers less than what is offered: what is under way waits for that.
  const most = Math.max(...blocks.map(({ good, lost, seconds }) => (good + lost) / seconds));
  const excess = ({ outstanding, rate }: ChirpBlock): number => {
    const expected = restSeconds * rate;
    const waiting = 0.5 * latencySeconds * Math.min(rate, most);
    return outstanding / (Math.max(3 * expected, waiting) + 3 * Math.sqrt(expected) + 5);
  };
  const before = excess(blocks.at(-2) as ChirpBlock);
  const now = excess(newest);
  return now > 2 || (now > 1 && before > 1) ? newest.rate : null;
}

/** What a probe promised. */
export interface ProbePlan {
  plannedSeconds: number;
  /** Allowed shares of the clauses. */
  shares: number[];
}

/**
 * Whether a probe must fail whatever comes: some clause has more bad requests than it allows of all that are planned, and the last second
 * is mostly bad still (above 40 % and three times the allowed share). Planned requests are extrapolated from those so far.
 * @public
 */
export function probeIsCertain(blocks: readonly Block[], { plannedSeconds, shares }: ProbePlan): boolean {
  if (blocks.length < 2) return false;
  const n = blocks.reduce((sum, block) => sum + block.n, 0);
  const planned = (n * plannedSeconds) / (blocks.length / 2);
  const last = blocks.slice(-2);
  const lastN = last.reduce((sum, block) => sum + block.n, 0);
  return shares.some((share, j) => {
    const bad = blocks.reduce((sum, block) => sum + (block.bad[j] ?? 0), 0);
    const lastBad = last.reduce((sum, block) => sum + (block.bad[j] ?? 0), 0);
    return bad > share * planned && lastN > 0 && lastBad / lastN > Math.min(0.9, Math.max(0.4, 3 * share));
  });
}
