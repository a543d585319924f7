/**
 * Whether the limits that two sessions found by themselves get the answer they should: unchanged, and a fifth lower.
 * Usage, after `npm run build`: node bench/learning/compare-limits.mjs [--seeds 20] [--first 9501] [--only NAME] [--keep LABEL]
 */
import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { compareLimits } from '@hive/engine';
import { namesOf, serviceOf } from './named.mjs';
import { keepResults } from './results.mjs';
import { KIND, learn } from './session.mjs';
import { slowed } from './slowed.mjs';
import { answerJobs, inThreads, sessionJobs, usedCpu } from './threads.mjs';

/** All requests take this many times as long: the limit falls by about a fifth. */
const LONGER = { unchanged: 1, 'a fifth lower': 1.25 };
const BUDGET_SECONDS = 240;
const TOLERANCE = 0.1;

if (isMainThread) await main();
else answerJobs(compared);

async function main() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '20' },
      first: { type: 'string', default: '9501' },
      only: { type: 'string' },
      keep: { type: 'string' },
    },
  });
  const names = namesOf({ ...values, regular: true });
  const { results, cost } = await usedCpu(() => inThreads(import.meta.url, sessionJobs(names, values), { threads: 2 }));
  const changes = {};
  for (const change of Object.keys(LONGER)) {
    changes[change] = { asked: results.length };
    for (const { answers } of results) changes[change][answers[change]] = (changes[change][answers[change]] ?? 0) + 1;
    process.stdout.write(`${change}: ${JSON.stringify(changes[change])}\n`);
  }
  if (values.keep) keepResults(values.keep, { first: +values.first, seeds: +values.seeds, cost }, { changes });
  process.stdout.write(`${cost.seconds} s, ${cost.cpuSeconds} s of processor time\n`);
}

async function compared({ name, seed }) {
  const definition = serviceOf(name);
  const own = async (longer, more) =>
    (await learn(slowed(definition, longer), { seed: seed + more, budget: BUDGET_SECONDS })).limit.own;
  const base = await own(1, 0);
  const answers = {};
  for (const [index, [change, longer]] of Object.entries(LONGER).entries()) {
    const candidate = await own(longer, 100_000 * (index + 1));
    answers[change] = compareLimits(
      { kind: KIND, unit: 'requests/s', base, candidate },
      { tolerance: TOLERANCE },
    ).answer;
  }
  return { name, answers };
}
