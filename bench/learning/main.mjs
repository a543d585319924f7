/**
 * The yardstick of the learner: sessions of `hive train` with simulated services whose limits are known, in virtual time, or searches without a belief.
 * Usage, after `npm run build`: node bench/learning/main.mjs [--seeds 20] [--first 1] [--only NAME] [--generated 1-120] [--family periodic] [--regular] [--search learner]
 * [--precision 0.05] [--hold 300] [--budget 600] [--trace] [--keep LABEL] [--json FILE]. `--keep`: the figures into
 * bench/results/learning-LABEL.json, for the report; `--json`: every session.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isMainThread, workerData } from 'node:worker_threads';
import { BASELINES } from './baselines.mjs';
import { truths, truthThen } from './known-truths.mjs';
import { FAMILY_NAMES } from './families.mjs';
import { namesOf, serviceOf } from './named.mjs';
import { keepResults } from './results.mjs';
import { learn, open } from './session.mjs';
import { lineOf, summaryOf } from './summary.mjs';
import { answerJobs, inThreads, sessionJobs, usedCpu } from './threads.mjs';
import { bandOf, chanceAt } from './truth.mjs';

if (isMainThread) await main();
else answerJobs((job) => one(job, workerData));

function say(text) {
  process.stdout.write(`${text}\n`);
}

async function main() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '20' },
      first: { type: 'string', default: '1' },
      only: { type: 'string' },
      search: { type: 'string', default: 'learner' },
      precision: { type: 'string', default: '0.05' },
      hold: { type: 'string', default: '0' },
      budget: { type: 'string' },
      generated: { type: 'string' },
      family: { type: 'string' },
      regular: { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      threads: { type: 'string', default: '2' },
      keep: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const names = namesOf(values).filter((name) => truths[name]?.['30'] !== undefined);
  const jobs = sessionJobs(names, values);
  const settings = {
    search: values.search,
    precision: +values.precision,
    hold: +values.hold,
    ...(values.budget ? { budget: +values.budget } : {}),
  };
  if (values.trace) {
    for (const job of jobs) say(JSON.stringify(await one(job, settings, traced)));
    return;
  }
  const { results, cost } = await usedCpu(() =>
    inThreads(import.meta.url, jobs, { settings, threads: +values.threads }),
  );
  const groups = groupsOf(names, results);
  for (const { label, summary } of groups) say(lineOf(label, summary));
  if (values.keep) {
    const { search, precision, hold } = settings;
    const head = { search, precision, hold, first: +values.first, seeds: +values.seeds, cost };
    keepResults(values.keep, head, {
      groups: Object.fromEntries(groups.map(({ label, summary }) => [label, summary])),
    });
  }
  if (values.json) writeFileSync(values.json, JSON.stringify(results));
  say(`${cost.seconds} s, ${cost.cpuSeconds} s of processor time`);
}

/** One session, or one search, and how well it did. */
async function one({ name, seed }, { search, ...settings }, trace) {
  const definition = serviceOf(name);
  const found =
    search === 'learner'
      ? await learned(definition, { seed, ...settings, trace })
      : await searched(search, { definition, seed, settings });
  const { limit, law, ...session } = found;
  const truth = truths[name]['30'].l50;
  const band = bandOf(truths[name]['30']);
  const holds = (at) => limit.low !== null && limit.high !== null && limit.low <= at && at <= limit.high;
  const long = truths[name]['300'];
  return {
    name,
    seed,
    status: limit.status,
    ...session,
    peak: session.peak / truth,
    ratio: limit.estimate === null ? null : limit.estimate / truth,
    low: limit.low / truth,
    high: limit.high / truth,
    covered: holds(truth),
    width10to90: band[1] / band[0],
    coveredBand:
      limit.bandEnds === undefined ? null : limit.bandEnds.map(([low, high], i) => low <= band[i] && band[i] <= high),
    // A service that wanders has another limit at another time: that of the session, and that of its last half minute.
    ...(definition.still === undefined
      ? {}
      : { coveredThen: holds(truthThen(definition, law)), coveredLast: holds(truthThen(definition, law, 30)) }),
    safe: limit.safe ? limit.safe / truth : null,
    held: limit.heldSeconds !== undefined,
    doubted: limit.status === 'unsteady' || (limit.status === 'known' && limit.reason !== undefined),
    safeFails: limit.safe && long ? chanceAt(long, limit.safe) : null,
  };
}

async function learned(definition, settings) {
  const { results: _, ...found } = await learn(definition, settings);
  return found;
}

async function searched(search, { definition, seed, settings }) {
  const session = await open(definition, seed);
  const limit = await BASELINES[search](session, settings);
  return { limit, law: session.law, seconds: session.seconds(), bad: session.bad(), peak: session.peak };
}

function traced(seconds, { scenario, result }, limit) {
  const { evidence, verdict } = result;
  const seen =
    evidence?.type === 'chirp'
      ? `chirp, onset ${evidence.onset?.toFixed(0)}`
      : `${scenario.intensity} for ${scenario.plan.durationMs / 1_000} s, P ${scenario.predictedFailure?.toFixed(2)}: ${verdict}`;
  say(
    `${seconds.toFixed(1).padStart(6)} ${seen} → ${limit.status} ${limit.estimate?.toFixed(0)} [${limit.low?.toFixed(0)}, ${limit.high?.toFixed(0)}] ${limit.reason?.slice(0, 60) ?? ''}`,
  );
}

/** Services one by one, then together. */
function groupsOf(names, results) {
  const groups = names.map((name) => ({
    label: serviceOf(name).name ?? name,
    list: results.filter((one) => one.name === name),
  }));
  const pooled = (label, test) => {
    const list = results.filter((one) => test(serviceOf(one.name)));
    if (list.length > 0) groups.push({ label, list });
  };
  pooled('nine regular', (one) => one.regular);
  pooled('held out', (one) => one.regular && one.heldOut);
  pooled('hard ones', (one) => !one.regular && !one.mean && !one.name);
  pooled('means', (one) => one.mean);
  for (const family of FAMILY_NAMES) pooled(family, (one) => one.family === family);
  pooled('generated', (one) => one.name && !one.family);
  return groups.map(({ label, list }) => ({ label, summary: summaryOf(list) }));
}
