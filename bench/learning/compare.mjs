/**
 * Whether two services compared in turn, each run by the real `execute` in virtual time, get the answer they should: unchanged, slower by half the
 * tolerance, and slower by 15 and 20 %. `scatter`: how far p95 differs between runs of one service, ln.
 * Usage, after `npm run build`: node bench/learning/compare.mjs [--seeds 20] [--first 9001] [--only NAME] [--slower 1.15] [--keep LABEL]
 */
import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { comparePairs, virtualSurroundings } from '@hive/engine';
import { truths } from './known-truths.mjs';
import { namesOf, serviceOf } from './named.mjs';
import { keepResults } from './results.mjs';
import { targetOf } from './session.mjs';
import { slowed } from './slowed.mjs';
import { answerJobs, inThreads, sessionJobs, usedCpu } from './threads.mjs';

const SLOWER = [1, 1.05, 1.15, 1.2];
/** As a share of the limit: what 70 % of a safe rate is, about. */
const LOAD = 0.6;
const PAIRS = 20;
const TOLERANCE = 0.1;
const GATES = ['p95', 'errors'];

if (isMainThread) await main();
else answerJobs(compared);

async function main() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '20' },
      first: { type: 'string', default: '9001' },
      only: { type: 'string' },
      slower: { type: 'string' },
      keep: { type: 'string' },
    },
  });
  const names = namesOf({ ...values, regular: true });
  const slower = values.slower === undefined ? SLOWER : [Number(values.slower)];
  const jobs = sessionJobs(names, values).flatMap((job) => slower.map((times) => ({ ...job, times })));
  const { results, cost } = await usedCpu(() => inThreads(import.meta.url, jobs, { threads: 2 }));
  const services = {};
  for (const name of names) {
    const ofService = results.filter((one) => one.name === name);
    const scatter = Math.sqrt(mean(ofService.flatMap(({ variances }) => variances)));
    services[name] = { scatter, changes: {} };
    for (const times of slower) {
      const list = ofService.filter((one) => one.times === times);
      const answers = {};
      for (const { answer, confirmed } of list) {
        const word = answer === 'no_evidence' && confirmed === false ? 'not_confirmed' : answer;
        answers[word] = (answers[word] ?? 0) + 1;
      }
      const seconds = mean(list.map((one) => one.seconds));
      const ratio = Math.exp(mean(list.map((one) => one.change)));
      services[name].changes[times] = { asked: list.length, answers, p95: ratio, minutes: seconds / 60 };
      process.stdout.write(
        `${name.padEnd(30)} scatter ${(100 * scatter).toFixed(1)} %, ${times} times as slow (p95 × ${ratio.toFixed(3)}): ${JSON.stringify(answers)}, ${(seconds / 60).toFixed(1)} min\n`,
      );
    }
  }
  if (values.keep) keepResults(values.keep, { first: +values.first, seeds: +values.seeds, cost }, { services });
  process.stdout.write(`${cost.seconds} s, ${cost.cpuSeconds} s of processor time\n`);
}

async function compared({ name, seed, times }) {
  const definition = serviceOf(name);
  const base = await virtualSurroundings({ settings: definition.make({}), seed });
  const { clock } = base;
  const settings = slowed(definition, times).make({});
  const candidate = await virtualSurroundings({ settings, seed: 2 ** 30 + seed, clock });
  const describe = (port) => ({ ...targetOf(definition), nodes: [{ url: `http://127.0.0.1:${port}` }] });
  const load = {
    run: (order, signal) => (order.nodes[0].url.endsWith(':2') ? candidate : base).load.run(order, signal),
    async close() {},
  };
  const events = comparePairs({
    base: describe(1),
    candidate: describe(2),
    load,
    clock,
    outside: base.outside,
    signal: new AbortController().signal,
    allowTargets: [],
    sessionId: `ses_${seed}`,
    ratePerSecond: LOAD * truths[name]['30'].l50,
    pairs: PAIRS,
    tolerance: TOLERANCE,
    gates: GATES,
    seed: 2 ** 31 + seed,
  });
  const runs = { base: [], candidate: [] };
  const change = [];
  let isConfirming = false;
  for (;;) {
    const { done, value } = await events.next();
    if (done) {
      const variances = Object.values(runs).map(varianceOf);
      const confirmed = isConfirming ? value.answer === 'worse' : null;
      return {
        name,
        times,
        answer: value.answer,
        confirmed,
        change: mean(change),
        variances,
        seconds: clock.now() / 1_000,
      };
    }
    if (value.type === 'scenario_completed') {
      const side = value.scenario.description.startsWith('base') ? 'base' : 'candidate';
      runs[side].push(Math.log(value.result.measurement.responseTimeMs.p95));
    }
    if (value.type === 'pair') {
      isConfirming = value.confirming;
      if (!isConfirming) change[value.pairs - 1] = runs.candidate[value.pairs - 1] - runs.base[value.pairs - 1];
    }
  }
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function varianceOf(values) {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}
