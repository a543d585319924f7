import { spawn, type ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@hive/contract';
import { preparedData } from '../prepared-data.js';

const HIVE = join(dirname(dirname(import.meta.dirname)), 'packages/cli/bin/hive.js');
const READY_WITHIN_MS = 60_000;

/** A `hive up` in a process of its own, with its own data directory and ports. */
export interface HiveProcess {
  apiUrl: string;
  dashboardUrl: string;
  liveUrl: string;
  api: ReturnType<typeof createClient>;
  process: ChildProcess;
  /** Ends it with the signal and returns its exit code; null when the signal killed it. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Where a Hive keeps its data, for restarts on the same data. */
export async function dataDirectory(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await preparedData('hive-e2e-');
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/**
 * Starts `hive up --demo` and waits until it answers.
 * @throws with its output when it ends first or does not answer within a minute.
 */
export async function startHive(data: string, more: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<HiveProcess> {
  const [port, dashboardPort] = await freePorts();
  const args = ['up', '--demo', '--data', data, '--port', String(port), '--dashboard-port', String(dashboardPort)];
  const child = spawn(process.execPath, [HIVE, ...args, ...more], {
    env: { ...environment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const apiUrl = `http://127.0.0.1:${port}`;
  const dashboardUrl = `http://127.0.0.1:${dashboardPort}`;
  const urls = more.includes('--no-dashboard') ? [`${apiUrl}/api/health`] : [`${apiUrl}/api/health`, dashboardUrl];
  for (const url of urls) {
    await eventually(`${url} answers`, READY_WITHIN_MS, async () => {
      if (child.exitCode !== null) throw new Error(`hive up ended with ${child.exitCode}:\n${output}`);
      return answers(url);
    });
  }
  return {
    apiUrl,
    dashboardUrl,
    liveUrl: `${apiUrl.replace('http', 'ws')}/ws/metrics`,
    api: createClient({ baseUrl: apiUrl }),
    process: child,
    async end(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}

/** Whether it answers well, and soon: a connection can also reach somebody who listens and says nothing. */
export async function answers(url: string): Promise<boolean> {
  return (await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null))?.ok === true;
}

/** Asks again and again until it is true. @throws naming what was waited for. */
export async function eventually(what: string, withinMs: number, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`after ${withinMs / 1000} s it is still not so: ${what}`);
    await sleep(100);
  }
}

/** The environment without what would send a Hive of these tests to somebody's database. */
export function environment(): NodeJS.ProcessEnv {
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...rest } = process.env;
  return Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith('HIVE_')));
}

/** Below those that Linux gives to whoever asks for any port: tests beside this one ask for many, and would take it before it is used. */
const PORTS = { from: 20_000, count: 12_000 };

/** Two ports that nobody uses now. */
export async function freePorts(): Promise<[number, number]> {
  return [await freePort(), await freePort()];
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * PORTS.count);
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
}
