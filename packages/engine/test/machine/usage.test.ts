import { describe, expect, it } from 'vitest';
import { inWords, stateOf } from '../../src/machine/in-words.js';
import { accompany, accompanying, type Accompanied } from '../../src/machine/accompanying.js';
import type { MachineReading, ProcessReading } from '../../src/machine/reading.js';
import { usageBetween } from '../../src/machine/usage.js';
import { FULL, QUIET } from './usages.js';

const HIVE = 100;
const process = (name: string, parent: number, cpuMs: number): ProcessReading => ({
  name,
  parent,
  startTicks: 1,
  cpuMs,
  ownMs: cpuMs,
});

function reading(
  atMs: number,
  cpu: { busyMs: number; stealMs?: number },
  processes: [number, ProcessReading][],
): MachineReading {
  const { busyMs, stealMs = 0 } = cpu;
  return {
    monotonicMs: atMs,
    wallMs: atMs,
    cores: 2,
    cpu: { totalMs: 2 * atMs, idleMs: 2 * atMs - busyMs - stealMs, stealMs },
    limit: null,
    threads: new Map(),
    processes: new Map(processes),
  };
}

const before = reading(1_000, { busyMs: 1_000 }, [
  [HIVE, process('hive', 1, 500)],
  [101, process('hive', HIVE, 100)],
  [200, process('nginx', 1, 50)],
  [201, process('nginx', 200, 100)],
  [300, process('chromium', 1, 9_000)],
]);
const after = reading(2_000, { busyMs: 2_700 }, [
  [HIVE, process('hive', 1, 700)],
  [101, process('hive', HIVE, 200)],
  [200, process('nginx', 1, 50)],
  [201, process('nginx', 200, 500)],
  [202, process('nginx', 200, 100)],
  [300, process('chromium', 1, 9_600)],
]);

describe('usageBetween', () => {
  it("gives each his part: Hive's tree, the target's tree, and the others by name", () => {
    const usage = usageBetween(before, after, { hive: HIVE, target: new Set([200]) });
    expect(usage).toMatchObject({ spanMs: 1_000, cores: 2, suspendedMs: 0, stealShare: 0 });
    expect(usage.hive).toBeCloseTo(0.3);
    expect(usage.target).toBeCloseTo(0.5);
    expect(usage.idle).toBeCloseTo(0.3);
    expect(usage.others).toBeCloseTo(0.9);
    expect(usage.heaviest).toEqual([{ pid: 300, name: 'chromium', cores: 0.6 }]);
  });

  it('leaves to the others what nobody is known for', () => {
    expect(usageBetween(before, after, { hive: HIVE, target: 'elsewhere' }).others).toBeCloseTo(1.4);
  });

  it('names nobody for what children used that have ended', () => {
    const make = { ...process('make', 1, 5_000), ownMs: 10 };
    const usage = usageBetween(
      before,
      { ...after, processes: new Map(after.processes).set(400, make) },
      { hive: HIVE, target: new Set([200]) },
    );
    expect(usage.heaviest.map(({ name }) => name)).toEqual(['chromium']);
  });

  it('takes a process that got the number of another for a new one', () => {
    const reborn = new Map(after.processes).set(300, { ...process('cc', 1, 40), startTicks: 7 });
    const usage = usageBetween(before, { ...after, processes: reborn }, { hive: HIVE, target: 'elsewhere' });
    expect(usage.heaviest.map(({ name }) => name)).toEqual(['nginx', 'nginx']);
  });

  it.each<[string, [number, number][], [number, number][], number | null]>([
    ['cannot be seen', [], [], null],
    ['sleeps', [[0, 0]], [[100, 100]], 0.2],
    ['could run all the time and got half of it', [[0, 0]], [[500, 500]], 1],
    [
      'has many threads that wait for one another',
      [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ],
      [
        [100, 400],
        [100, 400],
        [100, 400],
        [100, 400],
      ],
      1,
    ],
  ])('tells the strain of a target that %s', (_, from, to, strain) => {
    const threads = (all: [number, number][]) => new Map(all.map(([cpuMs, waitMs], i) => [i, { cpuMs, waitMs }]));
    const who = { hive: HIVE, target: new Set([200]) };
    expect(usageBetween({ ...before, threads: threads(from) }, { ...after, threads: threads(to) }, who).strain).toBe(
      strain,
    );
  });

  it('tells what lies beneath: a hypervisor, a limit, a suspension', () => {
    const stolen = { ...after, cpu: { ...after.cpu, stealMs: 400 }, wallMs: 2_000 + 60_000 };
    const usage = usageBetween(
      { ...before, limit: { periods: 10, throttled: 0 } },
      { ...stolen, limit: { periods: 20, throttled: 4 } },
      { hive: HIVE, target: 'elsewhere' },
    );
    expect(usage).toMatchObject({ stealShare: 0.2, throttledShare: 0.4, suspendedMs: 60_000 });
  });
});

describe('the sentence', () => {
  it('says who uses how much', () => {
    expect(stateOf(FULL, { busy: true, waiting: true, hopeless: true })).toMatchObject({
      text: 'Others use 1.8 of 2 cores: chromium 1.1, node 0.7. Nothing can be measured now.',
      othersCores: 1.8,
      processes: [
        { name: 'chromium', cores: 1.1 },
        { name: 'node', cores: 0.7 },
      ],
    });
    expect(stateOf(FULL, { busy: true, waiting: false, hopeless: false }).text).toContain('may not be judged');
    expect(stateOf(QUIET, { busy: false, waiting: false, hopeless: false }).text).toBe('This machine is quiet again.');
  });

  it('adds up the processes of one name, and names three', () => {
    const heaviest = ['cc', 'cc', 'ld', 'make', 'sh'].map((name, pid) => ({ pid, name, cores: 0.5 - pid / 10 }));
    expect(inWords({ ...FULL, heaviest })).toBe('others use 1.8 of 2 cores: cc 0.9, ld 0.3, make 0.2');
  });

  it('names none where none can be seen', () => {
    expect(inWords({ ...FULL, heaviest: [] })).toBe('others use 1.8 of 2 cores');
  });

  it.each([
    [{ suspendedMs: 12_300 }, 'this machine was suspended, or its clock was set, for 12.3 s'],
    [{ stealShare: 0.3 }, "the hypervisor gives 30 % of this machine's CPU time to others"],
    [{ throttledShare: 0.4 }, 'the CPU limit of this container held Hive back 40 % of the time'],
  ])('names what is no process: %o', (change, words) => expect(inWords({ ...QUIET, ...change })).toBe(words));
});

describe('accompany', () => {
  const run = {
    ...FULL,
    heaviest: [
      { pid: 7, name: 'postgres', cores: 0.9 },
      { pid: 8, name: 'cc', cores: 0.8 },
    ],
  };
  const rest = { ...QUIET, heaviest: [{ pid: 8, name: 'cc', cores: 1 }] };

  it('takes what works with the load alone, twice, for a part of the target', () => {
    const once: Accompanied = accompany(new Map(), run, rest);
    expect(accompanying(once)).toEqual([]);
    expect(accompanying(accompany(once, run, rest))).toEqual([7]);
  });

  it('forgets it when it goes on without', () => {
    const once = accompany(new Map(), run, rest);
    const goesOn = accompany(once, run, { ...rest, heaviest: run.heaviest });
    expect(accompanying(accompany(goesOn, run, rest))).toEqual([]);
  });
});
