/** Memory that is never given back. */
export interface Leak {
  /** One more request, at `nowMs`. */
  request(nowMs: number): void;
  readonly bytes: number;
  /** Requests so far, leaking or not. */
  readonly requests: number;
}

/** Whole slabs, written to when they are used: what is leaked is resident, to a memory page exactly, and no object a request. */
const SLAB_BYTES = 1024 * 1024;
const FILLING = 0x5a;

/**
 * Leaks `bytesPerRequest` for every request, or for those above `abovePerSecond` only: a bucket of a tenth of a second's tokens
 * refills at that rate, and a request that finds it empty leaks. At a steady rate r the leaking share is 1 − abovePerSecond ÷ r.
 */
export function createLeak(options: { bytesPerRequest: number; abovePerSecond: number; limitBytes: number }): Leak {
  const { bytesPerRequest, abovePerSecond, limitBytes } = options;
  const slabs: Buffer[] = [];
  const most = Math.max(1, abovePerSecond / 10);
  let tokens = abovePerSecond > 0 ? most : 0;
  let toldMs = Number.NaN;
  let bytes = 0;
  let requests = 0;

  function spared(nowMs: number): boolean {
    if (abovePerSecond === 0) return false;
    if (!Number.isNaN(toldMs)) tokens = Math.min(most, tokens + ((nowMs - toldMs) / 1_000) * abovePerSecond);
    toldMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  }

  function keep(wanted: number): void {
    let left = Math.min(wanted, limitBytes - bytes);
    while (left > 0) {
      const used = bytes % SLAB_BYTES;
      if (used === 0) slabs.push(Buffer.allocUnsafeSlow(SLAB_BYTES));
      const taken = Math.min(left, SLAB_BYTES - used);
      (slabs.at(-1) as Buffer).fill(FILLING, used, used + taken);
      bytes += taken;
      left -= taken;
    }
  }

  return {
    request(nowMs) {
      requests += 1;
      if (bytesPerRequest > 0 && !spared(nowMs)) keep(bytesPerRequest);
    },
    get bytes() {
      return bytes;
    },
    get requests() {
      return requests;
    },
  };
}
