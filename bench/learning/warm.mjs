/**
 * What a second session costs, when the target is as it was, and when everything it does takes a quarter longer (its limit falls by about a fifth).
 * Usage: node bench/learning/warm.mjs [--seeds 20] [--first 1001] [--only NAME] [--keep LABEL]
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort } from 'node:worker_threads';
import { resume } from '../../packages/engine/dist/learning/limit/observe.js';
import { namesOf, serviceOf } from './named.mjs';
import { Session } from './runner.mjs';
import { learner } from './searches.mjs';
import { warmTable } from './tables.mjs';
import { inThreads, sessionJobs } from './threads.mjs';
import { findTruth } from './truth.mjs';

const LONGER = 1.25;
const HORIZON_SECONDS = 30;
const RUNS_A_LOAD = 300;
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

if (isMainThread) {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '20' },
      first: { type: 'string', default: '1001' },
      only: { type: 'string' },
      threads: { type: 'string', default: '2' },
      keep: { type: 'string' },
    },
  });
  const names = namesOf(values).filter((name) => serviceOf(name).regular && slowed(serviceOf(name)) !== null);
  const threads = +values.threads;
  const truthJobs = names.flatMap((name) => ['same', 'slower'].map((change) => ({ name, change })));
  const truths = await inThreads(import.meta.url, truthJobs, { threads });
  const truthOf = (name, change) => truths.find((one) => one.name === name && one.change === change).l50;
  const jobs = sessionJobs(names, values);
  const sessions = (await inThreads(import.meta.url, jobs, { threads })).flat();
  const rows = names.map((name) => {
    const after = (change) =>
      summaryOf(
        sessions.filter((one) => one.name === name && one.change === change),
        truthOf(name, change),
      );
    return {
      name,
      fell: truthOf(name, 'slower') / truthOf(name, 'same') - 1,
      same: after('same'),
      slower: after('slower'),
    };
  });
  process.stdout.write(`${warmTable(rows)}\n`);
  const settings = { seeds: +values.seeds, first: +values.first, node: process.version };
  const lines = rows.map(
    (row) =>
      `  ${JSON.stringify(row, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value))}`,
  );
  if (values.keep)
    writeFileSync(
      new URL(`../results/learning-${values.keep}.json`, import.meta.url),
      `{\n "settings": ${JSON.stringify(settings)},\n "services": [\n${lines.join(',\n')}\n ]\n}\n`,
    );
} else {
  parentPort.on('message', (job) => parentPort.postMessage(job.seed === undefined ? truthJob(job) : twoSessions(job)));
}

function truthJob({ name, change }) {
  const definition = definitionOf(name, change);
  return { name, change, ...findTruth(definition, { seconds: HORIZON_SECONDS, runs: RUNS_A_LOAD, seed: 77 }) };
}

function definitionOf(name, change) {
  return change === 'same' ? serviceOf(name) : slowed(serviceOf(name));
}

/** The same service, each request of which takes longer; null where its limit is not made of service times. */
function slowed(definition) {
  const { settings } = definition.make(1);
  if (settings.refuse !== undefined) return null;
  const { duration, speed } = settings;
  const changed = duration
    ? { duration: (...given) => LONGER * duration(...given) }
    : { speed: (...given) => speed(...given) / LONGER };
  return {
    ...definition,
    guess: definition.guess / LONGER,
    make: (seed) => {
      const service = definition.make(seed);
      service.settings = { ...service.settings, ...changed };
      return service;
    },
  };
}

/** A first session, and what the next one makes of it in both cases. */
function twoSessions({ name, seed }) {
  const { state } = learner(new Session(serviceOf(name), seed * 101 + 7));
  return ['same', 'slower'].map((change) => {
    const session = new Session(definitionOf(name, change), seed * 103 + 11);
    const { limit } = learner(session, { from: resume(state) });
    return { name, change, seconds: session.now, bad: session.bad, ...limit };
  });
}

function summaryOf(sessions, truth) {
  return {
    sessions: sessions.length,
    seconds: median(sessions.map(({ seconds }) => seconds)),
    covered: sessions.filter(({ low, high }) => low <= truth && truth <= high).length,
    within5: sessions.filter(({ estimate }) => Math.abs(Math.log(estimate / truth)) < Math.log(1.05)).length,
    bad: median(sessions.map(({ bad }) => bad)),
  };
}
