/**
 * What a second session finds by itself (`own`) after everything takes longer: whether its interval holds the new limit, and how much of the fall it
 * reports. A belief that is carried from one session to the next tells a fall too small.
 * Usage, after `npm run build`: node bench/learning/own.mjs [--seeds 10] [--first 6001] [--only 'm/m/8;bimodal;fast'] [--keep LABEL]
 */
import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { truths } from './known-truths.mjs';
import { namesOf, serviceOf } from './named.mjs';
import { keepResults } from './results.mjs';
import { learn } from './session.mjs';
import { slowed, slowerTruth } from './slowed.mjs';
import { median } from './summary.mjs';
import { answerJobs, inThreads, sessionJobs, usedCpu } from './threads.mjs';

/** All requests take this many times as long: the limit falls by about 5, 8, 10 and 20 %. */
const LONGER = [1 / 0.95, 1 / 0.92, 1 / 0.9, 1 / 0.8];
const BUDGET_SECONDS = 240;

if (isMainThread) await main();
else
  answerJobs(async (job) =>
    job.seed === undefined ? { ...job, truth: await slowerTruth(job.name, job.longer) } : sessions(job),
  );

async function main() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '10' },
      first: { type: 'string', default: '6001' },
      only: { type: 'string', default: 'm/m/8;bimodal;fast' },
      keep: { type: 'string' },
    },
  });
  const names = namesOf(values);
  const { results, cost } = await usedCpu(async () => {
    const jobs = names.flatMap((name) => LONGER.map((longer) => ({ name, longer })));
    const fallen = await inThreads(import.meta.url, jobs, { threads: 2 });
    return { fallen, sessions: (await inThreads(import.meta.url, sessionJobs(names, values), { threads: 2 })).flat() };
  });
  const falls = LONGER.map((longer) => {
    const list = results.sessions
      .filter((one) => one.longer === longer)
      .map((one) => {
        const truth = results.fallen.find((each) => each.name === one.name && each.longer === longer).truth;
        return { ...one, truth, fell: Math.log(truth / truths[one.name]['30'].l50) };
      });
    const told = list.filter(({ before, own }) => before.estimate !== null && own.estimate !== null);
    return {
      fall: 1 - 1 / longer,
      sessions: list.length,
      held: list.filter(({ own, truth }) => own.low !== null && own.low <= truth && truth <= own.high).length,
      ownFall: median(told.map(({ before, own, fell }) => Math.log(own.estimate / before.estimate) / fell)),
      carriedFall: median(told.map(({ before, carried, fell }) => Math.log(carried.estimate / before.estimate) / fell)),
    };
  });
  for (const { fall, sessions: count, held, ownFall, carriedFall } of falls)
    process.stdout.write(
      `fall ${(100 * fall).toFixed(0)} %: own holds ${held} of ${count}, reports ${ownFall.toFixed(2)} of it, the carried belief ${carriedFall.toFixed(2)}\n`,
    );
  if (values.keep) keepResults(values.keep, { first: +values.first, seeds: +values.seeds, cost }, { falls });
  process.stdout.write(`${cost.seconds} s, ${cost.cpuSeconds} s of processor time\n`);
}

/** A first session, and what the next one finds after each fall. */
async function sessions({ name, seed }) {
  const definition = serviceOf(name);
  const first = await learn(definition, { seed, budget: BUDGET_SECONDS });
  const found = [];
  for (const longer of LONGER) {
    const { limit } = await learn(slowed(definition, longer), {
      seed: seed + 50_000,
      budget: BUDGET_SECONDS,
      history: first.results,
    });
    const { estimate, own } = limit;
    found.push({ name, longer, before: { estimate: first.limit.estimate }, own, carried: { estimate } });
  }
  return found;
}
