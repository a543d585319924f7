/**
 * Do runs fail as often as the learner says? After a session on each service it is asked for intensities at which a fresh run of 30 s should fail
 * with chances from 0.02 to 0.98, one in each tenth; one such run is made at each, by a fresh copy of the service.
 * Usage: node bench/learning/calibration.mjs [--seeds 34] [--first 1001] [--only NAME] [--keep LABEL]
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort } from 'node:worker_threads';
import { intensityFailing, pFail } from '../../packages/engine/dist/learning/limit/chance-of-failing.js';
import { namesOf, serviceOf } from './named.mjs';
import { freshRun, Session } from './runner.mjs';
import { learner } from './searches.mjs';
import { randomOf } from './simulation.mjs';
import { calibrationTable } from './tables.mjs';
import { inThreads, sessionJobs } from './threads.mjs';

const HORIZON_SECONDS = 30;
const TENTHS = 10;
/** How far the truth may be from what was predicted, and how surely the count must then show it. */
const TOLERANCE = 0.1;
const LEVEL = 0.99;
/** No seed of a session or of a truth is used for the runs. */
const FRESH_SEEDS = 5e8;

if (isMainThread) {
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
  const runs = (await inThreads(import.meta.url, jobs, { threads: +values.threads })).flat();
  const pooled = tenthsOf(runs);
  say(calibrationTable(pooled));
  const services = names.map((name) => [name, tenthsOf(runs.filter((run) => run.name === name))]);
  for (const [name, tenths] of services)
    say(
      `${name.padEnd(32)} ${tenths.map(({ runs, failed }) => (failed / runs).toFixed(2)).join(' ')}  outside: ${tenths.filter(({ holds }) => !holds).length}`,
    );
  if (values.keep) {
    const lines = [['pooled', pooled], ...services].map(
      ([name, tenths]) => ` ${JSON.stringify(name)}: ${JSON.stringify(tenths.map(brief))}`,
    );
    const settings = JSON.stringify({ seeds: +values.seeds, first: +values.first, node: process.version });
    const text = `{\n "settings": ${settings},\n${lines.join(',\n')}\n}\n`;
    writeFileSync(new URL(`../results/learning-${values.keep}.json`, import.meta.url), text);
  }
} else {
  parentPort.on('message', (job) => parentPort.postMessage(runsOf(job)));
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

/** A session, then one fresh run in each tenth of the predicted chance. */
function runsOf({ name, seed }) {
  const definition = serviceOf(name);
  const { state } = learner(new Session(definition, seed * 101 + 7));
  const random = randomOf(seed * 31 + 11);
  return Array.from({ length: TENTHS }, (_, tenth) => {
    const asked = Math.min(0.98, Math.max(0.02, (tenth + random()) / TENTHS));
    const intensity = intensityFailing(state, asked, HORIZON_SECONDS);
    if (intensity === null) return [];
    const predicted = pFail(state, intensity, HORIZON_SECONDS);
    const fresh = { seed: FRESH_SEEDS + seed * TENTHS + tenth, intensity, seconds: HORIZON_SECONDS };
    return [{ name, predicted, failed: !freshRun(definition, fresh) }];
  }).flat();
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

function brief({ predicted, ...counts }) {
  return { predicted: Number(predicted.toFixed(4)), ...counts };
}
