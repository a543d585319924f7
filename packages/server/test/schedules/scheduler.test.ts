import { rm } from 'node:fs/promises';
import { HiveError, newScheduleId, type Schedule, type ScheduledRun } from '@hive/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { preparedData } from '../../../../test/prepared-data.js';
import { planSchedule } from '../../src/schedules/plan-schedule.js';
import { createScheduler, type Outcome, type Scheduler, type Work } from '../../src/schedules/scheduler.js';
import { openStore, type OpenedStore } from '../../src/store/open.js';
import { sampleTarget } from '../store/samples.js';
import { manualClock } from './manual-clock.js';

const MINUTE_MS = 60_000;
const log = { debug() {}, info() {}, warn() {}, error() {} };
const passed: Outcome = { result: 'pass', reason: null };

let opened: OpenedStore;
let dataDir: string;
let time: ReturnType<typeof manualClock>;
const begun: Scheduler[] = [];
beforeAll(async () => {
  dataDir = await preparedData('hive-scheduler-');
  opened = await openStore({ dataDir });
}, 60_000);
afterAll(async () => {
  await opened.close();
  await rm(dataDir, { recursive: true, force: true });
});
beforeEach(() => {
  time = manualClock(opened, '2026-01-01T00:00:00.000Z');
});
afterEach(async () => {
  await Promise.all(begun.splice(0).map((one) => one.close()));
  for (const { id } of await opened.listSchedules({})) await opened.deleteSchedule(id);
});

async function scheduled(when: string): Promise<Schedule> {
  const target = sampleTarget();
  await opened.saveTarget(target);
  const written = { target: target.id, what: { type: 'check' as const }, when, timeZone: 'UTC', on: true };
  const schedule = await planSchedule({ ...written, id: newScheduleId(), createdAt: time.now() }, time.clock.wall());
  await opened.createSchedule(schedule);
  return schedule;
}

function instance(work: Work): Scheduler {
  const scheduler = createScheduler({ store: time.store, clock: time.clock, log, work });
  begun.push(scheduler);
  return scheduler;
}

const runsOf = async ({ id }: Schedule): Promise<ScheduledRun[]> =>
  (await opened.listScheduledRuns(id, 100)).toReversed();
const resultsOf = async (schedule: Schedule): Promise<string[]> => (await runsOf(schedule)).map(({ result }) => result);

describe('the scheduler', () => {
  it('runs what is due, each time once, also where three share a store', async () => {
    const schedule = await scheduled('every 10m');
    const done: string[] = [];
    for (const name of ['a', 'b', 'c']) instance(async () => (done.push(name), passed));
    await time.pass(21 * MINUTE_MS);
    expect(done).toHaveLength(2);
    expect(await resultsOf(schedule)).toEqual(['pass', 'pass']);
  });

  it('runs once what was missed while it was down', async () => {
    const schedule = await scheduled('every 10m');
    time.jump(7 * 60 * MINUTE_MS);
    instance(async () => passed);
    await time.pass(MINUTE_MS);
    expect(await resultsOf(schedule)).toEqual(['pass']);
    expect(Date.parse((await opened.getSchedule(schedule.id))?.nextAt ?? '')).toBeGreaterThan(time.clock.wall());
  });

  it('never runs over itself: a time that comes meanwhile is skipped, visibly', async () => {
    const schedule = await scheduled('every 10m');
    instance(async (_, { signal }) => {
      await time.clock.sleep(25 * MINUTE_MS, signal);
      return passed;
    });
    await time.pass(40 * MINUTE_MS);
    expect(await resultsOf(schedule)).toEqual(['pass', 'skipped', 'skipped']);
    expect((await runsOf(schedule))[1]?.reason).toBe('the time before still runs');
  });

  it('waits for its turn while Hive is busy, until its next time', async () => {
    const schedule = await scheduled('every 10m');
    let busyUntilMs = time.clock.wall() + 14 * MINUTE_MS;
    instance(async () => {
      if (time.clock.wall() < busyUntilMs) throw new HiveError('busy', 'session ses_1 is running');
      return passed;
    });
    await time.pass(16 * MINUTE_MS);
    expect(await resultsOf(schedule)).toEqual(['pass']);
    busyUntilMs = Number.POSITIVE_INFINITY;
    await time.pass(15 * MINUTE_MS);
    const [, second] = await runsOf(schedule);
    expect(second).toMatchObject({ result: 'skipped', reason: expect.stringContaining('session ses_1 is running') });
  });

  it('calls a run interrupted whose Hive ended, and does not repeat it', async () => {
    const schedule = await scheduled('every 1h');
    // What another Hive left that was killed.
    const at = time.now();
    const left = { id: 'scr_left', scheduleId: schedule.id, dueAt: at, startedAt: at, endedAt: null };
    const run: ScheduledRun = { ...left, result: 'running', reason: null, sessionId: null, checkId: null };
    await opened.startScheduledRun(run, new Date(time.clock.wall() + MINUTE_MS));
    const done: string[] = [];
    instance(async () => (done.push('one'), passed));
    await time.pass(MINUTE_MS);
    expect(await resultsOf(schedule)).toEqual(['running']);
    await time.pass(MINUTE_MS);
    expect([await resultsOf(schedule), done]).toEqual([['interrupted'], []]);
  });

  it('holds on to a long run, and ends it with itself', async () => {
    const schedule = await scheduled('every 2h');
    const one = instance(async (_, { signal }) => {
      await time.clock.sleep(90 * MINUTE_MS, signal);
      return passed;
    });
    const other = instance(async () => passed);
    const run = await one.run(schedule);
    await expect(other.run(schedule)).rejects.toMatchObject({ code: 'conflict' });
    await time.pass(10 * MINUTE_MS);
    expect(await resultsOf(schedule)).toEqual(['running']);
    await one.close();
    expect(await runsOf(schedule)).toMatchObject([{ id: run.id, result: 'interrupted', endedAt: time.now() }]);
  });

  it('tells what a measurement could not do, and what its target could not', async () => {
    const schedule = await scheduled('every 10m');
    const errors = [new HiveError('validation', 'no such kind'), new HiveError('target_unreachable', 'it is away')];
    instance(async () => {
      throw errors.shift() ?? new Error('broken');
    });
    await time.pass(32 * MINUTE_MS);
    const told = (await runsOf(schedule)).map(({ result, reason }) => [result, reason]);
    expect(told).toEqual([
      ['invalid', 'no such kind'],
      ['fail', 'it is away'],
      ['invalid', 'broken'],
    ]);
  });

  it('asks the store once a minute where there is no schedule', async () => {
    let asked = 0;
    const counted = new Proxy(time.store, {
      get: (of, name) => {
        asked += 1;
        return Reflect.get(of, name) as unknown;
      },
    });
    begun.push(createScheduler({ store: counted, clock: time.clock, log, work: async () => passed }));
    await time.pass(10 * MINUTE_MS + 1);
    expect(asked).toBe(11);
  });
});
