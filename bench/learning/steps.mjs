/**
 * Whether steps of drawn histories are found: thirty sessions whose limit scatters, with a step of a tenth or without one; and how often "since the last
 * sessions" is said of a limit that does not change. Each session has an interval of ±4 %.
 * Usage, after `npm run build`: node bench/learning/steps.mjs [--histories 2000] [--keep LABEL]
 */
import { parseArgs } from 'node:util';
import { dropOf, stepsOf } from '@hive/engine';
import { keepResults } from './results.mjs';
import { usedCpu } from './threads.mjs';

const SESSIONS = 30;
const STEPS = { first: 6, last: 25, within: 2 };
const LIMIT = 400;
const STEP = 0.9;
const TOLERANCE = 0.1;
/** A year of nights; the first are needed as history. */
const YEAR = { sessions: 365 + 12, before: 12, noise: 0.03 };
const KINDS = [
  { name: 'no step, noise 4 %', noise: 0.04 },
  { name: 'no step, noise 5 %', noise: 0.05 },
  { name: 'no step, noise 4 %, neighbors correlated by 0.5', noise: 0.04, correlation: 0.5 },
  { name: 'a step of 10 %, noise 4 %', noise: 0.04, step: true },
  { name: 'a step of 10 %, noise 5 %', noise: 0.05, step: true },
];

const { values } = parseArgs({ options: { histories: { type: 'string', default: '2000' }, keep: { type: 'string' } } });
const random = seeded(4_711);
const { results, cost } = await usedCpu(async () => ({
  histories: KINDS.map((kind) => ({ ...kind, ...drawn(kind, +values.histories) })),
  year: { noise: YEAR.noise, years: 200, calls: callsIn(200) },
}));
for (const { name, count, found, marked } of results.histories)
  process.stdout.write(`${name}: found within ${STEPS.within} ${found ?? '–'}, marked ${marked} of ${count}\n`);
process.stdout.write(`since the last sessions: ${results.year.calls} calls in ${results.year.years} years\n`);
if (values.keep) keepResults(values.keep, { cost }, results);

function drawn({ noise, correlation = 0, step = false }, count) {
  let found = 0;
  let marked = 0;
  for (let index = 0; index < count; index += 1) {
    const at = step ? STEPS.first + (index % (STEPS.last - STEPS.first + 1)) : Infinity;
    const steps = stepsOf(history({ sessions: SESSIONS, noise, correlation, at }));
    if (steps.length > 0) marked += 1;
    if (steps.some(({ after }) => Math.abs(Number(after.sessionId) - at) <= STEPS.within)) found += 1;
  }
  return { count, marked, ...(step ? { found } : {}) };
}

/** How often it begins to be said in so many years, one session a night. */
function callsIn(years) {
  let calls = 0;
  for (let year = 0; year < years; year += 1) {
    const nights = history({ sessions: YEAR.sessions, noise: YEAR.noise });
    let before = false;
    for (let night = YEAR.before; night < nights.length; night += 1) {
      const said = dropOf(nights.slice(night - YEAR.before, night + 1), TOLERANCE) !== null;
      if (said && !before) calls += 1;
      before = said;
    }
  }
  return calls;
}

function history({ sessions, noise, correlation = 0, at = Infinity }) {
  let state = normal();
  return Array.from({ length: sessions }, (_, index) => {
    if (index > 0) state = correlation * state + Math.sqrt(1 - correlation ** 2) * normal();
    const estimate = LIMIT * (index >= at ? STEP : 1) * Math.exp(noise * state);
    const own = { status: 'known', estimate, low: 0.96 * estimate, high: estimate / 0.96, band: null, safe: null };
    return { sessionId: String(index), at: new Date(index * 86_400_000).toISOString(), own };
  });
}

function normal() {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A linear congruential generator with 48 bits (drand48). */
function seeded(seed) {
  let state = BigInt(seed);
  return () => {
    state = (state * 0x5deece66dn + 11n) & 0xffff_ffff_ffffn;
    return Number(state) / 2 ** 48;
  };
}
