/**
 * What counting costs for each request: whole runs as `hive run` makes them, in virtual time before a simulated service, without and with each feature
 * in turn. Processor time, so that other work on the machine counts for little; the generator's sockets are no part of it.
 *
 * Usage, after `npm run build`: node bench/load/features.mjs [--rounds 7] [--requests 200000]
 */
import { toTarget } from '@hive/contract';
import { execute, plainScenario, virtualSurroundings } from '@hive/engine';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, requests: { type: 'string', default: '200000' } },
});
const rounds = Number(options.rounds);
const requests = Number(options.requests);
const PER_SECOND = 5_000;

const url = 'http://127.0.0.1:1';
const one = { path: '/' };
const settings = { slots: 64, serviceMs: (random) => 2 * random.exponential() };

/** What differs from a plain run: in the target, in the plan, in the service. */
const FEATURES = {
  'nothing but the run': {},
  'classes counted apart': {
    target: {
      requests: [
        { name: 'a', ...one },
        { name: 'b', ...one },
      ],
    },
    plan: { groupBy: 'class' },
  },
  'nodes counted apart': { target: { nodes: [{ url }, { url: 'http://127.0.0.1:2' }] }, plan: { groupBy: 'node' } },
  'nodes that a header names': {
    target: { nodeHeader: 'x-node' },
    plan: { groupBy: 'node' },
    settings: { behind: ['left', 'right'] },
  },
  'hits and misses of a cache': {
    target: { requests: [{ name: 'a', path: '/{key}', keys: { count: 500, distribution: 'zipf' } }] },
    plan: { cacheHeaders: [] },
    settings: { cachedKeys: 300 },
  },
};

/** Runs once, and returns ns of processor time a request. */
async function measured(feature) {
  const target = toTarget({ ...(feature.target?.nodes ? {} : { url }), ...feature.target }, 'simulated');
  const stages = [{ durationMs: 1, fromPerSecond: PER_SECOND, toPerSecond: PER_SECOND }];
  const arrivals = { model: 'open', arrivals: 'poisson', stages, maxConnections: 1_000, maxWaiting: 10_000 };
  const durationMs = (1_000 * requests) / PER_SECOND;
  const plan = { warmupMs: 0, durationMs, timeoutMs: 10_000, graceMs: 1_000, arrivals, ...feature.plan };
  const surroundings = await virtualSurroundings({ settings: { ...settings, ...feature.settings }, seed: 1 });
  const { signal } = new AbortController();
  const scenario = plainScenario({ target, plan, seed: 2 });
  const run = execute({ ...surroundings, target, scenario, plain: true, signal, allowTargets: [], sessionId: 'ses_1' });
  const before = process.cpuUsage();
  for (;;) {
    const { done, value } = await run.next();
    if (!done) continue;
    const { user, system } = process.cpuUsage(before);
    return (1_000 * (user + system)) / value.result.measurement.counts.answered;
  }
}

const runs = [];
for (let round = 0; round <= rounds; round++) {
  for (const [feature, how] of Object.entries(FEATURES)) {
    const nanoseconds = await measured(how);
    // The first round is the compiler's.
    if (round > 0) runs.push({ round, feature, nanoseconds });
  }
}
const results = new URL('../results/', import.meta.url);
mkdirSync(results, { recursive: true });
const file = new URL(`load-features-${cpus().length}-cores-node-${process.versions.node.split('.')[0]}.json`, results);
const machine = { cpu: cpus()[0].model, cores: cpus().length };
writeFileSync(
  file,
  `${JSON.stringify({ machine, versions: { node: process.versions.node }, rounds, requests, runs }, null, 2)}\n`,
);
for (const feature of Object.keys(FEATURES)) {
  const sorted = runs.filter((run) => run.feature === feature).map((run) => run.nanoseconds);
  sorted.sort((a, b) => a - b);
  process.stdout.write(`${sorted[sorted.length >> 1].toFixed(0)} ns  ${feature}\n`);
}
process.stdout.write(`written: ${fileURLToPath(file)}\n`);
