/**
 * The yardstick of the learner, in virtual time. Usage: node bench/learning/main.mjs [--seeds 20] [--first 1] [--only NAME] [--search learner]
 * [--precision 0.05] [--hold 300] [--budget 600] [--trace] [--markdown] [--keep LABEL] [--json FILE]. `--markdown`: the rows of docs/learning.md; `--keep`: the figures into
 * bench/results/learning-LABEL.json, for report.mjs; `--json`: every session. Needs `npx tsc -b packages/engine` and
 * bench/results/learning-truth.json.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { Session } from './runner.mjs';
import { truths, truthThen } from './known-truths.mjs';
import { namesOf, serviceOf } from './named.mjs';
import * as searches from './searches.mjs';
import { lineOf, summaryOf } from './summary.mjs';
import { serviceTable } from './tables.mjs';
import { inThreads, sessionJobs } from './threads.mjs';
import { chanceAt } from './truth.mjs';

function say(text) {
  process.stdout.write(`${text}\n`);
}

const SEARCHES = {
  learner: searches.learner,
  'bisect-10': searches.bisect(10),
  'bisect-30': searches.bisect(30),
  'linear-10': searches.linear(10),
  aimd: searches.aimd,
  mlr: searches.mlr,
};
if (isMainThread) {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '20' },
      first: { type: 'string', default: '1' },
      only: { type: 'string' },
      search: { type: 'string', default: 'learner' },
      precision: { type: 'string', default: '0.05' },
      hold: { type: 'string', default: '0' },
      budget: { type: 'string' },
      gentle: { type: 'boolean', default: false },
      climb: { type: 'boolean', default: false },
      generated: { type: 'string' },
      trace: { type: 'boolean', default: false },
      threads: { type: 'string', default: '2' },
      markdown: { type: 'boolean', default: false },
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
    allowOverload: !values.gentle,
    chirp: !values.climb,
  };
  if (values.trace) {
    for (const job of jobs) say(JSON.stringify(one(job, settings, true)));
  } else {
    const began = Date.now();
    const results = await inThreads(import.meta.url, jobs, { settings, threads: +values.threads });
    const groups = groupsOf(names, results);
    if (values.markdown) say(serviceTable(groups.map(({ label, summary }) => [label, summary])));
    else for (const { label, summary } of groups) say(lineOf(label.replace('\\', ''), summary));
    if (values.keep) keep(values.keep, { values, groups });
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
  const holds = (one) => limit.low <= one && one <= limit.high;
  const long = truths[name]['300'];
  const safeFails = limit.safe && long ? chanceAt(long, limit.safe) : null;
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
    covered: holds(truth),
    // A service that wanders has another limit at another time: that of the session, and that of its last half minute.
    ...(truthThen(session) === null
      ? {}
      : { coveredThen: holds(truthThen(session)), coveredLast: holds(truthThen(session, 30)) }),
    safe: limit.safe ? limit.safe / truth : null,
    held: limit.heldSeconds !== undefined,
    doubted: limit.reason !== undefined && limit.reason !== null,
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

/** Services one by one, then together. */
function groupsOf(names, results) {
  const groups = names.map((name) => ({
    key: name,
    label: `${serviceOf(name).name ?? name}${serviceOf(name).heldOut ? ' \\*' : ''}`,
    list: results.filter((one) => one.name === name),
  }));
  const pooled = (label, test) => {
    const list = results.filter((one) => test(serviceOf(one.name)));
    if (list.length > 0) groups.push({ key: label, label, list });
  };
  pooled('nine regular', (one) => one.regular);
  pooled('held out', (one) => one.regular && one.heldOut);
  pooled('hard ones', (one) => !one.regular && !one.mean && !one.name);
  pooled('means', (one) => one.mean);
  pooled('generated', (one) => one.name);
  return groups.map(({ key, label, list }) => ({ key, label, summary: summaryOf(list) }));
}

/** The figures of each group, without the sessions: small enough to be kept in the repository. */
function keep(label, { values, groups }) {
  const { search, precision, gentle, climb, first, seeds } = values;
  const head = { search, precision: +precision, gentle, climb, first: +first, seeds: +seeds, node: process.version };
  const lines = groups.map(({ key, summary }) => `  ${JSON.stringify(key)}: ${JSON.stringify(summary, rounded)}`);
  const text = `{\n ${JSON.stringify(head).slice(1, -1)},\n "groups": {\n${lines.join(',\n')}\n }\n}\n`;
  writeFileSync(new URL(`../results/learning-${label}.json`, import.meta.url), text);
}

function rounded(_key, value) {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value;
}
