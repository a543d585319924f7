// What the machine does for a benchmark, and what it did beside one: other work on it spoils figures, and must be seen.
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A port of this machine that nobody listens on. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Writes the configuration of an nginx of one process that answers 26 bytes, with all its files in a folder. Returns its path. */
export function nginxConfig(folder, port) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const paths = temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 1024; }
http { access_log off; keepalive_requests 100000000; ${paths}
  server { listen 127.0.0.1:${port} backlog=1024; location / { return 200 "abcdefghijklmnopqrstuvwxyz"; } } }
`,
  );
  return file;
}

/** CPU seconds the whole machine has worked since it started (100 ticks a second on Linux). */
function machineSeconds() {
  const [user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]
    .trim()
    .split(/\s+/)
    .slice(1, 9)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / 100;
}

/** CPU seconds a running process has used. */
export function cpuSecondsOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A run beside which others took more than this share of one core is made again. */
const MOST_OTHERS = 0.1;
/** So often at most, and so long is a quiet second waited for: a machine that is never quiet gives figures too, and they say so. */
const MOST_ATTEMPTS = 20;
const MOST_WAIT_SECONDS = 60;

/**
 * Runs `one`, which resolves with what it saw and the CPU seconds of its own, until the machine had nothing else to do meanwhile. Hands each attempt
 * to `seen`, the one that counts with `true`.
 */
export async function undisturbed(one, seen) {
  for (let attempt = 1; ; attempt++) {
    await quietSecond();
    const startedAt = performance.now();
    const before = machineSeconds();
    const { ownSeconds, ...run } = await one();
    const wallSeconds = (performance.now() - startedAt) / 1_000;
    const others = Math.max(0, machineSeconds() - before - ownSeconds) / wallSeconds;
    const last = others <= MOST_OTHERS || attempt === MOST_ATTEMPTS;
    seen({ ...run, others }, last);
    if (last) return;
  }
}

async function quietSecond() {
  for (let seconds = 0; seconds < MOST_WAIT_SECONDS; seconds++) {
    const before = machineSeconds();
    await sleep(1_000);
    if (machineSeconds() - before <= MOST_OTHERS) return;
  }
}
