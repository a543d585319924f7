import type { Limit, MachineState } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { realOutside } from '../../src/execution/outside.js';
import type { TrainingEvent } from '../../src/execution/events.js';
import type { MachineWatch } from '../../src/machine/machine-watch.js';
import type { TrainOptions } from '../../src/training/options.js';
import { createVirtualClock } from '../../src/virtual/clock.js';
import { FULL, machineThat, QUIET } from '../machine/usages.js';
import { answering, session, virtualLoad } from './virtual-session.js';

const LIMIT = 380;
type Told = MachineState & { atMs: number };

/** A session on a machine that is full of others while `isFull` says so, in virtual time. */
async function sessionWhile(isFull: (atMs: number) => boolean, more: Partial<TrainOptions> = {}) {
  const clock = createVirtualClock();
  const told: Told[] = [];
  const completedAt: number[] = [];
  let lastMs = 0;
  const machine: MachineWatch = machineThat(() => {
    const spanMs = clock.now() - lastMs;
    lastMs = clock.now();
    return spanMs < 250 ? null : { ...(isFull(clock.now()) ? FULL : QUIET), spanMs };
  });
  const outside = { ...realOutside, ask: answering, watchMachine: () => machine };
  const load = virtualLoad(clock, { limit: LIMIT });
  const heard = (event: TrainingEvent): void => {
    if (event.type === 'machine') told.push({ ...event.machine, atMs: clock.now() });
    if (event.type === 'scenario_completed') completedAt.push(clock.now());
  };
  const { events, ended } = await session(
    { limit: LIMIT },
    { clock, load, outside, budgetMs: 600_000, ...more },
    heard,
  );
  const completed = events.flatMap((event) => (event.type === 'scenario_completed' ? [event.result] : []));
  return { told, completed, completedAt, ended, limit: ended.limits[0] as Limit };
}

describe('a session on a machine that others keep full', () => {
  const full = sessionWhile(() => true);

  it('says so within seconds, with who and how much', async () => {
    const [first] = (await full).told;
    expect(first).toMatchObject({ busy: true, processes: [{ name: 'chromium', cores: 1.1 }, { name: 'node' }] });
    expect(first?.text).toContain('Others use 1.8 of 2 cores: chromium 1.1, node 0.7.');
    expect(first?.atMs).toBeLessThan(5_000);
  });

  it('judges nothing that failed, and repeats it four times at most', async () => {
    const { completed, ended } = await full;
    expect(completed.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
    const spoiled = completed.filter(({ validity }) => validity.cause === 'disturbance');
    expect(spoiled).toHaveLength(5);
    expect(spoiled.every(({ verdict, evidence }) => verdict === 'undecided' && evidence === null)).toBe(true);
    expect(spoiled[0]?.reason).toContain('others use 1.8 of 2 cores');
    expect(ended.reason).toContain('5 runs could not be judged');
  });

  it('waits 15 s at most after each', async () => {
    const { told, completedAt } = await full;
    const waits = told.filter(({ waiting }) => waiting);
    expect(waits.length).toBeGreaterThanOrEqual(5);
    for (const { atMs } of waits) {
      const since = atMs - (completedAt.findLast((at) => at <= atMs) as number);
      expect(since).toBeLessThanOrEqual(15_000);
    }
  });

  it('claims no limit, and none of the generator', async () => {
    const { limit } = await full;
    expect(limit.status).toBe('unknown');
    expect(limit.reason).toBe('no run could be judged yet');
  });

  it('goes on at once where nobody wants to wait', async () => {
    const { told, ended } = await sessionWhile(() => true, { runAnyway: AbortSignal.abort() });
    expect(told.some(({ busy }) => busy)).toBe(true);
    expect(told.some(({ waiting }) => waiting)).toBe(false);
    expect(ended.reason).toContain('5 runs could not be judged');
  });

  it('goes on as soon as somebody says so', async () => {
    const go = new AbortController();
    const { told, completedAt } = await sessionWhile(
      (atMs) => {
        if (atMs > 12_000) go.abort();
        return true;
      },
      { runAnyway: go.signal },
    );
    expect(told.some(({ waiting }) => waiting)).toBe(true);
    expect(told.filter(({ waiting, atMs }) => waiting && atMs > 13_000)).toEqual([]);
    expect(completedAt).toHaveLength(5);
  });
});

describe('a session beside others that go away', () => {
  it('waits for that, says so, and finds the limit', async () => {
    const { told, completed, limit } = await sessionWhile((atMs) => atMs < 20_000);
    expect(told.map(({ busy }) => busy).at(-1)).toBe(false);
    expect(told.at(-1)?.text).toBe('This machine is quiet again.');
    const spoiled = completed.filter(({ validity }) => validity.cause === 'disturbance');
    expect(spoiled.length).toBeGreaterThan(0);
    expect(spoiled.length).toBeLessThanOrEqual(4);
    expect(limit.status).toBe('known');
    expect(limit.low as number).toBeLessThan(LIMIT);
    expect(limit.high as number).toBeGreaterThan(LIMIT * 0.99);
  });

  it('loses nothing of what it knew', async () => {
    const before = await sessionWhile(() => false);
    expect(before.limit.status).toBe('known');
    const { limit } = await sessionWhile((atMs) => atMs > 30_000);
    expect(['known', 'unknown']).toContain(limit.status);
    expect(limit.status).not.toBe('at_least');
  });
});
