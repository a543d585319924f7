/**
 * Sessions one after another on a target that is met at other times, each from what the earlier ones left: how long they take, how many intervals
 * hold the limit of their own minutes, and how many say that the target changed.
 * Usage: node bench/learning/again.mjs [--seeds 30] [--first 5001] [--sessions 5] [--only 'slow drift']
 */
import { parseArgs } from 'node:util';
import { isMainThread, parentPort } from 'node:worker_threads';
import { resume } from '../../packages/engine/dist/learning/limit/observe.js';
import { truths, truthThen } from './known-truths.mjs';
import { namesOf, serviceOf } from './named.mjs';
import { Session } from './runner.mjs';
import { learner } from './searches.mjs';
import { againTable } from './tables.mjs';
import { inThreads, sessionJobs } from './threads.mjs';

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

if (isMainThread) {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '30' },
      first: { type: 'string', default: '5001' },
      sessions: { type: 'string', default: '5' },
      only: { type: 'string', default: 'slow drift' },
      threads: { type: 'string', default: '2' },
    },
  });
  const jobs = sessionJobs(namesOf(values), values).map((job) => ({ ...job, sessions: +values.sessions }));
  const targets = await inThreads(import.meta.url, jobs, { threads: +values.threads });
  const count = (list, field) => list.filter((one) => one[field]).length;
  const rows = Array.from({ length: +values.sessions }, (_, i) => {
    const list = targets.map((sessions) => sessions[i]);
    return {
      seconds: median(list.map(({ seconds }) => seconds)),
      sessions: list.length,
      ...Object.fromEntries(
        ['holdsThen', 'holdsEver', 'changed', 'unsteady'].map((field) => [field, count(list, field)]),
      ),
    };
  });
  process.stdout.write(`${againTable(rows)}\n`);
} else {
  parentPort.on('message', (job) => parentPort.postMessage(sessionsOf(job)));
}

function sessionsOf({ name, seed, sessions }) {
  const definition = serviceOf(name);
  const ever = truths[name]['30'].l50;
  let from;
  return Array.from({ length: sessions }, (_, i) => {
    // Another seed: long after.
    const session = new Session(definition, seed * 101 + 7 + i * 77_777);
    const { limit, state } = learner(session, { from });
    from = resume(state);
    const holds = (truth) => limit.low <= truth && truth <= limit.high;
    const says = (word) => (limit.reason ?? '').includes(word);
    return {
      seconds: session.now,
      holdsThen: holds(truthThen(session) ?? ever),
      holdsEver: holds(ever),
      changed: says('changed'),
      unsteady: says('unsteady'),
    };
  });
}
