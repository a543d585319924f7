import { rm } from 'node:fs/promises';
import { HiveError, newTrainingId, toTarget, type MachineState, type Scenario, type SessionRow } from '@hive/contract';
import { generateScenario, realClock, type TrainingEvent } from '@hive/engine';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { preparedData } from '../../../../test/prepared-data.js';
import { describeWith, redis, redisPrefix } from '../../../../test/services.js';
import { createLeases } from '../../src/sessions/lease.js';
import { recoverSessions } from '../../src/sessions/recover-sessions.js';
import { decodeNews, LIVE_TOPIC } from '../../src/sessions/live-topic.js';
import { firstRow } from '../../src/sessions/session-progress.js';
import type { SessionOrder } from '../../src/sessions/run-session.js';
import { createRunner, type SessionRunner } from '../../src/sessions/session-runner.js';
import type { Bus } from '../../src/bus/bus.js';
import { createLocalBus } from '../../src/bus/local.js';
import { createRedisBus } from '../../src/bus/redis.js';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';
import { removeRedisKeys } from '../remove-keys.js';
import { sampleScenario } from '../store/samples.js';
import { ROWS_PER_RUN, runOf } from './outage-conformance.js';

const log = { debug() {}, info() {}, warn() {}, error() {} };
const target = toTarget({ url: 'http://127.0.0.1:9' }, 'shop');
let dataDir: string;
let store: Store;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  dataDir = await preparedData('hive-runner-');
  store = await openStore({ dataDir });
  await store.saveTarget(target);
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});
afterAll(async () => {
  await store.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** Asks again until it is so; the test's own limit ends it. */
const MACHINE: MachineState = {
  busy: true,
  waiting: true,
  text: 'Others use 1.6 of 2 cores. Nothing can be measured now.',
  cores: 2,
  othersCores: 1.6,
  hiveCores: 0.1,
  targetCores: 0,
  stealShare: 0,
  throttledShare: 0,
  processes: [],
};
const runnerOn = async (bus: Bus, on: Store = store): Promise<SessionRunner> => {
  const runner = await createRunner({ store: on, bus, clock: realClock, log });
  cleanups.push(() => runner.close());
  return runner;
};
const localBus = (): Bus => {
  const bus = createLocalBus();
  cleanups.push(() => bus.close());
  return bus;
};
const order = (events: SessionOrder['events'], change: Partial<SessionOrder> = {}): SessionOrder => ({
  sessionId: newTrainingId(),
  targetId: target.id,
  kinds: ['load_balancing'],
  budgetSeconds: 60,
  events,
  place: (scenario, id) => store.createScenario(scenario, id),
  ...change,
});
const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
async function* untilAborted(signal: AbortSignal): AsyncGenerator<TrainingEvent> {
  await aborted(signal);
  yield { type: 'ended', code: 'stopped', reason: 'stopped', stopped: true, limits: [] };
}
const scenario = (): Scenario =>
  generateScenario({ target, kind: 'load_balancing', intensity: 100, seed: 1, history: [] });
async function* started(one: Scenario): AsyncGenerator<TrainingEvent> {
  yield { type: 'scenario_chosen', scenario: one, reason: 'to begin with' };
  const plannedMs = one.plan.warmupMs + one.plan.durationMs;
  yield { type: 'scenario_started', scenario: one, reason: 'to begin with', plannedMs };
}

describe('the session runner', () => {
  it('ends a session as its events end', async () => {
    const runner = await runnerOn(localBus());
    const { done } = await runner.start(
      order(async function* () {
        yield { type: 'ended', code: 'goal', reason: 'the limits are known', stopped: false, limits: [] };
      }),
    );
    const { session, error } = await done;
    expect(error).toBeNull();
    expect(session).toMatchObject({ status: 'completed', end_code: 'goal', end_reason: 'the limits are known' });
    expect(await store.getSession(session.id)).toEqual(session);
  });

  it('says what is going on while it goes on', async () => {
    const runner = await runnerOn(localBus());
    const one = scenario();
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    await runner.start(
      order(
        async function* (signal) {
          yield* started(one);
          begin();
          await aborted(signal);
        },
        { precision: 0.1, holdSeconds: 60 },
      ),
    );
    await begun;
    const status = await runner.status();
    expect(status).toMatchObject({
      running: true,
      target: 'shop',
      kinds: ['load_balancing'],
      budget_seconds: 60,
      precision: 0.1,
      hold_seconds: 60,
      current: { scenario_id: one.id, kind: 'load_balancing', plannedMs: 12_000 },
      next_reason: 'to begin with',
    });
    expect(status.budget_left_seconds).toBeGreaterThan(50);
  });

  it('leaves behind what does not heed its abortion', async () => {
    const runner = await runnerOn(localBus());
    const never = new Promise<void>(() => undefined);
    const { done } = await runner.start(
      order(async function* () {
        yield* started(scenario());
        await never;
      }),
    );
    await runner.stop();
    expect((await done).session).toMatchObject({ status: 'stopped', end_code: 'stopped' });
    expect((await runner.status()).running).toBe(false);
  });

  it('ends at its budget whatever its events do', async () => {
    const runner = await runnerOn(localBus());
    const never = new Promise<void>(() => undefined);
    const { done } = await runner.start(
      order(
        async function* () {
          yield* started(scenario());
          await never;
        },
        { budgetSeconds: 0.1 },
      ),
    );
    expect((await done).session).toMatchObject({
      status: 'completed',
      end_code: 'budget',
      end_reason: 'the budget is used up',
    });
  });

  it('fails a session whose results cannot be stored, and says why', async () => {
    const broken: Store = {
      ...store,
      createScenario: () => Promise.reject(new HiveError('internal', 'the statement is refused')),
    };
    const runner = await runnerOn(localBus(), broken);
    const { done } = await runner.start(
      order(
        async function* (signal) {
          yield* started(scenario());
          await aborted(signal);
        },
        { place: (one, id) => broken.createScenario(one, id) },
      ),
    );
    const { session, error } = await done;
    expect(error?.code).toBe('internal');
    expect(session).toMatchObject({ status: 'failed', end_code: 'failed', end_reason: 'the statement is refused' });
    expect(await store.getSession(session.id)).toMatchObject({ status: 'failed' });
  });

  it('stores no row of a run before the run, however slow the store is', async () => {
    const slow: Store = {
      ...store,
      async completeScenario(...input) {
        await new Promise((resolve) => setImmediate(resolve));
        return store.completeScenario(...input);
      },
    };
    const runner = await runnerOn(localBus(), slow);
    const runs = [sampleScenario(target.id), sampleScenario(target.id), sampleScenario(target.id)];
    const sessionId = newTrainingId();
    const { done, stored } = await runner.start(
      order(
        async function* () {
          for (const one of runs) yield* runOf(one, sessionId);
        },
        { sessionId },
      ),
    );
    expect((await done).error).toBeNull();
    await stored;
    for (const { id } of runs) expect(await store.listWindows(id)).toHaveLength(ROWS_PER_RUN);
  });

  it('ends a session whose events throw, and can start the next', async () => {
    const runner = await runnerOn(localBus());
    const first = await runner.start(
      order(async function* () {
        yield* started(scenario());
        throw new HiveError('target_unreachable', 'nobody answers');
      }),
    );
    expect(await first.done).toMatchObject({
      error: { code: 'target_unreachable' },
      session: { status: 'failed', end_code: 'target_unreachable' },
    });
    const second = await runner.start(order(untilAborted));
    await runner.stop();
    expect((await second.done).error).toBeNull();
  });

  it('tells a session that nobody wants to wait for a quiet machine, and shows the machine as it stands', async () => {
    const runner = await runnerOn(localBus());
    const { done } = await runner.start(
      order(async function* (_, runAnyway) {
        yield { type: 'machine', machine: MACHINE };
        await aborted(runAnyway);
        yield { type: 'machine', machine: { ...MACHINE, busy: false } };
      }),
    );
    await expect.poll(async () => (await runner.status()).machine).toEqual(MACHINE);
    await runner.runAnyway('ses_unknown');
    expect((await runner.status()).running).toBe(true);
    await runner.runAnyway();
    expect((await done).session.status).toBe('completed');
    expect((await runner.status()).machine).toBeUndefined();
  });

  it('does nothing when there is nothing to stop', async () => {
    const runner = await runnerOn(localBus());
    await runner.stop();
    await runner.stop('ses_unknown');
    expect((await runner.status()).running).toBe(false);
  });

  it('takes nothing new once it is closed', async () => {
    const runner = await runnerOn(localBus());
    const { done } = await runner.start(order(untilAborted));
    await runner.close();
    expect((await done).session.status).toBe('stopped');
    await expect(runner.start(order(untilAborted))).rejects.toMatchObject({ code: 'conflict' });
  });
});

const severalServers = (makeBuses: () => Promise<[Bus, Bus]>): void => {
  it('measure one at a time, know of each other and can stop each other', async () => {
    const [one, two] = await makeBuses();
    const [here, there] = [await runnerOn(one), await runnerOn(two)];
    const mine = order(untilAborted);
    const { done } = await here.start(mine);
    const refused = await there.start(order(untilAborted)).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'busy', details: { session_id: mine.sessionId } });
    expect(await there.status()).toMatchObject({ running: true, session_id: mine.sessionId });
    await there.stop();
    expect((await done).session.status).toBe('stopped');
    const next = await there.start(order(untilAborted));
    await there.stop();
    expect((await next.done).session.status).toBe('stopped');
  });

  it('leave the running session of another alone when they start, and close that of a dead one', async () => {
    const [one, two] = await makeBuses();
    const here = await runnerOn(one);
    const { done } = await here.start(order(untilAborted));
    const over = new AbortController();
    cleanups.push(async () => over.abort());
    const watching = { store, bus: two, clock: realClock, log };
    await recoverSessions(watching, createLeases(watching), over.signal);
    await here.stop();
    expect((await done).session.status).toBe('stopped');

    const dead: SessionRow = { ...(await done).session, id: newTrainingId(), status: 'running', ended_at: null };
    await store.createSession(dead);
    await recoverSessions(watching, createLeases(watching), over.signal);
    const closed = await store.getSession(dead.id);
    expect(closed).toMatchObject({ status: 'interrupted', end_reason: expect.any(String) });
    expect(closed?.ended_at).not.toBeNull();
  });

  it('close the session of one that dies later, and tell the feed, even when it is resumed at once', async () => {
    const [one, two] = await makeBuses();
    const here = await runnerOn(one);
    const { done } = await here.start(order(untilAborted));
    let wake = (): void => undefined;
    const asleep = (): Promise<void> => new Promise((resolve) => (wake = resolve));
    const over = new AbortController();
    cleanups.push(async () => {
      over.abort();
      wake();
    });
    const clock = { ...realClock, sleep: asleep };
    const resumedAtOnce: Store = {
      ...store,
      async interruptSessions(ids, reason) {
        const marked = await store.interruptSessions(ids, reason);
        for (const session of marked) await store.updateSession({ ...session, status: 'running', ended_at: null });
        return marked;
      },
    };
    const watching = { store: resumedAtOnce, bus: two, clock, log };
    await recoverSessions(watching, createLeases(watching), over.signal);
    let hear = (_status: string): void => undefined;
    const told = new Promise<string>((resolve) => (hear = resolve));
    const listening = await two.subscribe(LIVE_TOPIC, (_seq, payload) => {
      const { addressing, body } = decodeNews(payload);
      if (addressing.type !== 'session_completed' || addressing.session !== dead.id) return;
      hear((JSON.parse(body) as { data: { session: SessionRow } }).data.session.status);
    });
    cleanups.push(() => listening.close());
    const dead: SessionRow = { ...firstRow(order(untilAborted), new Date().toISOString()) };
    await store.createSession(dead);
    const waking = setInterval(() => wake(), 20);
    cleanups.push(async () => clearInterval(waking));
    expect(await told).toBe('interrupted');
    over.abort();
    await store.interruptSessions([dead.id], 'this test has ended');
    // The one that is measured has a lease.
    expect((await here.status()).running).toBe(true);
    await here.stop();
    expect((await done).session.status).toBe('stopped');
  });
};

describe('servers that share a bus in one process', () => {
  severalServers(async () => {
    const bus = localBus();
    return [bus, bus];
  });
});

describeWith(redis, 'servers that share a bus on Redis', (url) => {
  severalServers(async () => {
    const prefix = redisPrefix();
    const buses = [await createRedisBus(url, { prefix }), await createRedisBus(url, { prefix })] as const;
    cleanups.push(() => removeRedisKeys(url, prefix), ...buses.map((bus) => () => bus.close()));
    return [...buses];
  });
});
