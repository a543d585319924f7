/**
 * What leading a fleet costs: CPU of the hub for each load generator and second, idle and during runs, and CPU for each request of two load
 * generators beside that of one alone, each at a share of what one can send.
 * Usage, after `npm run build`: node bench/fleet.mjs [--rounds 5] [--seconds 6] [--idle 8] [--share 0.3] [--keep NAME]
 * Needs Linux with nats-server and nginx. Every load generator and the hub are processes of their own; rounds with one and with two are interleaved.
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createFileRoll, initFleet, invite, readFleetKeys, startHub } from '@hive/fleet';
import { cpuSecondsOf, freePort, nginxConfig } from './load/machine.mjs';

const HIVE = fileURLToPath(new URL('../packages/cli/bin/hive.js', import.meta.url));
const CONNECTIONS = 50;
const IDLE_SECONDS = 20;
const print = (line) => process.stdout.write(`${line}\n`);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const rounded = (value) => Number(value.toPrecision(3));

if (process.argv[2] === 'hub') await lead(process.argv[3], process.argv[4]);
else await main();

async function main() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '6' },
      idle: { type: 'string', default: '8' },
      share: { type: 'string', default: '0.3' },
      keep: { type: 'string' },
    },
  });
  const sizes = { rounds: +values.rounds, seconds: +values.seconds, idle: +values.idle, share: +values.share };
  const scratch = mkdtempSync(join(tmpdir(), 'hive-bench-fleet-'));
  const children = [];
  const started = (child) => (children.push(child), child);
  try {
    const results = await measure(scratch, started, sizes);
    if (values.keep === undefined) return;
    const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
    const file = new URL(`results/fleet-${values.keep}.json`, import.meta.url);
    writeFileSync(file, `${JSON.stringify({ machine, sizes, results }, null, 2)}\n`);
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function measure(scratch, started, sizes) {
  const url = await startNginx(scratch, started);
  const keys = join(scratch, 'keys');
  const port = await freePort();
  started(spawn('nats-server', ['-c', initFleet(keys, { listen: `127.0.0.1:${port}` })], { stdio: 'ignore' }));
  await sleep(1_000);
  const nats = `nats://127.0.0.1:${port}`;
  const hub = started(fork(fileURLToPath(import.meta.url), ['hub', keys, nats], { serialization: 'advanced' }));
  await once(hub, 'message');
  const fleet = { keys: readFleetKeys(keys), roll: createFileRoll(keys), url: nats };
  const bees = [];
  for (let number = 0; number < sizes.idle; number += 1) {
    const name = `bee-${number}`;
    const region = number < 2 ? `region-${number}` : 'idle';
    const { join: word } = await invite(fleet, { name, region });
    const env = { ...process.env, HIVE_JOIN: word };
    const bee = started(spawn(process.execPath, [HIVE, 'bee', '--data', join(scratch, name)], { env }));
    await readyOf(bee);
    bees.push(bee);
  }
  const idle = await hubWhileIdle(hub, bees.length);
  print(`  idle: the hub takes ${idle.msPerBeeSecond} ms of CPU for each of ${bees.length} load generators and second`);
  const ceiling = await ceilingOf(hub, url);
  const rate = Math.round(sizes.share * ceiling);
  print(`  one can send ${Math.round(ceiling)} requests/s here; each is asked for ${rate}`);
  const rounds = [];
  for (let round = 0; round < sizes.rounds; round += 1) {
    const beside = loadavg()[0];
    const alone = await costOf(hub, [bees[0]], { url, rate, ...sizes });
    const both = await costOf(hub, bees.slice(0, 2), { url, rate: 2 * rate, ...sizes });
    const ratios = both.usPerRequest.map((us) => rounded(us / alone.usPerRequest[0]));
    rounds.push({ load: beside, alone, both, ratios });
    print(
      `  load ${beside.toFixed(1)}: alone ${alone.usPerRequest[0]} µs a request, of two ${both.usPerRequest.join(' and ')} (× ${ratios.join(', × ')}); hub ${both.hubMsPerBeeSecond} ms`,
    );
  }
  const ratio = median(rounds.flatMap(({ ratios }) => ratios));
  const hubMsPerBeeSecond = median(rounds.map(({ both }) => both.hubMsPerBeeSecond));
  print(
    `  median: × ${ratio} a request, hub ${hubMsPerBeeSecond} ms of CPU for each load generator and second of a run`,
  );
  return { idle, ceilingPerSecond: Math.round(ceiling), ratePerSecond: rate, ratio, hubMsPerBeeSecond, rounds };
}

async function hubWhileIdle(hub, bees) {
  const before = cpuSecondsOf(hub.pid);
  await sleep(1_000 * IDLE_SECONDS);
  const msPerBeeSecond = rounded((1_000 * (cpuSecondsOf(hub.pid) - before)) / bees / IDLE_SECONDS);
  return { bees, msPerBeeSecond };
}

/** What one load generator gets through with all its connections busy, requests/s: the best of three. */
async function ceilingOf(hub, url) {
  const seen = [];
  for (let tries = 0; tries < 3; tries += 1) {
    const arrivals = { model: 'closed', connections: CONNECTIONS, thinkMs: 0 };
    const { sent, seconds } = await run(hub, { 'region-0': 1 }, orderOf(url, arrivals, 3));
    seen.push(sent / seconds);
  }
  return Math.max(...seen);
}

