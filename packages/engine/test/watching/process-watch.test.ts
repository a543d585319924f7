import { fork, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../src/clock.js';
import { watchProcess } from '../../src/watching/process-watch.js';

const MIB = 1024 * 1024;
/** CPU time counts in steps of 10 ms, for each of user and system, at both ends. */
const GRAIN_MS = 40;
const linux = process.platform === 'linux';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function answerOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: { answer: number }) => resolve(message.answer));
    child.once('exit', (code) => reject(new Error(`the watched process ended with ${code}`)));
  });
}

async function spawned() {
  const child = fork(new URL('./spawned.mjs', import.meta.url), { execArgv: [] });
  cleanups.push(() => child.kill('SIGKILL'));
  await answerOf(child);
  const tell = (order: string, value?: unknown): Promise<number> => {
    const answer = answerOf(child);
    child.send([order, value]);
    return answer;
  };
  return { child, pid: child.pid as number, tell };
}

async function gone(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

describe.runIf(linux)('a real process', () => {
  it('shows the memory that it takes, the files that it opens, and its threads', async () => {
    const { pid, tell } = await spawned();
    const watch = watchProcess({ pid, children: false, now: realClock.now });
    const before = watch.look();
    await tell('hold', 64 * MIB);
    await tell('open', 20);
    const after = watch.look();
    expect(before.problems).toEqual([]);
    const grown = (name: string): number => (after.values[name] as number) - (before.values[name] as number);
    expect(grown('target_memory')).toBeGreaterThan(60 * MIB);
    expect(grown('target_memory')).toBeLessThan(128 * MIB);
    expect(grown('target_open_files')).toBeGreaterThanOrEqual(20);
    expect(after.values['target_threads']).toBeGreaterThanOrEqual(2);
  });

  it('shows the CPU time that it burns, as its own account has it', async () => {
    const { pid, tell } = await spawned();
    let nowMs = 0;
    const watch = watchProcess({ pid, children: false, now: () => nowMs });
    const fromMs = await tell('burn', 0);
    expect(watch.look().values).not.toHaveProperty('target_cpu');
    await tell('burn', 400);
    nowMs = 1_000;
    const seen = watch.look();
    const toMs = await tell('burn', 0);
    const seenMs = (seen.values['target_cpu'] as number) * 1_000;
    expect(seenMs).toBeGreaterThan(400 - GRAIN_MS);
    expect(seenMs).toBeLessThan(toMs - fromMs + GRAIN_MS);
  });

  it('sums a tree, or not, as told; and keeps the CPU time of children that ended', async () => {
    const { pid, tell } = await spawned();
    let nowMs = 0;
    const tree = watchProcess({ pid, children: true, now: () => nowMs });
    const alone = watchProcess({ pid, children: false, now: () => nowMs });
    tree.look();
    alone.look();
    await tell('child');
    await tell('inChild', ['child', null]);
    await tell('inChild', ['inChild', ['hold', 64 * MIB]]);
    await tell('inChild', ['inChild', ['burn', 300]]);
    const [all, one] = [tree.look(), alone.look()];
    expect((all.values['target_memory'] as number) - (one.values['target_memory'] as number)).toBeGreaterThan(64 * MIB);
    expect(all.values['target_threads']).toBeGreaterThan(one.values['target_threads'] as number);
    await tell('inChild', ['endChild', null]);
    await tell('endChild');
    nowMs = 1_000;
    const after = tree.look();
    expect(after.problems).toEqual([]);
    expect((after.values['target_cpu'] as number) * 1_000).toBeGreaterThan(300 - GRAIN_MS);
    expect(after.values['target_memory']).toBeLessThan(all.values['target_memory'] as number);
  });

  it('says that it has ended, then and ever after', async () => {
    const { child, pid } = await spawned();
    const watch = watchProcess({ pid, children: true, now: realClock.now });
    expect(watch.look().values['target_memory']).toBeGreaterThan(MIB);
    await gone(child);
    const ended = { values: {}, problems: [`watch.pid: process ${pid} has ended`] };
    expect(watch.look()).toEqual(ended);
    expect(watch.look()).toEqual(ended);
  });

  it('says that there is none', async () => {
    const { child, pid } = await spawned();
    await gone(child);
    expect(watchProcess({ pid, children: true, now: realClock.now }).look()).toEqual({
      values: {},
      problems: [`watch.pid: there is no process ${pid} on this machine: name another, or use watch.prometheus`],
    });
  });
});

interface Made {
  parent?: number;
  state?: string;
  start?: number;
  ticks?: [user: number, system: number, childUser: number, childSystem: number];
  rssKib?: number;
  children?: number[];
  name?: string;
}

/** Processes as the kernel would show them, in a folder of their own. */
async function madeProcesses() {
  const root = await mkdtemp(join(tmpdir(), 'hive-proc-'));
  cleanups.push(() => rm(root, { recursive: true }));
  return {
    root,
    async set(pid: number, made: Made) {
      const {
        parent = 1,
        state = 'S',
        start = 500,
        ticks = [0, 0, 0, 0],
        rssKib = 1_024,
        children = [],
        name = 'a',
      } = made;
      await mkdir(join(root, `${pid}/task/${pid}`), { recursive: true });
      await mkdir(join(root, `${pid}/fd`), { recursive: true });
      const tail = `${state} ${parent} 1 1 0 -1 4194304 100 0 0 0 ${ticks.join(' ')} 20 0 3 0 ${start} 3133440 358`;
      await writeFile(join(root, `${pid}/stat`), `${pid} (${name}) ${tail}`);
      await writeFile(join(root, `${pid}/status`), `Name:\ta\nVmRSS:\t   ${rssKib} kB\nThreads:\t3\n`);
      await writeFile(join(root, `${pid}/task/${pid}/children`), children.map((child) => `${child} `).join(''));
    },
    remove: (pid: number) => rm(join(root, String(pid)), { recursive: true }),
  };
}

describe('processes as the kernel shows them', () => {
  const watchOf = (root: string, now: () => number) =>
    watchProcess({ pid: 10, children: true, now, platform: 'linux', root });

  it('reads past a name with parentheses and spaces', async () => {
    const made = await madeProcesses();
    await made.set(10, { name: 'a) S 1 (b c', rssKib: 2_048, ticks: [5, 5, 0, 0] });
    expect(watchOf(made.root, () => 0).look()).toMatchObject({ values: { target_memory: 2 * MIB, target_threads: 3 } });
  });

  it('notices that the number passed on to another process, and reads nothing from that one', async () => {
    const made = await madeProcesses();
    const watch = watchOf(made.root, () => 0);
    await made.set(10, { start: 500 });
    watch.look();
    await made.set(10, { start: 501 });
    const gone = { values: {}, problems: ['watch.pid: process 10 has ended, and another process has its number now'] };
    expect(watch.look()).toEqual(gone);
    await made.set(10, { start: 500 });
    expect(watch.look()).toEqual(gone);
  });

  it('takes what waits for its parent for ended', async () => {
    const made = await madeProcesses();
    const watch = watchOf(made.root, () => 0);
    await made.set(10, {});
    watch.look();
    await made.set(10, { state: 'Z' });
    expect(watch.look().problems).toEqual(['watch.pid: process 10 has ended']);
  });

  it('still counts a child that the list passes over, and not one that took its number', async () => {
    const made = await madeProcesses();
    const watch = watchOf(made.root, () => 0);
    await made.set(10, { children: [11] });
    await made.set(11, { parent: 10 });
    expect(watch.look().values['target_memory']).toBe(2 * MIB);
    await made.set(10, { children: [] });
    expect(watch.look().values['target_memory']).toBe(2 * MIB);
    await made.set(11, { parent: 10, start: 900 });
    expect(watch.look().values['target_memory']).toBe(MIB);
  });

  it('counts no stranger that took the number of a listed child', async () => {
    const made = await madeProcesses();
    await made.set(10, { children: [11] });
    await made.set(11, { parent: 1 });
    expect(watchOf(made.root, () => 0).look().values['target_memory']).toBe(MIB);
  });

  it('leaves a gap where CPU time left the tree, never a negative share', async () => {
    const made = await madeProcesses();
    let nowMs = 0;
    const watch = watchOf(made.root, () => nowMs);
    await made.set(10, { children: [11] });
    await made.set(11, { parent: 10, ticks: [500, 0, 0, 0] });
    watch.look();
    nowMs = 1_000;
    await made.set(10, {});
    await made.remove(11);
    const left = watch.look();
    expect(left.values).not.toHaveProperty('target_cpu');
    expect(left.problems).toEqual([expect.stringContaining('so its CPU time is missing')]);
    nowMs = 2_000;
    await made.set(10, { ticks: [60, 90, 0, 0] });
    expect(watch.look().values['target_cpu']).toBe(1.5);
  });

  it('leaves a gap where two looks are too close to tell a share', async () => {
    const made = await madeProcesses();
    let nowMs = 0;
    const watch = watchOf(made.root, () => nowMs);
    await made.set(10, {});
    watch.look();
    await made.set(10, { ticks: [100, 0, 0, 0] });
    expect(watch.look().values).not.toHaveProperty('target_cpu');
    nowMs = 2_000;
    expect(watch.look().values['target_cpu']).toBe(0.5);
  });

  it('leaves a gap where open files are not shown, never a zero', async () => {
    const made = await madeProcesses();
    await made.set(10, {});
    await rm(join(made.root, '10/fd'), { recursive: true });
    const seen = watchOf(made.root, () => 0).look();
    expect(seen.values).not.toHaveProperty('target_open_files');
    expect(seen.problems).toEqual([expect.stringContaining('open files')]);
  });

  it.each(['darwin', 'win32'] as const)('says on %s that it is not available, and what else to use', (platform) => {
    expect(watchProcess({ pid: 10, children: true, now: () => 0, platform }).look()).toEqual({
      values: {},
      problems: [expect.stringMatching(/only Linux is supported.*watch\.prometheus/)],
    });
  });
});
