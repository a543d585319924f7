/**
 * Whether a question about one load is answered rightly: 10 % below the true limit with yes, 10 % above it with no.
 * Usage, after `npm run build`: node bench/learning/verify.mjs [--seeds 20] [--first 8001] [--only NAME] [--keep LABEL]
 */
import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { verify } from '@hive/engine';
import { truths } from './known-truths.mjs';
import { namesOf, serviceOf } from './named.mjs';
import { keepResults } from './results.mjs';
import { begin } from './session.mjs';
import { answerJobs, inThreads, sessionJobs, usedCpu } from './threads.mjs';

const LOADS = { below: 0.9, above: 1.1 };
const FOR_SECONDS = 60;
const ARRIVALS = 2 ** 31;

if (isMainThread) await main();
else answerJobs(asked);

async function main() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '20' },
      first: { type: 'string', default: '8001' },
      only: { type: 'string' },
      keep: { type: 'string' },
    },
  });
  const names = namesOf({ ...values, regular: true });
  const jobs = sessionJobs(names, values);
  const { results, cost } = await usedCpu(() => inThreads(import.meta.url, jobs, { threads: 2 }));
  const services = Object.fromEntries(
    names.map((name) => {
      const list = results.filter((one) => one.name === name);
      const counts = (side, answer) => list.filter((one) => one[side].answer === answer).length;
      return [name, { asked: list.length, below: counts('below', 'yes'), above: counts('above', 'no') }];
    }),
  );
  for (const [name, { asked: count, below, above }] of Object.entries(services))
    process.stdout.write(
      `${name.padEnd(30)} 10 % below: yes ${below} of ${count}; 10 % above: no ${above} of ${count}\n`,
    );
  if (values.keep) keepResults(values.keep, { first: +values.first, seeds: +values.seeds, cost }, { services });
  process.stdout.write(`${cost.seconds} s, ${cost.cpuSeconds} s of processor time\n`);
}

async function asked({ name, seed }) {
  const answers = await Promise.all(
    Object.entries(LOADS).map(async ([side, share]) => {
      const { surroundings } = await begin(serviceOf(name), { seed });
      const question = { atPerSecond: share * truths[name]['30'].l50, forSeconds: FOR_SECONDS, seed: ARRIVALS + seed };
      let ended;
      for await (const event of verify({ ...surroundings, ...question })) if (event.type === 'ended') ended = event;
      return [side, { answer: ended.answer, seconds: surroundings.clock.now() / 1_000 }];
    }),
  );
  return { name, ...Object.fromEntries(answers) };
}
