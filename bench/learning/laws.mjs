/** What services are made of: laws of service times, and what troubles a queue beside its load. Times in ms. */

export const exponential = (random, mean) => mean * random.exponential();
export const gaussian = (random) => Math.sqrt(2 * random.exponential()) * Math.cos(2 * Math.PI * random.next());
export const lognormal = (random, mean, sigma) => mean * Math.exp(sigma * gaussian(random) - (sigma * sigma) / 2);

/** The queue of `slots` with exponential service times. */
export const mmc = (slots, mean) => ({ slots, serviceMs: (random) => exponential(random, mean) });

/**
 * An Ornstein-Uhlenbeck logarithm of speed: `spread` its standard deviation, `memory` its correlation time, ms. `slowing()`: what service times
 * are multiplied by; `meanSpeed(ms)`: the mean speed of the last so many, of all by default.
 */
export function wandering(spread, memory) {
  const past = [];
  let log = null;
  let at = 0;
  return {
    slowing: () => Math.exp(-log),
    meanSpeed(ms = Infinity) {
      const logs = past.filter((one) => one.at >= past.at(-1).at - ms).map((one) => one.log);
      return Math.exp(logs.reduce((sum, one) => sum + one, 0) / logs.length);
    },
    before(atMs, _freeMs, random) {
      log ??= spread * gaussian(random);
      if (atMs - at < 50) return;
      const keep = Math.exp(-(atMs - at) / memory);
      log = log * keep + spread * Math.sqrt(1 - keep * keep) * gaussian(random);
      at = atMs;
      if (past.length === 0 || at - past.at(-1).at >= 1_000) past.push({ at, log });
    },
  };
}

/** Stop-the-world pauses: exponential gaps of `every`; whatever is under way takes that much longer, and nothing starts. */
export function pausing(every, pause) {
  let next = null;
  return {
    before(atMs, freeMs, random) {
      next ??= exponential(random, every);
      while (atMs >= next) {
        const length = lognormal(random, pause, 0.3);
        for (let slot = 0; slot < freeMs.length; slot += 1) freeMs[slot] = Math.max(freeMs[slot], next) + length;
        next += length + exponential(random, every);
      }
    },
  };
}

/** A token bucket: so many requests/s, and `burst` at once. */
export function bucket(rate, burst) {
  let tokens = burst;
  let at = 0;
  return {
    refuses(atMs) {
      tokens = Math.min(burst, tokens + ((atMs - at) * rate) / 1_000);
      at = atMs;
      if (tokens < 1) return true;
      tokens -= 1;
      return false;
    },
  };
}
