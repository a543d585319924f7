/**
 * The yardstick of the learner, in virtual time. Usage: node bench/learning/main.mjs [--seeds 20] [--only NAME] [--search learner]
 * [--precision 0.05] [--first 1] [--trace]. Needs `npx tsc -b packages/engine` and bench/results/learning-truth.json.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { Session } from './runner.mjs';
import { namesOf, serviceOf } from './named.mjs';
import * as searches from './searches.mjs';

function say(text) {
  process.stdout.write(`${text}\n`);
}

const SEARCHES = {
  learner: searches.learner,
  'bisect-10': searches.bisect(10),
  'bisect-30': searches.bisect(30),
  'linear-10': searches.linear(10),
};
const truths = JSON.parse(
  readFileSync(fileURLToPath(new URL('../results/learning-truth.json', import.meta.url)), 'utf8'),
);

if (isMainThread) {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '20' },
      first: { type: 'string', default: '1' },
      only: { type: 'string' },
      search: { type: 'string', default: 'learner' },
      precision: { type: 'string', default: '0.05' },
      gentle: { type: 'boolean', default: false },
      climb: { type: 'boolean', default: false },
      generated: { type: 'string' },
      trace: { type: 'boolean', default: false },
      threads: { type: 'string', default: '2' },
      json: { type: 'string' },
    },
  });
  const names = namesOf(values).filter((name) => truths[name]?.['30'] !== undefined);
  const jobs = Array.from({ length: +values.seeds }, (_, i) =>
    names.map((name) => ({ name, seed: +values.first + i })),
  ).flat();
  const settings = {
    search: values.search,
    precision: +values.precision,
    allowOverload: !values.gentle,
    chirp: !values.climb,
  };
  if (values.trace) {
    for (const job of jobs) say(JSON.stringify(one(job, settings, true)));
  } else {
    const began = Date.now();
    const results = await spread(jobs, settings, +values.threads);
    report(names, results);
    if (values.json) writeFileSync(values.json, JSON.stringify(results));
    say(`${((Date.now() - began) / 1000).toFixed(0)} s`);
  }
} else {
  parentPort.on('message', (job) => parentPort.postMessage(one(job, workerData, false)));
}

function one({ name, seed }, { search, ...settings }, tracing) {
  const definition = serviceOf(name);
  const session = new Session(definition, seed * 101 + 7);
  const trace = tracing ? (step, state, seen) => say(traced(session, step, state, seen)) : undefined;
  const { limit, reason, cpuMs } = SEARCHES[search](session, { ...settings, trace });
  const truth = truths[name]['30'].l50;
  const long = truths[name]['300'];
  const safeFails = limit.safe && long ? 1 / (1 + Math.exp(-Math.log(limit.safe / long.l50) / long.scale)) : null;
  return {
    name,
    seed,
    status: limit.status,
    reason,
    seconds: session.now,
    bad: session.bad,
    peak: session.peak / truth,
    ratio: limit.estimate === null ? null : limit.estimate / truth,
    low: limit.low / truth,
    high: limit.high / truth,
    covered: limit.low <= truth && truth <= limit.high,
    safe: limit.safe ? limit.safe / truth : null,
    safeFails,
    cpuMs,
  };
}

function traced(session, step, state, seen) {
  const at = session.now.toFixed(1).padStart(6);
  if (step.action === 'chirp') return `${at} chirp from ${step.stages[0].from.toFixed(0)}: onset ${seen?.toFixed(0)}`;
  if (step.action === 'done') return `${at} ${step.reason}`;
  const found = searches.limitShown(state);
  return `${at} probe ${step.intensity} ${step.seconds} s P ${step.predictedFailure?.toFixed(2)}: ${seen.clauses.map(({ n, bad }) => `${bad}/${n}`).join(' ')}${seen.stoppedEarly ? ' stopped' : ''} → ${found}`;
}

async function spread(jobs, settings, threads) {
  const results = [];
  let next = 0;
  await Promise.all(
    Array.from(
      { length: threads },
      () =>
        new Promise((resolve, reject) => {
          const worker = new Worker(fileURLToPath(import.meta.url), { workerData: settings });
          const give = () => (next < jobs.length ? worker.postMessage(jobs[next++]) : (worker.terminate(), resolve()));
          worker.on('message', (result) => (results.push(result), give()));
          worker.on('error', reject);
          give();
        }),
    ),
  );
  return results;
}

function report(names, results) {
  const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
  const share = (list, test) => (100 * list.filter(test).length) / list.length;
  const line = (label, list) => {
    const known = list.filter((one) => one.ratio !== null);
    const bias = known.reduce((sum, one) => sum + Math.log(one.ratio), 0) / known.length;
    const bad = Math.exp(list.reduce((sum, one) => sum + Math.log(one.bad + 1), 0) / list.length);
    const safe = list.filter((one) => one.safeFails !== null);
    const width = median(known.map((one) => 50 * Math.log(one.high / one.low)));
    const p90 = list.map((one) => one.seconds).toSorted((a, b) => a - b)[Math.floor(list.length * 0.9)];
    say(
      `${label.slice(0, 38).padEnd(38)} ${median(list.map((one) => one.seconds))
        .toFixed(0)
        .padStart(4)} s (90 %: ${p90.toFixed(0).padStart(4)})  covers ${share(list, (one) => one.covered)
        .toFixed(1)
        .padStart(5)}  in5 ${share(list, (one) => Math.abs(Math.log(one.ratio)) < Math.log(1.05))
        .toFixed(0)
        .padStart(3)}  in10 ${share(list, (one) => Math.abs(Math.log(one.ratio)) < Math.log(1.1))
        .toFixed(0)
        .padStart(
          3,
        )}  ±${width?.toFixed(1)}  bias ${(100 * bias).toFixed(1).padStart(5)} %  bad ${bad.toFixed(0).padStart(6)}  peak ${Math.max(...list.map((one) => one.peak)).toFixed(1)}  safe ${(median(safe.map((one) => one.safe)) ?? 0).toFixed(2)} fails ${((100 * safe.reduce((sum, one) => sum + one.safeFails, 0)) / safe.length).toFixed(0)} %  known ${share(list, (one) => one.status === 'known').toFixed(0)}  cpu ${median(list.map((one) => one.cpuMs ?? 0)).toFixed(0)} ms`,
    );
  };
  for (const name of names)
    line(
      `${serviceOf(name).name ?? name}${serviceOf(name).heldOut ? ' *' : ''}`,
      results.filter((one) => one.name === name),
    );
  const pooled = (label, test) => {
    const list = results.filter((one) => test(serviceOf(one.name)));
    if (list.length > 0) line(label, list);
  };
  pooled('nine regular', (one) => one.regular);
  pooled('  held out', (one) => one.regular && one.heldOut);
  pooled('hard ones', (one) => !one.regular && !one.name);
  pooled('generated', (one) => one.name);
}
