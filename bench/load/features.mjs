/**
 * What recording costs for each request: the recorder of the load engine is driven in this process, with each feature taken out in turn.
 *
 * Usage, after `npm run build`: node bench/load/features.mjs [--rounds 7] [--requests 1000000]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createHistogram, record } from '../../packages/engine/dist/metrics/histogram.js';
import { createPhases, recordPhases } from '../../packages/engine/dist/metrics/phases.js';
import { createRecorder } from '../../packages/engine/dist/metrics/recorder.js';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, requests: { type: 'string', default: '1000000' } },
});
const rounds = Number(options.rounds);
const requests = Number(options.requests);

const exchange = {
  node: 0,
  requestClass: 0,
  intendedMs: 0,
  lateMs: 0,
  startMs: 0,
  connectedMs: NaN,
  securedMs: NaN,
  firstByteMs: NaN,
  bytesIn: 180,
  bytesOut: 60,
  cache: null,
  servedBy: null,
};
const order = {
  nodes: [{ url: 'http://127.0.0.1:1', weight: 1 }],
  requests: [{ name: 'default' }],
  balance: 'round_robin',
  arrivals: { model: 'closed', connections: 50, thinkMs: 0 },
  warmupMs: 0,
  durationMs: 1e12,
  timeoutMs: 10_000,
  graceMs: 0,
  seed: 1,
  thresholdsMs: [250],
  insecure: false,
  allowTargets: [],
  tickMs: 250,
};

/** Runs `one(index)` so often, and returns ns a call. */
function timed(one) {
  const before = process.hrtime.bigint();
  for (let index = 0; index < requests; index++) one(index);
  return Number(process.hrtime.bigint() - before) / requests;
}

const FEATURES = {
  'everything that is recorded for a request': () => {
    const recorder = createRecorder(order, ['a']);
    return timed((index) => {
      exchange.intendedMs = index;
      exchange.startMs = index;
      recorder.begun(exchange);
      recorder.sent(exchange);
      recorder.answered(exchange, index + 0.4 + (index & 63) / 100, null);
    });
  },
  'of it two histograms, response and service time': () => {
    const response = createHistogram();
    const service = createHistogram();
    return timed((index) => {
      const us = 400 + (index & 63) * 10;
      record(response, us);
      record(service, us);
    });
  },
  'of it the phases of a request': () => {
    const phases = createPhases();
    return timed((index) => {
      exchange.startMs = index;
      recordPhases(phases, exchange, index + 0.4 + (index & 63) / 100);
    });
  },
};

const runs = [];
for (let round = 0; round <= rounds; round++) {
  for (const [feature, measure] of Object.entries(FEATURES)) {
    const nanoseconds = measure();
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
process.stdout.write(`written: ${fileURLToPath(file)} (${readFileSync(file).length} bytes)\n`);
