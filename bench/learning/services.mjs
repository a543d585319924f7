/** Services whose limits are known by simulation. `heldOut`: never looked at while tuning; `still`: which it is while its speed does not wander. */
import { exponential, gaussian, lognormal, Queue, Sharing } from './simulation.mjs';

/** A clause on latency, s. */
export const clause = (allowedShare, latency) => ({
  expression: `p(${100 - allowedShare * 100})<${Math.round(latency * 1000)}`,
  allowedShare,
  latency,
});
export const queueOf = (settings) => (seed) => new Queue(seed, settings);

/** An Ornstein-Uhlenbeck logarithm of speed: `spread` its standard deviation, `memory` its correlation time in seconds. `past`: what it was. */
export function wandering(spread, memory) {
  return {
    start: (random) => ({ log: spread * gaussian(random), at: 0, random, past: [] }),
    before: (_queue, at, state) => {
      if (at - state.at < 0.05) return;
      const keep = Math.exp(-(at - state.at) / memory);
      state.log = state.log * keep + spread * Math.sqrt(1 - keep * keep) * gaussian(state.random);
      state.at = at;
      if (at - (state.past.at(-1)?.at ?? -1) >= 1) state.past.push({ at, log: state.log });
    },
  };
}

/** Mean speed in the last `seconds`, as a factor. */
export function meanSpeed({ past }, seconds = Infinity) {
  const logs = past.filter(({ at }) => at >= past.at(-1).at - seconds).map(({ log }) => log);
  return Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
}

/** Stop-the-world pauses: exponential gaps of `every` seconds; no worker starts anything meanwhile. */
export function pausing(every, pause) {
  return {
    start: (random) => ({ next: exponential(random, every), random }),
    before: (queue, at, state) => {
      while (at >= state.next) {
        const length = lognormal(state.random, pause, 0.3);
        for (let i = 0; i < queue.free.length; i += 1) queue.free[i] = Math.max(queue.free[i], state.next) + length;
        state.next += length + exponential(state.random, every);
      }
    },
  };
}

export function bucket(rate, burst) {
  return {
    start: () => ({ tokens: burst, at: 0 }),
    refuse: (_queue, at, state) => {
      state.tokens = Math.min(burst, state.tokens + (at - state.at) * rate);
      state.at = at;
      if (state.tokens < 1) return true;
      state.tokens -= 1;
      return false;
    },
  };
}

const mmc = (workers, mean) => ({ workers, duration: (random) => exponential(random, mean) });

