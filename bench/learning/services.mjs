/**
 * Services whose limits are known by simulation. `make` gives the law of a fresh one, `warmed` one that has run for long; `guess`: where its limit is,
 * roughly; `heldOut`: never looked at while tuning; `still`: which it is while its speed does not wander.
 */
import { bucket, exponential, lognormal, mmc, pausing, wandering } from './laws.mjs';

/** A clause on latency, ms. */
export const clause = (allowedShare, latency) => ({
  expression: `p(${100 - allowedShare * 100})<${latency}`,
  allowedShare,
  latency,
});
export const ERRORS = { expression: 'rate<0.01', allowedShare: 0.01, latency: Infinity };
const mean = (latency) => ({ expression: `avg<${latency}`, allowedShare: 0.25, latency, mean: true });

/** Eight slots of 20 ms whose speed wanders. */
function restless(spread, memory) {
  const { slowing, ...mood } = wandering(spread, memory);
  return { slots: 8, serviceMs: (random) => exponential(random, 20) * slowing(), ...mood };
}

export const SERVICES = {
  'm/m/8': { regular: true, guess: 380, clauses: [clause(0.01, 200)], make: () => mmc(8, 20) },
  'heavy tail, floor': {
    regular: true,
    guess: 600,
    clauses: [clause(0.01, 300)],
    make: () => ({
      slots: 16,
      serviceMs: (random) => Math.min(1_000, lognormal(random, 20, 1)),
      afterMs: (random) => (random.next() < 0.003 ? 1_000 : 0),
    }),
  },
  'token bucket': {
    regular: true,
    guess: 300,
    clauses: [clause(0.01, 200)],
    make: () => ({ ...mmc(32, 20), ...bucket(300, 60) }),
  },
  'processor sharing, retrograde': {
    regular: true,
    heldOut: true,
    guess: 450,
    clauses: [clause(0.05, 250)],
    make: () => ({
      most: 2_000,
      work: (random) => exponential(random, 1),
      speed: (count) => (500 * Math.min(1, count / 6)) / (1 + (count / 400) ** 1.5),
    }),
  },
  'gc pauses': {
    regular: true,
    guess: 380,
    clauses: [clause(0.01, 250)],
    make: () => ({ ...mmc(8, 16), ...pausing(2_500, 100) }),
  },
  'noisy neighbour': {
    regular: true,
    guess: 330,
    clauses: [clause(0.01, 200)],
    make: () => restless(0.08, 3_000),
  },
  bimodal: {
    regular: true,
    heldOut: true,
    guess: 600,
    clauses: [clause(0.01, 250)],
    make: () => ({ slots: 10, serviceMs: (random) => (random.next() < 0.05 ? 120 : 8) }),
  },
  'fast, 2,600/s': { regular: true, guess: 2_500, clauses: [clause(0.01, 50)], make: () => mmc(8, 3) },
  'connection-limited': {
    regular: true,
    heldOut: true,
    guess: 600,
    clauses: [clause(0.01, 500)],
    make: () => ({ slots: 64, serviceMs: (random) => lognormal(random, 100, 0.5), mostWaitMs: 50 }),
  },
  'jit warm-up': {
    guess: 380,
    clauses: [clause(0.01, 200)],
    make: ({ warmed }) => {
      let served = warmed ? 1e6 : 0;
      return {
        slots: 8,
        serviceMs: (random) => exponential(random, 20) * (1 + 0.8 * Math.exp(-(served += 1) / 4_000)),
      };
    },
  },
  'slow drift': {
    heldOut: true,
    still: 'm/m/8',
    guess: 350,
    clauses: [clause(0.01, 200)],
    make: () => restless(0.06, 60_000),
  },
  '20 requests/s': { guess: 20, clauses: [clause(0.01, 1_000)], make: () => mmc(2, 85) },
  '-30 % at 30 s': {
    guess: 260,
    clauses: [clause(0.01, 200)],
    make: ({ warmed }) => {
      const fromMs = warmed ? -1 : 30_000;
      return { slots: 8, serviceMs: (random, atMs) => exponential(random, atMs > fromMs ? 20 / 0.7 : 20) };
    },
  },
  autoscaler: {
    guess: 190,
    clauses: [clause(0.01, 200)],
    make: () => ({ ...mmc(8, 20), before: scaling() }),
  },
  'errors only': { heldOut: true, guess: 380, clauses: [ERRORS], make: () => ({ ...mmc(8, 20), mostWaitMs: 150 }) },
  mean: { mean: true, guess: 390, clauses: [mean(60)], make: () => mmc(8, 20) },
  'mean of a heavy tail': {
    mean: true,
    guess: 600,
    clauses: [mean(100)],
    make: () => ({ slots: 16, serviceMs: (random) => Math.min(1_000, lognormal(random, 20, 1)) }),
  },
  'two clauses': {
    guess: 390,
    clauses: [clause(0.5, 60), clause(0.01, 400)],
    make: () => ({ slots: 8, serviceMs: (random) => lognormal(random, 20, 1.1) }),
  },
};

/** Four to eight slots: two more after 25 s of a busy queue, four again after 60 s of a quiet one. Those that are not there are never free. */
function scaling() {
  let slots = 4;
  let busy = 0;
  let at = 0;
  let hotSince = null;
  let coldSince = null;
  return (atMs, freeMs) => {
    let working = 0;
    for (let slot = 0; slot < slots; slot += 1) if (freeMs[slot] > atMs) working += 1;
    busy += (working / slots - busy) * (1 - Math.exp(-(atMs - at) / 2_000));
    at = atMs;
    if (busy > 0.85) {
      hotSince ??= atMs;
      if (atMs - hotSince > 25_000 && slots < 8) {
        slots += 2;
        hotSince = atMs;
      }
    } else hotSince = null;
    if (busy < 0.3) {
      coldSince ??= atMs;
      if (atMs - coldSince > 60_000) slots = 4;
    } else coldSince = null;
    for (let slot = slots; slot < 8; slot += 1) freeMs[slot] = Infinity;
    for (let slot = 0; slot < slots; slot += 1) if (freeMs[slot] === Infinity) freeMs[slot] = atMs;
  };
}