/** CPU of each load generator for a request, and of the hub for each of them and second. */
async function costOf(hub, bees, { url, rate, seconds }) {
  const stages = [{ durationMs: 1_000 * seconds, fromPerSecond: rate, toPerSecond: rate }];
  const arrivals = { model: 'open', arrivals: 'poisson', stages, maxConnections: 2 * CONNECTIONS, maxWaiting: 10_000 };
  const regions = Object.fromEntries(bees.map((_, number) => [`region-${number}`, 1]));
  const before = [hub, ...bees].map(({ pid }) => cpuSecondsOf(pid));
  const done = await run(hub, regions, orderOf(url, arrivals, seconds));
  const [ofHub, ...ofBees] = [hub, ...bees].map(({ pid }, number) => cpuSecondsOf(pid) - before[number]);
  return {
    usPerRequest: ofBees.map((cpu, number) => rounded((1e6 * cpu) / done.byRegion[`region-${number}`])),
    hubMsPerBeeSecond: rounded((1_000 * ofHub) / bees.length / done.seconds),
    sent: done.sent,
    planned: done.planned,
    sentBy: done.byRegion,
  };
}

function orderOf(url, arrivals, seconds) {
  return {
    nodes: [{ url, weight: 1 }],
    requests: [{ name: 'default', method: 'GET', path: '/', headers: {}, weight: 1 }],
    balance: 'round_robin',
    arrivals,
    warmupMs: 0,
    durationMs: 1_000 * seconds,
    timeoutMs: 5_000,
    graceMs: 5_000,
    seed: 1,
    thresholdsMs: [100],
    insecure: false,
    allowTargets: [],
    tickMs: 250,
  };
}

async function run(hub, regions, order) {
  const begunMs = performance.now();
  hub.send({ regions, order });
  const [done] = await once(hub, 'message');
  if (done.error !== undefined) throw new Error(done.error);
  return { ...done, seconds: (performance.now() - begunMs) / 1_000 };
}

/** The hub, in a process of its own: what it is sent is a run. */
async function lead(keys, url) {
  const hub = await startHub({ keys: readFleetKeys(keys), roll: createFileRoll(keys), url });
  const follow = async ({ regions, order }) => {
    let sent = 0;
    let planned = 0;
    const byRegion = {};
    try {
      for await (const tick of hub.load(regions).run(order, new AbortController().signal))
        for (const { counts, regions: seen = {} } of tick.parts) {
          sent += counts.sent;
          planned += counts.planned;
          for (const [name, own] of Object.entries(seen))
            byRegion[name] = (byRegion[name] ?? 0) + own.good + own.failed;
        }
      process.send({ sent, planned, byRegion });
    } catch (error) {
      process.send({ error: error.message });
    }
  };
  process.on('message', (asked) => void follow(asked));
  process.once('disconnect', () => process.exit());
  process.send('ready');
}

async function readyOf(bee) {
  let said = '';
  for await (const text of bee.stdout) if ((said += text).includes('is ready')) break;
  if (!said.includes('is ready')) throw new Error(`a load generator ended: ${said}`);
}

async function startNginx(scratch, started) {
  const port = await freePort();
  started(spawn('nginx', ['-p', scratch, '-c', nginxConfig(scratch, port)], { stdio: 'ignore' }));
  await sleep(500);
  return `http://127.0.0.1:${port}`;
}
