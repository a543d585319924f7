import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@hive/contract';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { itSlow } from '../slow.js';
import { answers, dataDirectory, environment, eventually, freePorts } from './hive-process.js';
import { stillRunning, treeOf } from './process-tree.js';

/** What asks it to end, what runs it, and how that is started. */
export type Way = readonly [signal: 'SIGTERM' | 'SIGKILL', what: string, command: readonly string[]];

export const WAYS: readonly Way[] = [
  ['SIGTERM', 'npm start', ['npm', 'start', '--', 'PLACES']],
  ['SIGKILL', 'npm start', ['npm', 'start', '--', 'PLACES', '--no-dashboard']],
  ['SIGTERM', 'a shell that runs npm start', ['sh', '-c', 'npm start -- PLACES']],
  ['SIGKILL', 'a shell that runs npm start', ['sh', '-c', 'npm start -- PLACES --no-dashboard; true']],
  ['SIGTERM', 'npx hive up', ['npx', 'hive', 'up', '--demo', '--no-dashboard', 'PLACES']],
  ['SIGKILL', 'npx hive up', ['npx', 'hive', 'up', '--demo', '--no-dashboard', 'PLACES']],
];

const ROOT = dirname(dirname(import.meta.dirname));
const ENDS_WITHIN_MS = 5_000;

/** A service that counts what it is sent. */
let received = 0;
const target = createServer((_request, response) => {
  received++;
  response.end();
});

/** The tests of some of them. */
export function tryWays(ways: readonly Way[]): void {
  let data: Awaited<ReturnType<typeof dataDirectory>>;
  let tree: number[] = [];
  beforeAll(async () => {
    data = await dataDirectory();
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    for (const pid of stillRunning(tree)) process.kill(pid, 'SIGKILL');
  });
  afterAll(async () => {
    target.close();
    await data.remove();
  });

  /** Starts Hive by a command line, and a training session; returns the urls that answer. */
  async function train(command: string[]): Promise<string[]> {
    const [port, dashboardPort] = await freePorts();
    const places = `--data ${data.path} --port ${port} --dashboard-port ${dashboardPort}`;
    const [program = '', ...args] = command.flatMap((arg) =>
      arg === 'PLACES' ? places.split(' ') : [arg.replace('PLACES', places)],
    );
    const child = spawn(program, args, { cwd: ROOT, env: environment(), stdio: 'ignore' });
    tree = [child.pid ?? 0];
    const apiUrl = `http://127.0.0.1:${port}`;
    const urls = [
      apiUrl,
      ...(command.join(' ').includes('--no-dashboard') ? [] : [`http://127.0.0.1:${dashboardPort}`]),
    ];
    for (const url of urls) await eventually(`${url} answers`, 60_000, () => answers(url));
    const api = createClient({ baseUrl: apiUrl });
    const { url } = (await api.call('getTarget', { params: { id: 'practice' } })).nodes[0] ?? { url: '' };
    const ours = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
    const { id } = await api.call('createTarget', { body: { url: ours } });
    received = 0;
    await api.call('startTraining', { body: { target: id, kinds: ['load_balancing'], budgetSeconds: 60 } });
    await eventually('there is load', 30_000, async () => received > 20);
    tree = treeOf(child.pid ?? 0);
    return [...urls, url];
  }

  it.each(ways)('%s to %s leaves no process and no load', async (signal, _what, command) => {
    const urls = await train([...command]);
    expect(tree.length).toBeGreaterThanOrEqual(3);
    process.kill(tree[0] as number, signal);
    await eventually('all have ended', ENDS_WITHIN_MS, async () => stillRunning(tree).length === 0);
    for (const url of urls) expect([url, await answers(url)]).toEqual([url, false]);
    const before = received;
    await sleep(300);
    expect(received).toBe(before);
  });

  itSlow('what a shell has put into the background stays when the shell goes', async () => {
    const [url = ''] = await train(['sh', '-c', 'npm start -- PLACES --no-dashboard & sleep 30']);
    const [shell, ...hive] = tree;
    process.kill(shell as number, 'SIGKILL');
    await sleep(1_000);
    expect(stillRunning(hive)).toEqual(hive.toSorted((a, b) => a - b));
    expect(await answers(url)).toBe(true);
  });
}
