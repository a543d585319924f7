/** What listens on real sockets and has a limit that is known: how it is started, what is asked of it, and where its limit is. */
import { fileURLToPath } from 'node:url';
import { exponential, lognormal } from './laws.mjs';
import { clause, ERRORS } from './services.mjs';
import { findTruth } from './truth.mjs';

const pathOf = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
export const HIVE = pathOf('packages/cli/bin/hive.js');

/** L50 of 30 s by simulation, requests/s: of slots, and a line, that are those of the target. */
async function simulated(law, { latencyMs, capacity }) {
  const definition = { guess: capacity, clauses: [clause(0.01, latencyMs), ERRORS], make: () => law };
  return (await findTruth(definition, { seconds: 30, runs: 100 })).l50;
}

/** The distributions of the practice target, by their means. */
const DRAWS = {
  constant: (mean) => () => mean,
  exponential: (mean) => (random) => exponential(random, mean),
  lognormal: (mean) => (random) => lognormal(random, mean, 1),
};

/** `started` reads the address or file for `hive train` from what the process prints; `truth` comes after the sessions. */
function practice({ workers, serviceMs, distribution, queueLimit, latencyMs }) {
  const shape = `--workers ${workers} --service ${serviceMs}ms --distribution ${distribution}`;
  const queue = queueLimit === undefined ? '' : ` --queue ${queueLimit}`;
  return {
    command: [HIVE, 'practice', '--port', '0', '--json', ...`${shape}${queue}`.split(' ')],
    ready: /\n/,
    started: (output) => JSON.parse(output).url,
    objectives: [`p(99)<${latencyMs}`, 'rate<0.01'],
    truth: () =>
      simulated(
        { slots: workers, mostWaiting: queueLimit, serviceMs: DRAWS[distribution](serviceMs) },
        { latencyMs, capacity: (1_000 * workers) / serviceMs },
      ),
  };
}

const SLOTS = 6;
const MEAN_MS = 30;

export const TARGETS = {
  'practice, constant': practice({ workers: 8, serviceMs: 20, distribution: 'constant', latencyMs: 250 }),
  'practice, lognormal': practice({ workers: 8, serviceMs: 20, distribution: 'lognormal', latencyMs: 250 }),
  'practice, short queue': practice({
    workers: 16,
    serviceMs: 40,
    distribution: 'exponential',
    queueLimit: 8,
    latencyMs: 500,
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
      const serviceMs = (random) => held[random.integer(held.length)];
      return simulated({ slots: SLOTS, serviceMs }, { latencyMs: 300, capacity: (1_000 * SLOTS) / MEAN_MS });
    },
  },
};
