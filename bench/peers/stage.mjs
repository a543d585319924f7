// What every part needs: a scratch folder, processes that end with the benchmark, and the time and CPU of a command.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const HIVE = fileURLToPath(new URL('../../packages/cli/bin/hive.js', import.meta.url));
/** Debian keeps servers where only root's PATH looks. */
const MORE_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];
const READY_WITHIN_MS = 15_000;
const ENDS_WITHIN_MS = 5_000;

/** Where a command is, or null. */
export function whereIs(command) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...MORE_FOLDERS];
  return folders.map((folder) => join(folder, command)).find(isExecutable) ?? null;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Servers run on the first core and tools on the last, where there are two. */
export function pinned(place, command) {
  const cores = cpus().length;
  const taskset = whereIs('taskset');
  if (cores < 2 || taskset === null) return command;
  return [taskset, '-c', String(place === 'server' ? 0 : cores - 1), ...command];
}

export function createStage() {
  const folder = mkdtempSync(join(tmpdir(), 'hive-bench-peers-'));
  const running = new Set();
  let isClosed = false;
  // Results of a benchmark belong in no database that the environment names.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(HIVE_|DATABASE_URL|REDIS_URL)/.test(name)),
  );
  // Beside service.py nothing is left behind.
  env.PYTHONDONTWRITEBYTECODE = '1';

  // Each leads a group of its own, which is ended whole: its workers too.
  function start(command, stdio) {
    if (isClosed) throw Object.assign(new Error('the benchmark was stopped'), { isStop: true });
    const child = spawn(command[0], command.slice(1), { cwd: folder, env, stdio, detached: true });
    running.add(child);
    child.once('error', () => running.delete(child));
    return child;
  }

  async function end(child) {
    for (const [name, withinMs] of [
      ['SIGTERM', ENDS_WITHIN_MS],
      ['SIGKILL', ENDS_WITHIN_MS],
    ]) {
      signal(child, name);
      for (let waitedMs = 0; waitedMs < withinMs && signal(child, 0); waitedMs += 20) await sleep(20);
    }
    running.delete(child);
  }

  return {
    folder,
    hive: (...args) => [process.execPath, HIVE, ...args],

    /** Writes a file into the scratch folder and returns where it is. */
    write(name, text) {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    },

    /** Starts a server on the server's core and waits until its port answers. Returns `{ end }`. */
    async serve(command, port) {
      const child = start(pinned('server', command), ['ignore', 'ignore', 'pipe']);
      let errors = '';
      child.stderr.on('data', (chunk) => (errors = (errors + chunk).slice(-4_000)));
      await answers(port, child).catch((error) => {
        throw new Error(`${command[0]}: ${error.message}\n${errors}`);
      });
      return { end: () => end(child) };
    },

    /** Runs a command on the tool's core under GNU time. It is ended, and the run fails, after `withinSeconds`. */
    async timed(command, { withinSeconds }) {
      const usage = join(folder, 'usage');
      rmSync(usage, { force: true });
      const whole = pinned('tool', [whereIs('time') ?? 'time', '-q', '-o', usage, '-f', '%U %S %M', ...command]);
      const startedAt = performance.now();
      const before = machineMs();
      const child = start(whole, ['ignore', 'pipe', 'pipe']);
      let [stdout, stderr] = ['', ''];
      child.stdout.on('data', (chunk) => (stdout += chunk));
      child.stderr.on('data', (chunk) => (stderr = (stderr + chunk).slice(-4_000)));
      const timer = setTimeout(() => void end(child), withinSeconds * 1_000);
      const [code] = await once(child, 'close').finally(() => clearTimeout(timer));
      const wallMs = performance.now() - startedAt;
      await end(child);
      if (!existsSync(usage))
        throw new Error(`${command.join(' ')} was ended before it finished (it has ${withinSeconds} s)\n${stderr}`);
      const [user, system, peakKiB] = readFileSync(usage, 'utf8').trim().split(' ').map(Number);
      return {
        stdout,
        stderr,
        code,
        wallSeconds: wallMs / 1_000,
        cpuSeconds: user + system,
        peakMiB: peakKiB / 1_024,
        machineBusy: (machineMs() - before) / wallMs,
      };
    },

    /** Ends everything that still runs and removes the scratch folder. */
    async close() {
      isClosed = true;
      await Promise.all([...running].map(end));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Sends a signal to a whole group; 0 only looks. False when none of it is left. */
function signal({ pid }, name) {
  try {
    return pid !== undefined && process.kill(-pid, name);
  } catch {
    return false;
  }
}

async function answers(port, child) {
  for (let waitedMs = 0; waitedMs < READY_WITHIN_MS; waitedMs += 50) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`);
    if (await accepts(port)) return;
    await sleep(50);
  }
  throw new Error(`nothing answers on port ${port} after ${READY_WITHIN_MS / 1_000} s`);
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Milliseconds that all cores together have worked since the machine started. */
function machineMs() {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}
