/**
 * Slow services: queues without an end that go on working on what was given up, whose limits are known by simulation. Whether the interval holds the
 * limit, how wide it is, what the session ends with, and how many requests ever waited at the target.
 * Usage, after `npm run build`: node bench/learning/slow.mjs [--seeds 20] [--first 1] [--budget 240] [--exponential] [--keep LABEL]
 */
import { parseArgs } from 'node:util';
import { isMainThread, workerData } from 'node:worker_threads';
import { exponential } from './laws.mjs';
import { keepResults } from './results.mjs';
import { learn } from './session.mjs';
import { clause } from './services.mjs';
import { countsOf } from './summary.mjs';
import { answerJobs, inThreads, usedCpu } from './threads.mjs';

const SLOW = {
  '1 × 170 ms': { slots: 1, ms: 170, clause: clause(0.01, 1_000), limit: 4.34 },
  '4 × 500 ms': { slots: 4, ms: 500, clause: clause(0.01, 2_000), limit: 7.66 },
  '10 × 2 s': { slots: 10, ms: 2_000, clause: clause(0.05, 5_000), limit: 5.33 },
};

if (isMainThread) await main();
else answerJobs((job) => session(job, workerData));

async function main() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '20' },
      first: { type: 'string', default: '1' },
      budget: { type: 'string', default: '240' },
      exponential: { type: 'boolean', default: false },
      keep: { type: 'string' },
    },
  });
  const settings = { budget: +values.budget, exponential: values.exponential };
  const names = Object.keys(SLOW);
  const jobs = Array.from({ length: +values.seeds }, (_, i) =>
    names.map((name) => ({ name, seed: +values.first + i })),
  ).flat();
  const { results, cost } = await usedCpu(() => inThreads(import.meta.url, jobs, { settings, threads: 2 }));
  const services = Object.fromEntries(
    names.map((name) => [name, summaryOf(results.filter((one) => one.name === name))]),
  );
  for (const [name, one] of Object.entries(services))
    process.stdout.write(
      `${name.padEnd(12)} held ${one.held} of ${one.sessions}, high ÷ low ≤ 2 ${one.narrow}, most queued ${one.queued}, ${JSON.stringify(one.statuses)}, did not recover ${one.unrecovered}\n`,
    );
  if (values.keep)
    keepResults(values.keep, { ...settings, first: +values.first, seeds: +values.seeds, cost }, { services });
  process.stdout.write(`${cost.seconds} s, ${cost.cpuSeconds} s of processor time\n`);
}

async function session({ name, seed }, settings) {
  const { slots, ms, clause: objective, limit: truth } = SLOW[name];
  let queued = 0;
  const definition = {
    clauses: [objective],
    make: () => {
      let waiting = [];
      return {
        slots,
        // Asked as a request comes, for when a slot is free: until then it waits.
        serviceMs: (random, startMs) => {
          waiting.push(startMs);
          return settings.exponential ? exponential(random, ms) : ms;
        },
        before(atMs) {
          waiting = waiting.filter((one) => one > atMs);
          queued = Math.max(queued, waiting.length);
        },
      };
    },
  };
  const { limit, reason, code } = await learn(definition, { seed, budget: settings.budget });
  const { low, high, status } = limit;
  const isHeld = low !== null && high !== null && low <= truth && truth <= high;
  return {
    name,
    status,
    isHeld: settings.exponential ? null : isHeld,
    isNarrow: low !== null && high !== null && high / low <= 2,
    queued,
    unrecovered: code === 'did_not_recover' || /did not recover/.test(reason),
  };
}

function summaryOf(list) {
  return {
    sessions: list.length,
    held: list.filter(({ isHeld }) => isHeld).length,
    narrow: list.filter(({ isNarrow }) => isNarrow).length,
    queued: Math.max(...list.map(({ queued }) => queued)),
    unrecovered: list.filter(({ unrecovered }) => unrecovered).length,
    statuses: countsOf(list.map(({ status }) => status)),
  };
}
