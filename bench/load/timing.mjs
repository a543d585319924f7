/**
 * How punctual sends are in the open model on an idle core: Poisson arrivals at 2,000/s and at 200/s against nginx on a core of its own. Each run is
 * a fresh process, pinned to another core, that drives the load engine and notes when each request was meant to be sent and when it was. As in the
 * scenarios, a warm-up that does not count goes before.
 *
 * Usage, after `npm run build`: node bench/load/timing.mjs [--rounds 5]
 * Needs nginx and taskset, and at least two cores.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sendTimes } from '@hive/engine';
import { cpuSecondsOf, freePort, nginxConfig, undisturbed } from './machine.mjs';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, run: { type: 'string' }, port: { type: 'string' } },
});
/** The intended times of the faster plan are so many that a Kolmogorov–Smirnov test tells. */
const PLANS = [
  { perSecond: 2_000, requests: 20_000 },
  { perSecond: 200, requests: 2_000 },
];
const SEED = 7;
const WARMUP_MS = 2_000;

if (options.run === undefined) await main();
else await run(PLANS.find(({ perSecond }) => perSecond === Number(options.run)));

/** One run, in a process of its own; prints what it saw. */
async function run({ perSecond, requests }) {
  const durationMs = (requests / perSecond) * 1_000;
  const order = {
    nodes: [{ url: `http://127.0.0.1:${options.port}`, weight: 1 }],
    requests: [{ name: 'default', method: 'GET', path: '/', headers: {}, weight: 1 }],
    balance: 'round_robin',
    arrivals: {
      model: 'open',
      arrivals: 'poisson',
      stages: [{ durationMs: WARMUP_MS + durationMs, fromPerSecond: perSecond, toPerSecond: perSecond }],
      maxConnections: 1_000,
      maxWaiting: 10_000,
    },
    warmupMs: WARMUP_MS,
    durationMs,
    timeoutMs: 5_000,
    graceMs: 1_000,
    seed: SEED,
    thresholdsMs: [],
    insecure: false,
    allowTargets: [],
    tickMs: 250,
  };
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const { intendedMs, sentMs } = await sendTimes(order);
  const cpu = process.cpuUsage(cpuBefore);
  const tookMs = performance.now() - startedAt;
  const late = sentMs.map((sent, index) => (sent - intendedMs[index]) * 1_000).toSorted((a, b) => a - b);
  const of = (share) => late[Math.ceil(share * late.length) - 1];
  const result = {
    perSecond,
    sent: sentMs.length,
    intendedD: distance(intendedMs, perSecond),
    sentD: distance(sentMs, perSecond),
    latenessP50Us: of(0.5),
    latenessP99Us: of(0.99),
    latenessMaxUs: of(1),
    busyShare: (cpu.user + cpu.system) / 1_000 / tookMs,
    cpuSeconds: (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
  };
  process.stdout.write(JSON.stringify(result));
  process.exit();
}

/** Kolmogorov–Smirnov: the greatest distance between the distribution of the gaps and the exponential one. */
function distance(times, perSecond) {
  const gaps = times.map((time, index) => time - (times[index - 1] ?? WARMUP_MS)).toSorted((a, b) => a - b);
  const n = gaps.length;
  return gaps.reduce((most, gap, index) => {
    const expected = 1 - Math.exp((-Math.max(0, gap) * perSecond) / 1_000);
    return Math.max(most, Math.abs(expected - index / n), Math.abs(expected - (index + 1) / n));
  }, 0);
}

/** Runs one plan in a process of its own, on the last core. */
async function measured(perSecond, server, port) {
  const load1Minute = loadavg()[0];
  const before = cpuSecondsOf(server);
  const self = fileURLToPath(import.meta.url);
  const args = ['-c', String(cpus().length - 1), process.execPath, self];
  const told = execFileSync('/usr/bin/taskset', [...args, '--run', String(perSecond), '--port', String(port)], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  const { cpuSeconds, ...result } = JSON.parse(told);
  return { ownSeconds: cpuSeconds + cpuSecondsOf(server) - before, load1Minute, ...result };
}

async function main() {
  const cores = cpus().length;
  const scratch = mkdtempSync(join(tmpdir(), 'hive-bench-timing-'));
  const port = await freePort();
  const nginx = spawn('/usr/bin/taskset', ['-c', '0', 'nginx', '-p', scratch, '-c', nginxConfig(scratch, port)], {
    stdio: 'ignore',
  });
  const runs = [];
  try {
    await sleep(500);
    for (let round = 1; round <= Number(options.rounds); round++) {
      for (const { perSecond } of PLANS) {
        await undisturbed(
          () => measured(perSecond, nginx.pid, port),
          (run, counts) => {
            runs.push({ round, counts, ...run });
            const { sentD, latenessP50Us, latenessP99Us, busyShare, others } = run;
            process.stdout.write(
              `${round} ${perSecond}/s: D ${sentD.toFixed(4)}, late p50 ${latenessP50Us.toFixed(0)} µs p99 ${latenessP99Us.toFixed(0)} µs, busy ${(busyShare * 100).toFixed(1)} %, others ${others.toFixed(2)}\n`,
            );
          },
        );
      }
    }
    const machine = { cpu: cpus()[0].model, cores };
    const results = new URL('../results/', import.meta.url);
    mkdirSync(results, { recursive: true });
    const file = new URL(`load-timing-${cores}-cores-node-${process.versions.node.split('.')[0]}.json`, results);
    const kept = { machine, versions: { node: process.versions.node }, seed: SEED, runs };
    writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
    process.stdout.write(`written: ${fileURLToPath(file)}\n`);
  } finally {
    nginx.kill();
    rmSync(scratch, { recursive: true, force: true });
  }
}
