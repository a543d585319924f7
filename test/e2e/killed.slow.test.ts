import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, describeWith, postgres } from '../services.js';
import { openFeed } from './feed.js';
import { dataDirectory, eventually, startHive, type HiveProcess } from './hive-process.js';

const ROUNDS = 20;
const READY_WITHIN_MS = 5_000;
/** A lease ends by then, and with it the session of who is gone is marked. */
const MARKED_WITHIN_MS = 30_000;
/** A Hive is killed this long after its session began. */
const LIVES_MS = { from: 500, to: 8_000 };

let data: Awaited<ReturnType<typeof dataDirectory>>;
let hive: HiveProcess | undefined;
beforeEach(async () => {
  data = await dataDirectory();
});
afterEach(async () => {
  await hive?.end();
  await data.remove();
});

describe('killed twenty times in the middle of a session, Hive loses nothing that it told', () => {
  it('on the embedded database', () => rounds('PGlite', {}));

  describeWith(postgres, 'on PostgreSQL', () => {
    it('as well', async () => {
      const database = await createTestDatabase();
      try {
        await rounds('PostgreSQL', { DATABASE_URL: database.url });
        await hive?.end();
      } finally {
        await database.drop();
      }
    });
  });
});

async function rounds(name: string, env: NodeJS.ProcessEnv): Promise<void> {
  const readyMs: number[] = [];
  const markedMs: number[] = [];
  let told = 0;
  let session: string | undefined;
  let now = (hive = await startHive(data.path, ['--no-dashboard'], env));
  for (let round = 0; round < ROUNDS; round += 1) {
    const feed = await openFeed(now.liveUrl);
    session = await begin(now, session);
    const adding = addTargets(now, round);
    // Every other time it is killed in its preparations as well, else while it measures.
    if (round % 2 === 1) await measures(now);
    await sleep(LIVES_MS.from + Math.random() * (LIVES_MS.to - LIVES_MS.from));
    expect(await now.end('SIGKILL')).toBeNull();
    const added = await adding;
    feed.close();

    const startedAt = performance.now();
    now = hive = await startHive(data.path, ['--no-dashboard'], env);
    readyMs.push(performance.now() - startedAt);
    const id = session;
    await eventually('the session is marked', MARKED_WITHIN_MS, async () => {
      return (await now.api.call('getSession', { params: { id } })).status === 'interrupted';
    });
    markedMs.push(performance.now() - startedAt);
    for (const target of added) await now.api.call('getTarget', { params: { id: target } });
    await expectWhole(now, id);
    told += await expectTold(now, feed.messages);
  }
  await begin(now, session);
  await now.api.call('stopTraining', { body: {} });
  process.stdout.write(
    `${name}: ${ROUNDS} times killed, ${told} runs and windows told before, ready in ${spread(readyMs)}, marked in ${spread(markedMs)}\n`,
  );
  expect(median(readyMs)).toBeLessThan(READY_WITHIN_MS);
}

/** Starts a session, or goes on with the one that was interrupted. */
async function begin({ api }: HiveProcess, session: string | undefined): Promise<string> {
  if (session === undefined) {
    const body = { kinds: ['load_balancing' as const], continuous: true };
    return (await api.call('startTraining', { body })).session_id;
  }
  await api.call('resumeSession', { params: { id: session } });
  expect(await api.call('trainingStatus')).toMatchObject({ running: true, session_id: session });
  return session;
}

async function measures({ api }: HiveProcess): Promise<void> {
  await eventually('a run has begun', 60_000, async () => (await api.call('trainingStatus')).current !== null);
}

/** Adds targets one after the other until nobody answers any more, and returns those that were acknowledged. */
async function addTargets({ api }: HiveProcess, round: number): Promise<string[]> {
  const added: string[] = [];
  for (let index = 0; ; index += 1) {
    const id = `target-${round}-${index}`;
    const isKept = await api.call('createTarget', { body: { id, url: 'http://127.0.0.1:9' } }).then(
      () => true,
      () => false,
    );
    if (!isKept) return added;
    added.push(id);
    await sleep(50);
  }
}

/** Whatever is there of a session is whole. */
async function expectWhole({ api }: HiveProcess, id: string): Promise<void> {
  const { scenarios, total_scenarios: total, next } = await api.call('getSession', { params: { id } });
  const done = scenarios.filter(({ completed }) => completed);
  if (next === null) expect(total).toBe(done.length);
  for (const { results, outcome } of done) expect([results, outcome]).not.toContain(null);
  for (const { results } of scenarios.filter(({ completed }) => !completed)) expect(results).toBeNull();
  expect(await api.call('trainingStatus')).toMatchObject({ running: false });
  await api.call('metricsSummary', { query: { session_id: id } });
  await api.call('targetLimits', { params: { id: 'practice' } });
}

/** Runs and windows that the feed told as kept are there; returns how many those were. */
async function expectTold(
  { api }: HiveProcess,
  messages: Awaited<ReturnType<typeof openFeed>>['messages'],
): Promise<number> {
  const runs = messages.flatMap((one) => (one.type === 'scenario_completed' ? [one.data.scenario.id] : []));
  const windows = messages.flatMap((one) => (one.type === 'window_kept' ? [one.data] : []));
  for (const id of new Set([...runs, ...windows.map(({ scenarioId }) => scenarioId)])) {
    const run = await api.call('getScenario', { params: { id } });
    if (runs.includes(id)) expect(run).toMatchObject({ id, completed: true });
    const told = windows.filter(({ scenarioId }) => scenarioId === id).map(({ fromMs }) => fromMs);
    expect(run.windows.map(({ fromMs }) => fromMs)).toEqual(expect.arrayContaining(told));
  }
  return runs.length + windows.length;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function spread(values: readonly number[]): string {
  const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
  return `${seconds(Math.min(...values))} / ${seconds(median(values))} / ${seconds(Math.max(...values))} s (min / median / max)`;
}