export const SERVICES = {
  'm/m/8': { regular: true, guess: 380, clauses: [clause(0.01, 0.2)], make: queueOf(mmc(8, 0.02)) },
  'heavy tail, floor': {
    regular: true,
    guess: 600,
    clauses: [clause(0.01, 0.3)],
    make: queueOf({
      workers: 16,
      duration: (random) => Math.min(1, lognormal(random, 0.02, 1)),
      extra: (random) => (random() < 0.003 ? 1 : 0),
    }),
  },
  'token bucket': {
    regular: true,
    guess: 300,
    clauses: [clause(0.01, 0.2)],
    make: queueOf({ ...mmc(32, 0.02), ...bucket(300, 60) }),
  },
  'processor sharing, retrograde': {
    regular: true,
    heldOut: true,
    guess: 450,
    clauses: [clause(0.05, 0.25)],
    make: (seed) =>
      new Sharing(seed, {
        most: 2000,
        meanWork: 1,
        work: (random) => exponential(random, 1),
        speed: (n) => (500 * Math.min(1, n / 6)) / (1 + (n / 400) ** 1.5),
      }),
  },
  'gc pauses': {
    regular: true,
    guess: 380,
    clauses: [clause(0.01, 0.25)],
    make: queueOf({ ...mmc(8, 0.016), ...pausing(2.5, 0.1) }),
  },
  'noisy neighbour': {
    regular: true,
    guess: 330,
    clauses: [clause(0.01, 0.2)],
    make: queueOf({
      workers: 8,
      duration: (random, _at, state) => exponential(random, 0.02) * Math.exp(-state.log),
      ...wandering(0.08, 3),
    }),
  },
  bimodal: {
    regular: true,
    heldOut: true,
    guess: 600,
    clauses: [clause(0.01, 0.25)],
    make: queueOf({ workers: 10, duration: (random) => (random() < 0.05 ? 0.12 : 0.008) }),
  },
  'fast, 2,600/s': { regular: true, guess: 2500, clauses: [clause(0.01, 0.05)], make: queueOf(mmc(8, 0.003)) },
  'connection-limited': {
    regular: true,
    heldOut: true,
    guess: 600,
    clauses: [clause(0.01, 0.5)],
    make: queueOf({ workers: 64, duration: (random) => lognormal(random, 0.1, 0.5), queueSeconds: 0.05 }),
  },
  'jit warm-up': {
    guess: 380,
    warm: (service) => (service.state.served = 1e6),
    clauses: [clause(0.01, 0.2)],
    make: queueOf({
      workers: 8,
      start: () => ({ served: 0 }),
      duration: (random, _at, state) => {
        state.served += 1;
        return exponential(random, 0.02) * (1 + 0.8 * Math.exp(-state.served / 4000));
      },
    }),
  },
  'slow drift': {
    heldOut: true,
    still: 'm/m/8',
    guess: 350,
    clauses: [clause(0.01, 0.2)],
    make: queueOf({
      workers: 8,
      duration: (random, _at, state) => exponential(random, 0.02) * Math.exp(-state.log),
      ...wandering(0.06, 60),
    }),
  },
  '20 requests/s': { guess: 20, clauses: [clause(0.01, 1)], make: queueOf(mmc(2, 0.085)) },
  '-30 % at 30 s': {
    guess: 260,
    warm: (service) => (service.state.from = -1),
    clauses: [clause(0.01, 0.2)],
    make: queueOf({
      workers: 8,
      start: () => ({ from: 30 }),
      duration: (random, at, state) => exponential(random, at > state.from ? 0.02 / 0.7 : 0.02),
    }),
  },
  autoscaler: {
    guess: 190,
    clauses: [clause(0.01, 0.2)],
    make: queueOf({
      workers: 8,
      start: () => ({ workers: 4, hotSince: null, coldSince: null, at: 0, busy: 0 }),
      before: (queue, at, state) => {
        // Workers beyond the scale are kept busy; a scale-up takes 25 s of a busy queue, a scale-down 60 s of a quiet one.
        let busy = 0;
        for (let i = 0; i < state.workers; i += 1) if (queue.free[i] > at) busy += 1;
        state.busy += (busy / state.workers - state.busy) * (1 - Math.exp(-(at - state.at) / 2));
        state.at = at;
        if (state.busy > 0.85) {
          state.hotSince ??= at;
          if (at - state.hotSince > 25 && state.workers < 8) {
            state.workers += 2;
            state.hotSince = at;
          }
        } else state.hotSince = null;
        if (state.busy < 0.3) {
          state.coldSince ??= at;
          if (at - state.coldSince > 60) state.workers = 4;
        } else state.coldSince = null;
        for (let i = state.workers; i < 8; i += 1) queue.free[i] = Infinity;
        for (let i = 0; i < state.workers; i += 1) if (queue.free[i] === Infinity) queue.free[i] = at;
      },
      duration: (random) => exponential(random, 0.02),
    }),
  },
  'errors only': {
    heldOut: true,
    guess: 380,
    clauses: [{ expression: 'rate<0.01', allowedShare: 0.01, latency: Infinity }],
    make: queueOf({ ...mmc(8, 0.02), queueSeconds: 0.15 }),
  },
  mean: {
    mean: true,
    guess: 390,
    clauses: [{ expression: 'avg<60', allowedShare: 0.25, latency: 0.06, mean: true }],
    make: queueOf(mmc(8, 0.02)),
  },
  'mean of a heavy tail': {
    mean: true,
    guess: 600,
    clauses: [{ expression: 'avg<100', allowedShare: 0.25, latency: 0.1, mean: true }],
    make: queueOf({ workers: 16, duration: (random) => Math.min(1, lognormal(random, 0.02, 1)) }),
  },
  'two clauses': {
    guess: 390,
    clauses: [clause(0.5, 0.06), clause(0.01, 0.4)],
    make: queueOf({ workers: 8, duration: (random) => lognormal(random, 0.02, 1.1) }),
  },
};
