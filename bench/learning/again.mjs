/**
 * Sessions one after another on a target that is met at other times, each from what the earlier ones left: how long they take, how many intervals
 * hold the limit of their own minutes, and how many say that the target changed.
 * Usage: node bench/learning/again.mjs [--seeds 30] [--first 5001] [--sessions 5] [--only 'slow drift'] [--keep LABEL]
 */
import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { truths, truthThen } from './known-truths.mjs';
import { namesOf, serviceOf } from './named.mjs';
import { keepResults } from './results.mjs';
import { learn } from './session.mjs';
import { median } from './summary.mjs';
import { againTable } from './tables.mjs';
import { answerJobs, inThreads, sessionJobs, usedCpu } from './threads.mjs';

/** Another seed: long after. */
const LATER = 77_777;

if (isMainThread) await main();
else answerJobs(sessionsOf);

async function main() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '30' },
      first: { type: 'string', default: '5001' },
      sessions: { type: 'string', default: '5' },
      only: { type: 'string', default: 'slow drift' },
      threads: { type: 'string', default: '2' },
      keep: { type: 'string' },
    },
  });
  const names = namesOf(values);
  const jobs = sessionJobs(names, values).map((job) => ({ ...job, sessions: +values.sessions }));
  const { results, cost } = await usedCpu(() => inThreads(import.meta.url, jobs, { threads: +values.threads }));
  const services = Object.fromEntries(names.map((name) => [name, rowsOf(results.filter((one) => one.name === name))]));
  for (const [name, rows] of Object.entries(services)) process.stdout.write(`${name}\n${againTable(rows)}\n`);
  if (values.keep) keepResults(values.keep, { first: +values.first, seeds: +values.seeds, cost }, { services });
}

/** A row for each session, the first from nothing. */
function rowsOf(targets) {
  const count = (list, field) => list.filter((one) => one[field]).length;
  return targets[0].sessions.map((_, i) => {
    const list = targets.map(({ sessions }) => sessions[i]);
    return {
      seconds: median(list.map(({ seconds }) => seconds)),
      sessions: list.length,
      ...Object.fromEntries(
        ['holdsThen', 'holdsEver', 'changed', 'unsteady'].map((field) => [field, count(list, field)]),
      ),
    };
  });
}

async function sessionsOf({ name, seed, sessions: count }) {
  const definition = serviceOf(name);
  const ever = truths[name]['30'].l50;
  const sessions = [];
  let history = [];
  for (let number = 0; number < count; number += 1) {
    const { limit, law, seconds, results } = await learn(definition, { seed: seed + number * LATER, history });
    history = results;
    const holds = (truth) => limit.low !== null && limit.high !== null && limit.low <= truth && truth <= limit.high;
    const says = (words) => words.test(limit.reason ?? '');
    sessions.push({
      seconds,
      holdsThen: holds(truthThen(definition, law) ?? ever),
      holdsEver: holds(ever),
      changed: says(/changed/),
      unsteady: says(/unsteady|varies/),
    });
  }
  return { name, sessions };
}
