import { newTrainingId, type Scenario, type Target } from '@hive/contract';
import { realClock, type TrainingEvent } from '@hive/engine';
import { expect } from 'vitest';
import { createLocalBus } from '../../src/bus/local.js';
import { decodeNews, LIVE_TOPIC } from '../../src/sessions/live-topic.js';
import type { SessionOutcome } from '../../src/sessions/run-session.js';
import { createRunner, type SessionRunner } from '../../src/sessions/session-runner.js';
import type { Unwritten } from '../../src/sessions/session-recorder.js';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/store.js';
import { breakable, type Breakable } from '../../../../test/breakable.js';
import { sampleResult, sampleScenario, sampleTarget, sampleWindow } from '../store/samples.js';

export const ROWS_PER_RUN = 20;
const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
const BYTES = { responseTime: null, serviceTime: null };

/** A session whose database is behind a proxy: each call of `next` gives it one more whole run. */
export interface Outage {
  way: Breakable;
  store: Store;
  runner: SessionRunner;
  target: Target;
  sessionId: string;
  runs: Scenario[];
  alerts: string[];
  done: Promise<SessionOutcome>;
  stored: Promise<Unwritten>;
  /** Gives the session one more run, with its rows. Resolves when the recorder has taken them. */
  next(): Promise<void>;
  /** Lets the session end. */
  finish(): void;
  close(): Promise<void>;
}

/** Begins such a session, its first run stored. */
export async function startOutage(databaseUrl: string): Promise<Outage> {
  const way = await breakable(databaseUrl);
  const store = await openStore({ databaseUrl: way.url, dataDir: '' });
  const bus = createLocalBus();
  const alerts: string[] = [];
  await bus.subscribe(LIVE_TOPIC, (_seq, payload) => {
    const { addressing, body } = decodeNews(payload);
    if (addressing.type === 'alert') alerts.push((JSON.parse(body) as { data: { text: string } }).data.text);
  });
  const runner = await createRunner({ store, bus, clock: realClock, log: QUIET });
  const target = sampleTarget();
  await store.saveTarget(target);
  const sessionId = newTrainingId();
  const runs: Scenario[] = [];
  let wake = (_more: boolean): void => undefined;
  let taken = (): void => undefined;
  async function* events(signal: AbortSignal): AsyncGenerator<TrainingEvent> {
    signal.addEventListener('abort', () => wake(false), { once: true });
    for (;;) {
      const more = await new Promise<boolean>((resolve) => {
        wake = resolve;
        taken();
      });
      if (!more) return;
      const scenario = sampleScenario(target.id);
      runs.push(scenario);
      yield* runOf(scenario, sessionId);
    }
  }
  const ready = (): Promise<void> =>
    new Promise((resolve) => {
      taken = resolve;
    });
  const begun = ready();
  const { done, stored } = await runner.start({
    sessionId,
    targetId: target.id,
    kinds: ['load_balancing'],
    budgetSeconds: null,
    events,
    place: (scenario, id) => store.createScenario(scenario, id),
  });
  await begun;
  const next = async (): Promise<void> => {
    const asked = ready();
    wake(true);
    await asked;
  };
  await next();
  return {
    way,
    store,
    runner,
    target,
    sessionId,
    runs,
    alerts,
    done,
    stored,
    next,
    finish: () => wake(false),
    async close() {
      await runner.close();
      await bus.close();
      await store.close();
      await way.close();
    },
  };
}

/** What a run tells, all at once. */
export function* runOf(scenario: Scenario, sessionId: string): Generator<TrainingEvent> {
  const ids = { scenarioId: scenario.id, sessionId, targetId: scenario.targetId };
  yield { type: 'scenario_started', scenario, reason: 'next', plannedMs: 1_000 };
  for (let second = 0; second < ROWS_PER_RUN; second += 1) {
    const window = sampleWindow(ids, { fromMs: second * 1_000, toMs: (second + 1) * 1_000 });
    yield { type: 'window', window };
    yield { type: 'row', window, ...BYTES };
  }
  yield { type: 'scenario_completed', scenario, result: sampleResult(), ...BYTES };
}

/** Every run and every row of the session is there once. */
export async function expectAllStored({ store, runs, sessionId }: Outage): Promise<void> {
  for (const { id } of runs) {
    expect(await store.getScenario(id)).toMatchObject({ completed: true, session_id: sessionId });
    expect((await store.listWindows(id)).map(({ fromMs }) => fromMs)).toEqual(
      Array.from({ length: ROWS_PER_RUN }, (_, second) => second * 1_000),
    );
  }
}

/** Asks again until it is so; the test's own limit ends it. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
