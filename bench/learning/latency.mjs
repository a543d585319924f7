/**
 * How true the predicted response times are, in virtual time: after a session with each service, runs of 30 s at parts of its true limit are predicted
 * and then made. Usage, after `npm run build`: node bench/learning/latency.mjs [--seeds 10] [--first 1001] [--only NAME] [--keep LABEL]
 */
import { predict } from '@hive/engine';
import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { truths } from './known-truths.mjs';
import { namesOf, serviceOf } from './named.mjs';
import { keepResults } from './results.mjs';
import { freshRun, KIND, learn, targetOf } from './session.mjs';
import { median } from './summary.mjs';
import { latencyTable } from './tables.mjs';
import { answerJobs, inThreads, sessionJobs, usedCpu } from './threads.mjs';

const PARTS = [0.1, 0.3, 0.5, 0.7, 0.8, 0.9];
const SECONDS = 30;
const QUANTILES = ['p50', 'p95', 'p99'];
/** No seed of a session or of a truth is used for the runs. */
const FRESH_SEEDS = 6e8;

if (isMainThread) await main();
else answerJobs(runsOf);

async function main() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '10' },
      first: { type: 'string', default: '1001' },
      only: { type: 'string' },
      threads: { type: 'string', default: '2' },
      keep: { type: 'string' },
    },
  });
  const names = namesOf(values).filter((name) => truths[name]?.['30'] !== undefined);
  const jobs = sessionJobs(names, values);
  const { results, cost } = await usedCpu(() => inThreads(import.meta.url, jobs, { threads: +values.threads }));
  const services = names.map((name) => ({ name, ...figuresOf(results.flat().filter((run) => run.name === name)) }));
  process.stdout.write(`${latencyTable(services)}\n`);
  if (values.keep) keepResults(values.keep, { first: +values.first, seeds: +values.seeds, cost }, { services });
}

/** What one session predicts, against a fresh run at each part of the limit. */
async function runsOf({ name, seed }) {
  const definition = serviceOf(name);
  const { results } = await learn(definition, { seed });
  const target = targetOf(definition);
  const runs = [];
  for (const [index, part] of PARTS.entries()) {
    const intensity = part * truths[name]['30'].l50;
    const predicted = predict(target, results, { kind: KIND, intensity });
    if (predicted.p50Ms === null) continue;
    const fresh = { seed: FRESH_SEEDS + seed * PARTS.length + index, intensity, seconds: SECONDS };
    const { responseTimeMs } = (await freshRun(definition, fresh)).measurement;
    for (const quantile of QUANTILES)
      runs.push({ name, part, quantile, took: responseTimeMs[quantile], band: predicted[`${quantile}Ms`] });
  }
  return runs;
}

/** Shares inside the band, of all and of some; half the band's width, and how far the middle is off, ln. */
function figuresOf(runs) {
  const inside = (list) =>
    list.length === 0
      ? null
      : list.filter(({ took, band }) => band.low <= took && took <= band.high).length / list.length;
  return {
    runs: runs.length / QUANTILES.length,
    inside: inside(runs),
    nearLimit: inside(runs.filter(({ part }) => part === PARTS.at(-1))),
    ...Object.fromEntries(QUANTILES.map((name) => [name, inside(runs.filter(({ quantile }) => quantile === name))])),
    halfWidth: median(runs.map(({ band }) => Math.log(band.high / band.low) / 2)),
    off: median(runs.map(({ took, band }) => Math.abs(Math.log(band.estimate / took)))),
  };
}
