/**
 * Services drawn by number, from the same parts as those that are named: what the learner's constants were chosen on (numbers below 1000),
 * and what they are then measured on (from 1000). Nobody has to invent a service that suits the learner.
 */
import { bucket, exponential, lognormal, pausing, wandering } from './laws.mjs';
import { randomOf } from './random.mjs';
import { clause, ERRORS } from './services.mjs';

const between = (random, low, high) => Math.exp(Math.log(low) + random() * Math.log(high / low));
const oneOf = (random, list) => list[Math.floor(random() * list.length)];

/** Shapes of the service time, mean 1; `tail`: its 99.5 % point, for a latency that an idle service keeps. */
const SHAPES = [
  () => ({ name: 'exponential', draw: (random) => exponential(random, 1), tail: 5.3 }),
  () => ({ name: 'even', draw: (random) => 0.5 + random.next(), tail: 1.5 }),
  () => ({ name: 'fixed', draw: () => 1, tail: 1 }),
  (random) => {
    const sigma = between(random, 0.3, 1.2);
    return {
      name: `lognormal ${sigma.toFixed(2)}`,
      draw: (r) => lognormal(r, 1, sigma),
      tail: Math.exp(2.576 * sigma - (sigma * sigma) / 2),
    };
  },
  (random) => {
    const rare = between(random, 0.02, 0.2);
    const slow = between(random, 3, 12);
    const quick = (1 - rare * slow) / (1 - rare);
    return quick > 0.05
      ? { name: 'bimodal', draw: (r) => (r.next() < rare ? slow : quick), tail: slow }
      : { name: 'fixed', draw: () => 1, tail: 1 };
  },
];

/** What may trouble a queue beside its load: `make` gives that of a fresh one. Slack in s. */
const TROUBLES = [
  ...Array.from({ length: 5 }, () => () => ({ name: 'plain', make: () => ({}) })),
  (random) => {
    const spread = between(random, 0.03, 0.12);
    const memory = 1_000 * between(random, 1, 8);
    return { name: `wandering ${spread.toFixed(2)}`, make: () => wandering(spread, memory) };
  },
  (random, { slack }) => {
    const every = 1_000 * between(random, 1.5, 8);
    const pause = 1_000 * slack * between(random, 0.15, 0.5);
    return { name: 'pauses', make: () => pausing(every, pause) };
  },
  (random, { slack }) => {
    const mostWaitMs = 1_000 * slack * between(random, 0.2, 0.9);
    return { name: 'refuses', make: () => ({ mostWaitMs }) };
  },
  (random, { capacity, slack }) => {
    const rate = capacity * between(random, 0.5, 0.85);
    const burst = capacity * slack * between(random, 0.3, 1);
    return { name: 'bucket', make: () => bucket(rate, burst) };
  },
  (random) => {
    const share = between(random, 0.001, 0.004);
    return { name: 'floor', make: () => ({ afterMs: (r) => (r.next() < share ? 3_000 : 0) }), floor: true };
  },
];

/** The service of one number. Capacities from 60 to 3,000 requests/s, room for 30 ms to 1 s of waiting, p90 to p99. */
export function generatedService(number) {
  const random = randomOf(number * 2654435 + 97);
  const capacity = between(random, 60, 3000);
  const slots = Math.round(between(random, 1, 64));
  const mean = slots / capacity;
  const shape = oneOf(random, SHAPES)(random);
  const slack = between(random, 0.03, 1);
  const allowed = oneOf(random, [0.01, 0.01, 0.01, 0.05, 0.1]);
  const trouble = oneOf(random, TROUBLES)(random, { capacity, slack });
  const latency = Number((mean * shape.tail + slack).toPrecision(2));
  const clauses = [within(trouble.floor ? 0.01 : allowed, latency)];
  if (random() < 0.1) clauses.unshift(within(0.5, Number((mean * 1.2 + slack / 8).toPrecision(2))));
  if (random() < 0.08) clauses.push(ERRORS);
  if (random() < 0.1) {
    const knee = between(random, 1, 60);
    const falls = between(random, 100, 1000);
    return {
      name: `${number}: shared, ${capacity.toFixed(0)}/s`,
      guess: capacity * 0.85,
      clauses,
      make: () => ({
        most: 3_000,
        work: shape.draw,
        speed: (n) => (capacity * Math.min(1, n / knee)) / (1 + (n / falls) ** 1.5),
      }),
    };
  }
  return {
    name: `${number}: ${shape.name}, ${trouble.name}, ${capacity.toFixed(0)}/s`,
    guess: capacity * 0.8,
    clauses,
    make: () => {
      const { slowing = () => 1, ...own } = trouble.make();
      return { slots, serviceMs: (r) => 1_000 * mean * shape.draw(r) * slowing(), ...own };
    },
  };
}

function within(allowedShare, seconds) {
  return clause(allowedShare, Number((1_000 * seconds).toPrecision(6)));
}
