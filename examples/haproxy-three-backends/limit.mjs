// The true limit of several backends of known speed behind a balancer, simulated.
import { generator } from '../random.mjs';

const WARMUP_MS = 2_000;
const JUDGED_MS = 30_000;
const LATENCY_MS = 250;
const ALLOWED_SHARE = 0.01;
/** Fewer requests do not decide a p99. */
const DECIDING = 300;

/** The rate at which half of all runs of 30 s break `p(99)<250` over all requests or over those of one backend, requests/s. */
export function limitOf({ servicesMs, slots, balance, runs = 60 }) {
  const random = generator(1);
  let low = 0;
  let high = servicesMs.reduce((sum, serviceMs) => sum + (1_000 / serviceMs) * slots, 0);
  while (high - low > 1) {
    const perSecond = (low + high) / 2;
    let failures = 0;
    for (let run = 0; run < runs; run++) if (breaks(perSecond, { servicesMs, slots, balance, random })) failures += 1;
    if (failures > runs / 2) high = perSecond;
    else low = perSecond;
  }
  return low;
}

/** One run of Poisson arrivals. */
function breaks(perSecond, { servicesMs, slots, balance, random }) {
  const backends = servicesMs.map((serviceMs) => ({
    serviceMs,
    freeAtMs: Array(slots).fill(0),
    ends: [],
    planned: 0,
    bad: 0,
  }));
  let turn = 0;
  for (let nowMs = 0; ;) {
    nowMs -= (Math.log(1 - random()) / perSecond) * 1_000;
    if (nowMs >= WARMUP_MS + JUDGED_MS) break;
    turn = (turn + 1) % backends.length;
    const backend = balance === 'leastconn' ? leastBusy(backends, turn, nowMs) : backends[turn];
    const latencyMs = serve(backend, nowMs);
    if (nowMs < WARMUP_MS) continue;
    backend.planned += 1;
    if (latencyMs >= LATENCY_MS) backend.bad += 1;
  }
  const planned = backends.reduce((sum, backend) => sum + backend.planned, 0);
  const bad = backends.reduce((sum, backend) => sum + backend.bad, 0);
  return (
    bad > ALLOWED_SHARE * planned ||
    backends.some((one) => one.planned >= DECIDING && one.bad > ALLOWED_SHARE * one.planned)
  );
}

/** The backend with the fewest requests, among equals the next in turn. */
function leastBusy(backends, turn, nowMs) {
  for (const { ends } of backends) while (ends.length > 0 && ends[0] <= nowMs) ends.shift();
  const inTurn = [...backends.slice(turn), ...backends.slice(0, turn)];
  return inTurn.reduce((best, one) => (one.ends.length < best.ends.length ? one : best));
}

/** First come, first served, in the slot that is free first. Returns how long it took, ms. */
function serve({ serviceMs, freeAtMs, ends }, nowMs) {
  const slot = freeAtMs.indexOf(Math.min(...freeAtMs));
  freeAtMs[slot] = Math.max(freeAtMs[slot], nowMs) + serviceMs;
  ends.push(freeAtMs[slot]);
  return freeAtMs[slot] - nowMs;
}
