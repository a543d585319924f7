/**
 * Do runs fail as often as the learner says? After a session on each service it is asked for intensities at which a fresh run of 30 s should fail
 * with chances from 0.02 to 0.98, one in each tenth; one such run is made at each, by a fresh copy of the service.
 * Usage: node bench/learning/calibration.mjs [--seeds 34] [--first 1001] [--only NAME] [--keep LABEL]
 */
import { predict } from '@hive/engine';
import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { namesOf, serviceOf } from './named.mjs';
import { keepResults } from './results.mjs';
import { freshRun, KIND, learn, targetOf } from './session.mjs';
import { calibrationTable } from './tables.mjs';
import { answerJobs, inThreads, sessionJobs, usedCpu } from './threads.mjs';

const HORIZON_SECONDS = 30;
const TENTHS = 10;
/** How far the truth may be from what was predicted, and how surely the count must then show it. */
const TOLERANCE = 0.1;
const LEVEL = 0.99;
/** No seed of a session or of a truth is used for the runs. */
const FRESH_SEEDS = 5e8;

/** Where the chance is asked for, as parts of the estimate, in equal steps of ln. */
const PLACES = Array.from({ length: 41 }, (_, i) => Math.exp((i - 20) / 100));

if (isMainThread) await main();
else answerJobs(runsOf);

function say(text) {
  process.stdout.write(`${text}\n`);
}

async function main() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '34' },
      first: { type: 'string', default: '1001' },
      only: { type: 'string' },
      threads: { type: 'string', default: '2' },
      keep: { type: 'string' },
    },
  });
  const names = namesOf(values).filter((name) => serviceOf(name).regular);
  const jobs = sessionJobs(names, values);
  const { results, cost } = await usedCpu(() => inThreads(import.meta.url, jobs, { threads: +values.threads }));
  const runs = results.flat();
  const pooled = tenthsOf(runs);
  say(calibrationTable(pooled));
  const services = names.map((name) => [name, tenthsOf(runs.filter((run) => run.name === name))]);
  for (const [name, tenths] of services)
    say(
      `${name.padEnd(32)} ${tenths.map(({ runs, failed }) => (failed / runs).toFixed(2)).join(' ')}  outside: ${tenths.filter(({ holds }) => !holds).length}`,
    );
  if (values.keep)
    keepResults(
      values.keep,
      { first: +values.first, seeds: +values.seeds, cost },
      { pooled, services: Object.fromEntries(services) },
    );
}

/** A session, then one fresh run in each tenth of the predicted chance. */
async function runsOf({ name, seed }) {
  const definition = serviceOf(name);
  const { limit, results } = await learn(definition, { seed });
  if (limit.estimate === null) return [];
  const target = targetOf(definition);
  const chances = PLACES.map((part) => {
    const intensity = part * limit.estimate;
    return { intensity, chance: 1 - predict(target, results, { kind: KIND, intensity }).pass };
  });
  const runs = [];
  for (let tenth = 0; tenth < TENTHS; tenth += 1) {
    const asked = Math.min(0.98, Math.max(0.02, (tenth + evenly(seed, tenth)) / TENTHS));
    const intensity = intensityFailing(chances, asked);
    if (intensity === null) continue;
    const fresh = { seed: FRESH_SEEDS + seed * TENTHS + tenth, intensity, seconds: HORIZON_SECONDS };
    runs.push({ name, predicted: asked, failed: (await freshRun(definition, fresh)).verdict === 'failed' });
  }
  return runs;
}

/** A place within a tenth, spread evenly over sessions (the golden ratio's sequence; Weyl 1916). */
function evenly(seed, tenth) {
  return ((seed * TENTHS + tenth) * 0.618033988749895) % 1;
}

/** Where runs fail with this chance, between the places at which it was asked for; null: beyond them. */
function intensityFailing(chances, asked) {
  const above = chances.findIndex(({ chance }) => chance >= asked);
  if (above < 1) return null;
  const [low, high] = [chances[above - 1], chances[above]];
  const part = (asked - low.chance) / (high.chance - low.chance);
  return low.intensity * (high.intensity / low.intensity) ** part;
}

/** By the tenth in which the prediction lies. The runs after one session share its error, so the band is a little too narrow. */
function tenthsOf(runs) {
  return Array.from({ length: TENTHS }, (_, tenth) => {
    const list = runs.filter(({ predicted }) => Math.min(TENTHS - 1, Math.floor(predicted * TENTHS)) === tenth);
    const predicted = list.reduce((sum, run) => sum + run.predicted, 0) / list.length;
    const failed = list.filter((run) => run.failed).length;
    const least = quantile(list.length, predicted - TOLERANCE, (1 - LEVEL) / 2);
    const most = quantile(list.length, predicted + TOLERANCE, (1 + LEVEL) / 2);
    return { predicted, runs: list.length, failed, least, most, holds: least <= failed && failed <= most };
  });
}

/** The smallest count that a binomial one of `n` at chance `p` stays at or below with this probability. */
function quantile(n, p, level) {
  if (p <= 0) return 0;
  if (p >= 1) return n;
  let term = n * Math.log(1 - p);
  let below = Math.exp(term);
  let count = 0;
  while (below < level && count < n) {
    count += 1;
    term += Math.log(((n - count + 1) / count) * (p / (1 - p)));
    below += Math.exp(term);
  }
  return count;
}
