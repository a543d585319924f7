/**
 * Services drawn by number, from the same parts as those that are named: what the learner's constants were chosen on (numbers below 1000),
 * and what they are then measured on (from 1000). Nobody has to invent a service that suits the learner.
 */
import { bucket, clause, pausing, queueOf, wandering } from './services.mjs';
import { exponential, lognormal, randomOf, Sharing } from './simulation.mjs';

const between = (random, low, high) => Math.exp(Math.log(low) + random() * Math.log(high / low));
const oneOf = (random, list) => list[Math.floor(random() * list.length)];

/** Shapes of the service time, mean 1; `tail`: its 99.5 % point, for a latency that an idle service keeps. */
const SHAPES = [
  () => ({ name: 'exponential', draw: (random) => exponential(random, 1), tail: 5.3 }),
  () => ({ name: 'even', draw: (random) => 0.5 + random(), tail: 1.5 }),
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
      ? { name: 'bimodal', draw: (r) => (r() < rare ? slow : quick), tail: slow }
      : { name: 'fixed', draw: () => 1, tail: 1 };
  },
];

/** What may trouble a queue beside its load. */
const TROUBLES = [
  ...Array.from({ length: 5 }, () => () => ({ name: 'plain', settings: {} })),
  (random) => {
    const spread = between(random, 0.03, 0.12);
    return { name: `wandering ${spread.toFixed(2)}`, settings: wandering(spread, between(random, 1, 8)), moody: true };
  },
  (random, { slack }) => ({
    name: 'pauses',
    settings: pausing(between(random, 1.5, 8), slack * between(random, 0.15, 0.5)),
  }),
  (random, { slack }) => ({ name: 'refuses', settings: { queueSeconds: slack * between(random, 0.2, 0.9) } }),
  (random, { capacity, slack }) => ({
    name: 'bucket',
    settings: bucket(capacity * between(random, 0.5, 0.85), capacity * slack * between(random, 0.3, 1)),
  }),
  (random) => {
    const share = between(random, 0.001, 0.004);
    return { name: 'floor', settings: { extra: (r) => (r() < share ? 3 : 0) }, floor: true };
  },
];

/** The service of one number. Capacities from 60 to 3,000 requests/s, room for 30 ms to 1 s of waiting, p90 to p99. */
export function generatedService(number) {
  const random = randomOf(number * 2654435 + 97);
  const capacity = between(random, 60, 3000);
  const workers = Math.round(between(random, 1, 64));
  const mean = workers / capacity;
  const shape = oneOf(random, SHAPES)(random);
  const slack = between(random, 0.03, 1);
  const allowed = oneOf(random, [0.01, 0.01, 0.01, 0.05, 0.1]);
  const trouble = oneOf(random, TROUBLES)(random, { capacity, slack });
  const latency = Number((mean * shape.tail + slack).toPrecision(2));
  const clauses = [clause(trouble.floor ? 0.01 : allowed, latency)];
  if (random() < 0.1) clauses.unshift(clause(0.5, Number((mean * 1.2 + slack / 8).toPrecision(2))));
  if (random() < 0.08) clauses.push({ expression: 'rate<0.01', allowedShare: 0.01, latency: Infinity });
  const name = `${number}: ${shape.name}, ${trouble.name}, ${capacity.toFixed(0)}/s`;
  if (random() < 0.1) {
    const knee = between(random, 1, 60);
    const falls = between(random, 100, 1000);
    return {
      name: `${number}: shared, ${capacity.toFixed(0)}/s`,
      guess: capacity * 0.85,
      clauses,
      make: (seed) =>
        new Sharing(seed, {
          most: 3000,
          meanWork: 1,
          work: shape.draw,
          speed: (n) => (capacity * Math.min(1, n / knee)) / (1 + (n / falls) ** 1.5),
        }),
    };
  }
  const { settings } = trouble;
  const { before, start } = settings;
  return {
    name,
    guess: capacity * 0.8,
    clauses,
    make: queueOf({
      workers,
      ...settings,
      ...(start ? { start } : {}),
      ...(before ? { before } : {}),
      duration: trouble.moody
        ? (r, _at, state) => mean * shape.draw(r) * Math.exp(-state.log)
        : (r) => mean * shape.draw(r),
    }),
  };
}
