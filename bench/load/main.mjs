/**
 * Compares the cost of sending a request: `hive run` beside wrk, hey, ab, autocannon, undici and artillery, against one nginx.
 *
 * Usage: node bench/load/main.mjs [--rounds 5] [--seconds 4] [--label NAME]
 * Needs nginx, wrk, hey, ab, taskset and GNU time. Rounds are interleaved and every run is a fresh process.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cpuSecondsOf, freePort, nginxConfig, undisturbed } from './machine.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    label: { type: 'string', default: `${cpus().length}-cores-node-${process.versions.node.split('.')[0]}` },
  },
});
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);
const connections = 50;
/** Installed in a scratch folder, never in the lock file. Artillery's later versions want a newer Node. */
const packages = { autocannon: '8.0.0', undici: '7.30.2', artillery: '2.0.21' };
/** Artillery has no duration for a fixed number of users: each of the connections asks so often. */
const artilleryLoops = 150;
const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'hive-bench-load-'));

/** Runs one command on core 1 under GNU time; resolves with its output and what it used. */
function timed(command) {
  const usage = join(scratch, 'usage');
  const args = ['-c', '1', 'time', '-q', '-o', usage, '-f', '%e %U %S %M', ...command];
  return new Promise((resolve, reject) => {
    const child = spawn('/usr/bin/taskset', args, { cwd: scratch, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const [wallSeconds, user, system, peakKiB] = readFileSync(usage, 'utf8').trim().split(' ').map(Number);
      const cpu = { cpuSeconds: user + system, systemSeconds: system };
      resolve({ stdout, stderr, code, wallSeconds, ...cpu, peakRssMiB: peakKiB / 1024 });
    });
  });
}

function firstNumber(pattern) {
  return (text) => Number(pattern.exec(text)?.[1]);
}

/** Versions of the Debian packages; empty on a system without dpkg. */
function debianVersions() {
  try {
    const format = '-f=${Package} ${Version}\\n';
    const lines = execFileSync('/usr/bin/dpkg-query', ['-W', format, 'nginx', 'wrk', 'hey', 'apache2-utils'], {
      encoding: 'utf8',
    });
    return Object.fromEntries(
      lines
        .trim()
        .split('\n')
        .map((line) => line.split(' ')),
    );
  } catch {
    return {};
  }
}

const port = await freePort();
const url = `http://127.0.0.1:${port}/`;
process.stdout.write('installing autocannon, undici and artillery in a scratch folder …\n');
const wanted = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', scratch, ...wanted], {
  stdio: 'ignore',
  timeout: 300_000,
});
writeFileSync(
  join(scratch, 'artillery.json'),
  JSON.stringify({
    config: { target: url, phases: [{ duration: 1, arrivalCount: connections }], http: { pool: connections } },
    scenarios: [{ flow: [{ loop: [{ get: { url: '/' } }], count: artilleryLoops }] }],
  }),
);
writeFileSync(
  join(scratch, 'undici.mjs'),
  `import { Pool } from 'undici';
const pool = new Pool(${JSON.stringify(url)}, { connections: ${connections}, pipelining: 1 });
const end = performance.now() + ${seconds * 1_000};
let answered = 0;
await Promise.all(Array.from({ length: ${connections} }, async () => {
  while (performance.now() < end) {
    const { statusCode, body } = await pool.request({ path: '/', method: 'GET' });
    await body.dump();
    if (statusCode === 200) answered += 1;
  }
}));
await pool.close();
console.log(JSON.stringify({ answered }));
`,
);
const nginx = spawn('/usr/bin/taskset', ['-c', '0', 'nginx', '-p', scratch, '-c', nginxConfig(scratch, port)], {
  stdio: 'ignore',
});
const c = String(connections);
const s = String(seconds);
const tools = {
  hive: {
    command: [process.execPath, join(root, 'packages/cli/bin/hive.js'), 'run', '-c', c, '-d', `${s}s`].concat([
      '--grace',
      '1s',
      '--json',
      '--quiet',
      '--data',
      join(scratch, 'data'),
      url,
    ]),
    requests: firstNumber(/"answered":\s*(\d+)/),
  },
  wrk: { command: ['wrk', '-t1', '-c', c, '-d', `${s}s`, url], requests: firstNumber(/(\d+) requests in/) },
  hey: { command: ['hey', '-z', `${s}s`, '-c', c, url], requests: firstNumber(/\[200\]\s+(\d+) responses/) },
  ab: {
    command: ['ab', '-q', '-k', '-c', c, '-t', s, '-n', '1000000', url],
    requests: firstNumber(/Complete requests:\s+(\d+)/),
  },
  autocannon: {
    command: [process.execPath, join(scratch, 'node_modules/autocannon/autocannon.js'), '-j', '-c', c, '-d', s, url],
    requests: firstNumber(/"2xx":\s*(\d+)/),
  },
  undici: { command: [process.execPath, join(scratch, 'undici.mjs')], requests: firstNumber(/"answered":(\d+)/) },
  artillery: {
    command: [
      process.execPath,
      join(scratch, 'node_modules/artillery/bin/run'),
      'run',
      join(scratch, 'artillery.json'),
    ],
    requests: firstNumber(/http\.codes\.200:\s*\.*\s*(\d+)\s*(?![\s\S]*http\.codes\.200)/),
  },
};

const runs = [];
let again = 0;

/** One run of a tool, and what it came to for each request. */
async function measured(tool, { command, requests }) {
  const load1Minute = loadavg()[0];
  const before = cpuSecondsOf(nginx.pid);
  const run = await timed(command);
  const count = requests(run.stdout);
  if (!(count > 0)) throw new Error(`${tool} reported no requests: ${run.stdout.slice(0, 3000)} ${run.stderr}`);
  const { wallSeconds, cpuSeconds, systemSeconds, peakRssMiB, code } = run;
  const serverSeconds = cpuSecondsOf(nginx.pid) - before;
  const lasted = tool === 'artillery' ? wallSeconds : seconds;
  return {
    ownSeconds: cpuSeconds + serverSeconds,
    tool,
    code,
    count,
    perSecond: count / lasted,
    cpuMicrosPerRequest: (cpuSeconds / count) * 1e6,
    cpuSeconds,
    systemSeconds,
    wallSeconds,
    peakRssMiB,
    serverBusy: serverSeconds / lasted,
    load1Minute,
  };
}

try {
  await sleep(500);
  for (let round = 1; round <= rounds; round++) {
    for (const [tool, how] of Object.entries(tools)) {
      await undisturbed(
        () => measured(tool, how),
        (run, counts) => {
          if (counts) runs.push({ round, ...run });
          else again += 1;
          const { cpuMicrosPerRequest, perSecond, others } = run;
          process.stdout.write(
            `${round} ${tool} ${cpuMicrosPerRequest.toFixed(2)} µs/request, ${perSecond.toFixed(0)}/s, others ${others.toFixed(2)}${counts ? '' : ', again'}\n`,
          );
        },
      );
    }
  }
  const machine = { cpu: cpus()[0].model, cores: cpus().length };
  const versions = { node: process.versions.node, ...packages, ...debianVersions() };
  const results = join(root, 'bench/results');
  mkdirSync(results, { recursive: true });
  const file = join(results, `load-${options.label}.json`);
  writeFileSync(file, `${JSON.stringify({ machine, versions, rounds, seconds, connections, again, runs }, null, 2)}\n`);
  process.stdout.write(`written: ${file}\n`);
} finally {
  nginx.kill();
  rmSync(scratch, { recursive: true, force: true });
}
