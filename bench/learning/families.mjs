/**
 * Services that something else than their load troubles, drawn by number: `periodic 3` is slower by a factor for a part of every period, as a
 * cron job makes it; `restless 3` wanders in speed. Numbers below 1000 were looked at while the learner was built, those from 1000 are for the report.
 */
import { exponential, lognormal, wandering } from './laws.mjs';
import { randomOf } from './random.mjs';
import { clause } from './services.mjs';

const between = (random, low, high) => Math.exp(Math.log(low) + random() * Math.log(high / low));
const oneOf = (random, list) => list[Math.floor(random() * list.length)];

/** The families by name: `make` draws the trouble, `word` says it in short. */
const FAMILIES = {
  periodic: (random) => {
    const periodMs = 1_000 * between(random, 10, 60);
    const share = between(random, 0.05, 0.2);
    const factor = between(random, 1.2, 3);
    return {
      word: `×${factor.toFixed(2)} for ${((share * periodMs) / 1_000).toFixed(1)} of ${(periodMs / 1_000).toFixed(0)} s`,
      factor,
      make: () => periodic(periodMs, share, factor),
    };
  },
  restless: (random) => {
    const spread = between(random, 0.04, 0.25);
    const memoryMs = 1_000 * between(random, 5, 60);
    return {
      word: `wanders by ${(100 * spread).toFixed(0)} % over ${(memoryMs / 1_000).toFixed(0)} s`,
      make: () => wandering(spread, memoryMs),
    };
  },
};

/** Slower by `factor` for `share` of every period, from a random moment on. `slowing()`: what the time of work that begins then is multiplied by. */
function periodic(periodMs, share, factor) {
  let phase = null;
  return {
    slowing: (startMs) => (((startMs + phase) / periodMs) % 1 < share ? factor : 1),
    before(_atMs, _freeMs, random) {
      phase ??= random.next() * periodMs;
    },
  };
}

export const FAMILY_NAMES = Object.keys(FAMILIES);

/** Whether a name is one of a family, such as `periodic 3`. */
export const isOfFamily = (name) => FAMILY_NAMES.includes(name.split(' ')[0]);

/** The service of a family's number: 60 to 400 requests/s, p99 or p95. */
export function familyService(text) {
  const [family, number] = text.split(' ');
  const random = randomOf(Number(number) * 2654435 + (family === 'periodic' ? 131 : 977));
  const capacity = between(random, 60, 400);
  const slots = Math.round(between(random, 2, 32));
  const meanMs = (1_000 * slots) / capacity;
  const spread = oneOf(random, [0, 0.4, 0.8]);
  const draw = spread === 0 ? (r) => exponential(r, meanMs) : (r) => lognormal(r, meanMs, spread);
  const { word, make, factor = 1 } = FAMILIES[family](random);
  // A request alone keeps the objective in bad times too.
  const latency = Number((5.3 * factor * meanMs + between(random, 60, 600)).toPrecision(2));

  return {
    name: `${text}: ${word}, ${capacity.toFixed(0)}/s`,
    family,
    guess: capacity * 0.7,
    clauses: [clause(oneOf(random, [0.01, 0.01, 0.05]), latency)],
    make: () => {
      const { slowing, ...law } = make();
      return { slots, serviceMs: (r, startMs) => draw(r) * slowing(startMs), ...law };
    },
  };
}
