/** What listens on real sockets and has a limit that is known: how it is started, what is asked of it, and where its limit is. */
import { fileURLToPath } from 'node:url';
import { createSchedule } from '../../packages/engine/dist/practice/schedule.js';
import { serviceTimes } from '../../packages/engine/dist/practice/service-times.js';
import { clause } from './services.mjs';
import { Service } from './simulation.mjs';
import { findTruth } from './truth.mjs';

const pathOf = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
export const HIVE = pathOf('packages/cli/bin/hive.js');

/** In virtual time: the schedule that the practice target itself runs by. */
class Scheduled extends Service {
  constructor(seed, { workers, queueLimit = Infinity, serviceMs }) {
    super(seed);
    const draw = serviceMs(this.random);
    this.schedule = createSchedule({ workers, queueLimit, serviceMs: () => draw() });
  }

  arrive(at) {
    this.until(at);
    const index = this.record(at, Infinity, false);
    if (this.schedule.offer(index, at * 1000) !== null) return;
    this.done[index] = at;
    this.failed[index] = 1;
  }

  until(until) {
    for (const { item, endMs } of this.schedule.advance(until * 1000)) this.done[item] = endMs / 1000;
  }
}

const ERRORS = { expression: 'rate<0.01', allowedShare: 0.01, latency: Infinity };

/** L50 of 30 s by simulation, requests/s. */
function simulated(settings, latency) {
  const definition = {
    guess: settings.capacity,
    clauses: [clause(0.01, latency), ERRORS],
    make: (seed) => new Scheduled(seed, settings),
  };
  return findTruth(definition, { seconds: 30, runs: 100 }).l50;
}

/** `started` reads the address or file for `hive train` from what the process prints; `truth` comes after the sessions. */
function practice({ workers, serviceMs, distribution, queueLimit, latency }) {
  const shape = `--workers ${workers} --service ${serviceMs}ms --distribution ${distribution}`;
  const queue = queueLimit === undefined ? '' : ` --queue ${queueLimit}`;
  return {
    command: [HIVE, 'practice', '--port', '0', '--json', ...`${shape}${queue}`.split(' ')],
    ready: /\n/,
    started: (output) => JSON.parse(output).url,
    objectives: [`p(99)<${latency * 1000}`, 'rate<0.01'],
    truth: () => {
      const draws = (random) => serviceTimes(distribution, serviceMs, random);
      return simulated({ workers, queueLimit, serviceMs: draws, capacity: (1000 * workers) / serviceMs }, latency);
    },
  };
}

const SLOTS = 6;
const MEAN_MS = 30;

export const TARGETS = {
  'practice, constant': practice({ workers: 8, serviceMs: 20, distribution: 'constant', latency: 0.25 }),
  'practice, lognormal': practice({ workers: 8, serviceMs: 20, distribution: 'lognormal', latency: 0.25 }),
  'practice, short queue': practice({
    workers: 16,
    serviceMs: 40,
    distribution: 'exponential',
    queueLimit: 8,
    latency: 0.5,
  }),
  'nginx limit_req': {
    command: [pathOf('examples/nginx-limit-req/start.mjs')],
    ready: /Ctrl-C/,
    started: (output) => /^ {2}npx hive train .* (\S+)$/m.exec(output)[1],
    objectives: [],
    truth: ({ output }) => Number(/1 % are refused at ([\d.]+)\/s/.exec(output)[1]),
  },
  'node semaphore': {
    command: [pathOf('bench/learning/semaphore.mjs'), '--slots', `${SLOTS}`, '--mean', `${MEAN_MS}`],
    ready: /\n/,
    started: (output) => output.trim(),
    objectives: ['p(99)<300', 'rate<0.01'],
    truth: async ({ output }) => {
      const held = await (await fetch(new URL('/held', output.trim()))).json();
      const draws = (random) => () => held[Math.floor(random() * held.length)];
      return simulated({ workers: SLOTS, serviceMs: draws, capacity: (1000 * SLOTS) / MEAN_MS }, 0.3);
    },
  },
};
