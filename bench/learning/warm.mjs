/**
 * What a second session costs, when the target is as it was, and when everything it does takes a quarter longer (its limit falls by about a fifth).
 * Usage, after `npm run build`: node bench/learning/warm.mjs [--seeds 20] [--first 1001] [--only NAME] [--keep LABEL]
 */
import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { truths } from './known-truths.mjs';
import { namesOf, serviceOf } from './named.mjs';
import { keepResults } from './results.mjs';
import { learn } from './session.mjs';
import { slowed, slowerTruth } from './slowed.mjs';
import { median } from './summary.mjs';
import { warmTable } from './tables.mjs';
import { answerJobs, inThreads, sessionJobs, usedCpu } from './threads.mjs';

const LONGER = 1.25;

if (isMainThread) await main();
else answerJobs((job) => (job.seed === undefined ? slowerOf(job) : twoSessions(job)));

async function main() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '20' },
      first: { type: 'string', default: '1001' },
      only: { type: 'string' },
      threads: { type: 'string', default: '2' },
      keep: { type: 'string' },
    },
  });
  // Of a service that refuses by rate the limit is not made of service times.
  const names = namesOf(values).filter((name) => serviceOf(name).regular && !('refuses' in serviceOf(name).make({})));
  const work = (jobs) => inThreads(import.meta.url, jobs, { threads: +values.threads });
  const { results, cost } = await usedCpu(async () => ({
    slower: await work(names.map((name) => ({ name }))),
    sessions: (await work(sessionJobs(names, values))).flat(),
  }));
  const services = names.map((name) => {
    const truth = { same: truths[name]['30'].l50, slower: results.slower.find((one) => one.name === name).l50 };
    const after = (change) =>
      summaryOf(
        results.sessions.filter((one) => one.name === name && one.change === change),
        truth[change],
      );
    return { name, fell: truth.slower / truth.same - 1, same: after('same'), slower: after('slower') };
  });
  process.stdout.write(`${warmTable(services)}\n`);
  if (values.keep) keepResults(values.keep, { first: +values.first, seeds: +values.seeds, cost }, { services });
}

const slowerOf = async ({ name }) => ({ name, l50: await slowerTruth(name, LONGER) });

/** A first session, and what the next one makes of it in both cases. */
async function twoSessions({ name, seed }) {
  const definition = serviceOf(name);
  const { results: history } = await learn(definition, { seed });
  const after = async (change) => {
    const now = change === 'same' ? definition : slowed(definition, LONGER);
    const { limit, seconds } = await learn(now, { seed: seed + 50_000, history });
    return { name, change, seconds, low: limit.low, high: limit.high, estimate: limit.estimate };
  };
  return [await after('same'), await after('slower')];
}

function summaryOf(sessions, truth) {
  return {
    sessions: sessions.length,
    seconds: median(sessions.map(({ seconds }) => seconds)),
    covered: sessions.filter(({ low, high }) => low !== null && high !== null && low <= truth && truth <= high).length,
    within5: sessions.filter(
      ({ estimate }) => estimate !== null && Math.abs(Math.log(estimate / truth)) < Math.log(1.05),
    ).length,
  };
}
