/**
 * Resident memory of `hive run`: over a long run at a steady rate, and under an overload of ten times what the target takes.
 *
 * Usage, after `npm run build`: node bench/load/memory.mjs [--minutes 10] [--rate 10000]
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, rate: { type: 'string', default: '10000' } },
});
const hive = fileURLToPath(new URL('../../packages/cli/bin/hive.js', import.meta.url));

function residentMiB(pid) {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1_024;
}

/** Runs `hive run` with these options and looks at its memory every second. */
async function watched(args) {
  const child = spawn(process.execPath, [hive, 'run', '--json', '--quiet', ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  const closed = new Promise((resolve) => child.once('close', resolve));
  const seen = [];
  const startedAt = performance.now();
  const looking = setInterval(() => {
    if (child.exitCode === null)
      seen.push({ seconds: (performance.now() - startedAt) / 1_000, residentMiB: residentMiB(child.pid) });
  }, 1_000);
  await closed;
  clearInterval(looking);
  const { verdict, validity, planned, answered, droppedTarget, droppedGenerator } = JSON.parse(stdout);
  return { seen, report: { verdict, validity, planned, answered, droppedTarget, droppedGenerator } };
}

/** Answers at once whatever is asked. */
const ANSWER = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 26\r\n\r\nabcdefghijklmnopqrstuvwxyz');
const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('data', () => socket.write(ANSWER));
  socket.on('error', () => undefined);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const practice = spawn(process.execPath, [hive, 'practice', '--port', '0', '--json', '--quiet']);
const place = JSON.parse(await new Promise((resolve) => practice.stdout.once('data', resolve)));
try {
  const seconds = Number(options.minutes) * 60;
  const steady = await watched([
    '-r',
    `${options.rate}/s`,
    '-d',
    `${seconds}s`,
    `http://127.0.0.1:${server.address().port}/`,
  ]);
  const overload = await watched(['-r', '4000/s', '-d', '30s', '--timeout', '10s', place.url]);
  const at = (second) =>
    steady.seen.reduce((best, one) => (Math.abs(one.seconds - second) < Math.abs(best.seconds - second) ? one : best));
  const summary = {
    afterOneMinuteMiB: at(Math.min(60, seconds / 2)).residentMiB,
    atTheEndMiB: at(seconds - 2).residentMiB,
    overloadPeakMiB: Math.max(...overload.seen.map((one) => one.residentMiB)),
  };
  const machine = { cpu: cpus()[0].model, cores: cpus().length };
  const results = new URL('../results/', import.meta.url);
  mkdirSync(results, { recursive: true });
  const file = new URL(`load-memory-${cpus().length}-cores-node-${process.versions.node.split('.')[0]}.json`, results);
  const kept = {
    machine,
    versions: { node: process.versions.node },
    minutes: Number(options.minutes),
    rate: Number(options.rate),
    summary,
  };
  writeFileSync(file, `${JSON.stringify({ ...kept, steady, overload })}\n`);
  process.stdout.write(
    `${JSON.stringify({ summary, steady: steady.report, overload: overload.report }, null, 2)}\nwritten: ${fileURLToPath(file)}\n`,
  );
} finally {
  practice.kill();
  server.close();
}
