import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { answers, dataDirectory, eventually, freePorts } from './hive-process.js';

const START = join(dirname(dirname(import.meta.dirname)), 'scripts/start.mjs');

describe('npm start', async () => {
  const data = await dataDirectory();
  afterAll(data.remove);

  /** Starts from a foreign folder; returns the seconds until API and dashboard answer, and the exit code after Ctrl-C. */
  async function start(): Promise<{ seconds: number; exitCode: number | null }> {
    const [port, dashboardPort] = await freePorts();
    const startedAt = performance.now();
    const args = ['--data', data.path, '--port', String(port), '--dashboard-port', String(dashboardPort)];
    const child = spawn(process.execPath, [START, ...args], { cwd: tmpdir(), stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    for (const url of [`http://127.0.0.1:${port}/api/health`, `http://127.0.0.1:${dashboardPort}`]) {
      await eventually(`${url} answers`, 60_000, async () => {
        if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`);
        return answers(url);
      });
    }
    const seconds = (performance.now() - startedAt) / 1000;
    // npm passes Ctrl-C on to what it started, which the terminal has told already: it arrives twice.
    child.kill('SIGINT');
    await sleep(50);
    child.kill('SIGINT');
    return { seconds, exitCode: await ended };
  }

  it('serves, ends cleanly, and is quick the second time', async () => {
    const first = await start();
    const second = await start();
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    // Under 5 s on a quiet machine; a busy one gets some air.
    expect(second.seconds).toBeLessThan(15);
  });
});
