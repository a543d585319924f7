import { spawn } from 'node:child_process';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { answers, dataDirectory, eventually, freePorts } from './hive-process.js';

const START = join(dirname(dirname(import.meta.dirname)), 'scripts/start.mjs');

describe('npm start', async () => {
  const data = await dataDirectory();
  afterAll(data.remove);

  /**
   * Starts from a foreign folder; returns the seconds until API and dashboard answer, what both say to a page of another name, and the
   * exit code after Ctrl-C.
   */
  async function start(): Promise<{ seconds: number; rebound: number[]; exitCode: number | null }> {
    const [port, dashboardPort] = await freePorts();
    const startedAt = performance.now();
    const args = ['--data', data.path, '--port', String(port), '--dashboard-port', String(dashboardPort)];
    const child = spawn(process.execPath, [START, ...args], { cwd: tmpdir(), stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const urls = [`http://127.0.0.1:${port}/api/health`, `http://127.0.0.1:${dashboardPort}`];
    for (const url of urls) {
      await eventually(`${url} answers`, 60_000, async () => {
        if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`);
        return answers(url);
      });
    }
    const seconds = (performance.now() - startedAt) / 1000;
    const rebound = await Promise.all(urls.map((url) => statusFor('evil.example', url)));
    // npm passes Ctrl-C on to what it started, which the terminal has told already: it arrives twice.
    child.kill('SIGINT');
    await sleep(50);
    child.kill('SIGINT');
    return { seconds, rebound, exitCode: await ended };
  }

  it('serves this machine alone, ends cleanly, and is quick the second time', async () => {
    const first = await start();
    const second = await start();
    expect(first.rebound).toEqual([403, 403]);
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    // Under 5 s on a quiet machine; a busy one gets some air.
    expect(second.seconds).toBeLessThan(15);
  });
});

/** The status of the answer to a request whose Host header says another name than the url. */
function statusFor(host: string, url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { host } }, (response) => resolve(response.resume().statusCode ?? 0)).once('error', reject);
  });
}
