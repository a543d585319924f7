/**
 * What load generators report of a delay that is known: 10 connections against a server that answers 20 ms after it has read a request, and
 * once in the middle of the run stands still for a second. The server logs its own delays; the freeze is what tells whether a tool leaves
 * out the requests that it should have sent meanwhile.
 *
 * Usage, after `npm run build`: node bench/load/known-delay.mjs [--rounds 5] [--seconds 10]
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '10' } },
});
const seconds = Number(options.seconds);
const hive = fileURLToPath(new URL('../../packages/cli/bin/hive.js', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'hive-bench-delay-'));
const SERVICE_MS = 20;
const FREEZE_MS = 1_000;

let frozenUntil = 0;
let delays = [];
const server = createServer((request, response) => {
  const arrived = performance.now();
  request.resume();
  setTimeout(
    () => {
      response.writeHead(200, { 'content-length': 2 }).end('ok');
      delays.push(performance.now() - arrived);
    },
    Math.max(SERVICE_MS, frozenUntil - arrived + SERVICE_MS),
  );
});
server.keepAliveTimeout = 0;
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}/`;
const wanted = ['autocannon@8.0.0', 'artillery@2.0.21'];
execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', scratch, ...wanted], {
  stdio: 'ignore',
  timeout: 300_000,
});
const artilleryReport = join(scratch, 'artillery-report.json');
writeFileSync(
  join(scratch, 'artillery.json'),
  JSON.stringify({
    config: { target: url, phases: [{ duration: 1, arrivalCount: 10 }], http: { pool: 10 } },
    // It has no duration for a fixed number of users: each asks so often.
    scenarios: [{ flow: [{ loop: [{ get: { url: '/' } }], count: Math.round((seconds * 1_000) / (SERVICE_MS + 2)) }] }],
  }),
);

const number = (pattern, text, scale = 1) => Number(pattern.exec(text)?.[1]) * scale;
const wrkMs = (name, text) => {
  const [, value, unit] = new RegExp(`${name}%\\s+([\\d.]+)(us|ms|s)`).exec(text) ?? [];
  return Number(value) * { us: 0.001, ms: 1, s: 1_000 }[unit];
};
const d = `${seconds}s`;
const rate = 200;
const tools = {
  'hive -r, as planned': {
    command: [
      process.execPath,
      hive,
      'run',
      '-r',
      `${rate}/s`,
      '--arrivals',
      'constant',
      '-c',
      '10',
      '-d',
      d,
      '--json',
      '--quiet',
      url,
    ],
    read: (text) => JSON.parse(text).responseTimeMs,
  },
  'hive -c': {
    command: [process.execPath, hive, 'run', '-c', '10', '-d', d, '--json', '--quiet', url],
    read: (text) => JSON.parse(text).responseTimeMs,
  },
  wrk: {
    command: ['wrk', '--latency', '-t1', '-c', '10', '-d', d, url],
    read: (text) => ({ p50: wrkMs('50', text), p99: wrkMs('99', text) }),
  },
  hey: {
    command: ['hey', '-z', d, '-c', '10', url],
    read: (text) => ({ p50: number(/50% in ([\d.]+)/, text, 1_000), p99: number(/99% in ([\d.]+)/, text, 1_000) }),
  },
  ab: {
    command: ['ab', '-q', '-k', '-c', '10', '-t', String(seconds), '-n', '1000000', url],
    read: (text) => ({ p50: number(/50%\s+(\d+)/, text), p99: number(/99%\s+(\d+)/, text) }),
  },
  autocannon: {
    command: [
      process.execPath,
      join(scratch, 'node_modules/autocannon/autocannon.js'),
      '-j',
      '-c',
      '10',
      '-d',
      String(seconds),
      url,
    ],
    read: (text) => JSON.parse(text).latency,
  },
  artillery: {
    command: [
      process.execPath,
      join(scratch, 'node_modules/artillery/bin/run'),
      'run',
      '--output',
      artilleryReport,
    ].concat(join(scratch, 'artillery.json')),
    read: () => JSON.parse(readFileSync(artilleryReport, 'utf8')).aggregate.summaries['http.response_time'],
  },
};

function output([command, ...args]) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  return new Promise((resolve) => child.once('close', () => resolve(stdout)));
}

const quantile = (values, share) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)];
const runs = [];
try {
  for (let round = 1; round <= Number(options.rounds); round++) {
    for (const freeze of [false, true]) {
      for (const [tool, { command, read }] of Object.entries(tools)) {
        delays = [];
        const running = output(command);
        if (freeze) {
          await sleep((seconds / 2) * 1_000);
          frozenUntil = performance.now() + FREEZE_MS;
        }
        const { p50, p99 } = read(await running);
        runs.push({
          round,
          freeze,
          tool,
          p50,
          p99,
          serverP50: quantile(delays, 0.5),
          serverP99: quantile(delays, 0.99),
        });
        process.stdout.write(`${round} ${freeze ? 'freeze' : 'steady'} ${tool}: p50 ${p50} ms, p99 ${p99} ms\n`);
      }
    }
  }
  const machine = { cpu: cpus()[0].model, cores: cpus().length };
  const results = new URL('../results/', import.meta.url);
  mkdirSync(results, { recursive: true });
  const file = new URL(
    `load-known-delay-${cpus().length}-cores-node-${process.versions.node.split('.')[0]}.json`,
    results,
  );
  writeFileSync(
    file,
    `${JSON.stringify({ machine, versions: { node: process.versions.node }, seconds, serviceMs: SERVICE_MS, freezeMs: FREEZE_MS, runs }, null, 2)}\n`,
  );
  process.stdout.write(`written: ${fileURLToPath(file)}\n`);
} finally {
  server.close();
  server.closeAllConnections();
  rmSync(scratch, { recursive: true, force: true });
}
