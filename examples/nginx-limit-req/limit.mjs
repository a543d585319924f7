// The true limit of nginx's limit_req: that of its bucket, simulated, not the configured rate.
import { generator } from '../random.mjs';

const WARMUP_SECONDS = 2;
const JUDGED_SECONDS = 30;

/**
 * Whether nginx refuses more than `allowedShare` of Poisson arrivals in 30 s after 2 s of warm-up.
 * The bucket is that of ngx_http_limit_req_module: it leaks by whole milliseconds and takes what would leave no more than `burst` above one.
 */
function refusesTooMany({ offeredPerSecond, rate, burst, allowedShare, random }) {
  let excess = 0;
  let lastMs = 0;
  let planned = 0;
  let refused = 0;
  for (let seconds = 0; ;) {
    seconds -= Math.log(1 - random()) / offeredPerSecond;
    if (seconds >= WARMUP_SECONDS + JUDGED_SECONDS) return refused > allowedShare * planned;
    const nowMs = Math.floor(seconds * 1_000);
    const next = Math.max(0, excess - (rate * (nowMs - lastMs)) / 1_000 + 1);
    const isRefused = next > burst;
    if (!isRefused) {
      excess = next;
      lastMs = nowMs;
    }
    if (seconds < WARMUP_SECONDS) continue;
    planned += 1;
    if (isRefused) refused += 1;
  }
}

/** The rate at which half of all such runs refuse too many, requests/s: what Hive should find. */
export function limitOf({ rate, burst, allowedShare, runs = 500 }) {
  const random = generator(1);
  let low = rate / 2;
  let high = rate * 2;
  while (high - low > rate / 1_000) {
    const offeredPerSecond = (low + high) / 2;
    let failures = 0;
    for (let run = 0; run < runs; run++) {
      if (refusesTooMany({ offeredPerSecond, rate, burst, allowedShare, random })) failures += 1;
    }
    if (failures > runs / 2) high = offeredPerSecond;
    else low = offeredPerSecond;
  }
  return (low + high) / 2;
}
