/**
 * What the live feed costs its readers: how long after it was published a window arrives, with many readers at once and some that never read.
 * Usage, after `npm run build`: node bench/feed.mjs [--readers 250,1000,3000] [--silent 50] [--seconds 20] [--keep NAME]
 * Hive, its practice target and the load that it sends are on one processor, all readers in one process on another, where `taskset` can do that.
 * Reader and Hive share a clock, whose times are whole milliseconds.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { createClient } from '@hive/contract';
import { cpuSecondsOf, freePort } from './load/machine.mjs';

const SELF = fileURLToPath(import.meta.url);
const HIVE = fileURLToPath(new URL('../packages/cli/bin/hive.js', import.meta.url));
const RATE = 50;
/** This many connections are made at once. */
const AT_ONCE = 50;
const print = (line) => process.stdout.write(`${line}\n`);
const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-c', '1', 'true']).status === 0;

if (process.argv[2] === 'readers') await read(process.argv[3], Number(process.argv[4]), Number(process.argv[5]));
else await main();

async function main() {
  const { values } = parseArgs({
    options: {
      readers: { type: 'string', default: '250,1000,3000' },
      silent: { type: 'string', default: '50' },
      seconds: { type: 'string', default: '20' },
      keep: { type: 'string' },
    },
  });
  const rounds = [];
  for (const readers of values.readers.split(',')) rounds.push(await round(+readers, +values.silent, +values.seconds));
  if (values.keep === undefined) return;
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, pinned: canPin };
  const file = new URL(`results/feed-${values.keep}.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify({ machine, ratePerSecond: RATE, rounds }, null, 2)}\n`);
}

/** A process on one processor. */
function start(processor, args, options) {
  const [program, ...rest] = [...(canPin ? ['taskset', '-c', `${processor}`] : []), process.execPath, ...args];
  return spawn(program, rest, options);
}

async function round(readers, silent, seconds) {
  const data = mkdtempSync(join(tmpdir(), 'hive-bench-feed-'));
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const hive = start(0, [HIVE, 'up', '--demo', '--no-dashboard', '--data', data, '--port', `${port}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, HIVE_LOG_LEVEL: 'error' },
  });
  const reading = start(1, [SELF, 'readers', `ws://127.0.0.1:${port}/ws/metrics`, `${readers}`, `${silent}`], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    const api = createClient({ baseUrl });
    await answers(api, hive);
    reading.send('connect');
    await once(reading, 'message');
    const load = loadavg()[0];
    const cpu = cpuSecondsOf(hive.pid);
    const plan = { target: 'practice', kind: 'load_balancing', intensity: RATE, durationSeconds: seconds };
    const { id } = await api.call('createScenario', { body: plan });
    await api.call('executeScenario', { params: { id } });
    await sleep(1_000 * (seconds + 8));
    const hiveCpuSeconds = cpuSecondsOf(hive.pid) - cpu;
    reading.send('tell');
    const [seen] = await once(reading, 'message');
    const figures = { readers, silent, load, hiveCpuSeconds, ...seen };
    print(JSON.stringify(figures));
    return figures;
  } finally {
    reading.kill('SIGKILL');
    hive.kill('SIGTERM');
    await once(hive, 'close');
    rmSync(data, { recursive: true, force: true });
  }
}

async function answers(api, hive) {
  for (let tries = 0; tries < 600; tries += 1) {
    if (hive.exitCode !== null) throw new Error(`hive up ended with ${hive.exitCode}`);
    const targets = await api.call('listTargets', {}).catch(() => null);
    if (targets?.targets.length > 0) return;
    await sleep(100);
  }
  throw new Error('hive up does not answer');
}

/** All readers: tells, of each window, when it arrived at the first and the last of them, and of all arrivals how late they were. */
async function read(url, readers, silent) {
  const delaysMs = [];
  const windows = new Map();
  let [lost, closed] = [0, 0];
  const follow = (socket) => {
    let next = null;
    socket.on('close', () => (closed += 1));
    socket.on('message', (data) => {
      const now = performance.timeOrigin + performance.now();
      const [, seq, at, type] = /"seq":(\d+),"at":"([^"]+)","type":"(\w+)"/.exec(data.toString('latin1', 0, 120)) ?? [];
      // What a reader missed, a gap included, shows in the numbers.
      if (type === 'gap' || (next !== null && Number(seq) !== next)) lost += 1;
      next = Number(seq) + 1;
      if (type !== 'window') return;
      const delayMs = now - Date.parse(at);
      delaysMs.push(delayMs);
      windows.set(seq, Math.max(delayMs, windows.get(seq) ?? 0));
    });
  };
  await once(process, 'message');
  for (let made = 0; made < readers + silent; made += AT_ONCE)
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, readers + silent - made) }, async (_, index) => {
        const socket = new WebSocket(url, { perMessageDeflate: false });
        const isSilent = made + index < silent;
        if (!isSilent) follow(socket);
        socket.on('error', () => undefined);
        await once(socket, 'open');
        if (isSilent) socket.pause();
      }),
    );
  process.send('connected');
  await once(process, 'message');
  const sorted = delaysMs.toSorted((a, b) => a - b);
  const toAll = [...windows.values()].toSorted((a, b) => a - b);
  const rounded = (value) => Number(value.toFixed(1));
  process.send({
    windows: toAll.length,
    arrivals: sorted.length,
    expected: toAll.length * readers,
    lost,
    closed,
    delayMs: { p50: rounded(quantile(sorted, 0.5)), p99: rounded(quantile(sorted, 0.99)), max: rounded(sorted.at(-1)) },
    untilAllMs: { p50: rounded(quantile(toAll, 0.5)), p99: rounded(quantile(toAll, 0.99)) },
  });
  await once(process, 'disconnect');
}
