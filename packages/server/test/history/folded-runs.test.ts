import { newExecutionId, type ScenarioResult } from '@hive/contract';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { preparedData } from '../../../../test/prepared-data.js';
import { createLocalBus } from '../../src/bus/local.js';
import type { Bus } from '../../src/bus/bus.js';
import { foldRuns } from '../../src/history/folded-runs.js';
import { bytesOf, mergeFolds, foldOf } from '../../src/history/run-fold.js';
import { mergeKept } from '../../src/history/merge-kept.js';
import { openStore, type OpenedStore } from '../../src/store/open.js';
import { sampleResult, sampleScenario, sampleSession, sampleTarget } from '../store/samples.js';

/** 90 values of 20 ms and 10 of 40 ms. */
const HISTOGRAM = Buffer.from('HISTFAAAACp4nJNpmSzMwMDAzsDAwMjAwMDMAAEgNgPz5HYGGP9w8BbGv/wiAF1gBVw=', 'base64');
const bytes = { responseTime: HISTOGRAM, serviceTime: null };

let dataDir: string;
let store: OpenedStore;
let cache: Bus;
beforeAll(async () => {
  dataDir = await preparedData('hive-folded-');
  store = await openStore({ dataDir });
});
beforeEach(() => {
  cache = createLocalBus();
});
afterAll(async () => {
  await store.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** A target, and a way to give it one more executed run, in this hour. */
async function measuredTarget() {
  const target = sampleTarget();
  await store.saveTarget(target);
  const session = sampleSession(target.id);
  await store.createSession(session);
  let minute = 0;
  return {
    id: target.id,
    async run(hour: number, intensity: number, result: Partial<ScenarioResult> = {}): Promise<string> {
      const at = new Date(Date.UTC(2026, 0, 1, hour, minute++ % 60));
      const { id } = await store.createScenario(sampleScenario(target.id, { intensity }), session.id, at);
      await store.completeScenario(id, sampleResult(result), bytes);
      return id;
    },
  };
}

/** Counts the results that are read. */
function counting() {
  const read = { results: 0 };
  const folding = {
    store: {
      listRunHours: store.listRunHours,
      async listResults(filter: Parameters<typeof store.listResults>[0]) {
        const results = await store.listResults(filter);
        read.results += results.length;
        return results;
      },
    },
    cache,
    version: '1',
  };
  return { read, folding };
}

it('reads the newest hour alone when a run ends, and comes to the same as all results', async () => {
  const { id: target, run } = await measuredTarget();
  for (let hour = 0; hour < 5; hour += 1) for (let one = 0; one < 4; one += 1) await run(hour, 100 + 100 * one);
  const { read, folding } = counting();
  const first = await foldRuns(folding, { target });
  expect(read.results).toBe(20);
  expect(first).toEqual(mergeFolds((await store.listResults({ target })).map(foldOf)));
  expect(first).toMatchObject({ runs: 20, outcomes: { passed: 20 }, counts: { good: 20 * 95 } });
  expect(mergeKept([bytesOf(first.responseTime ?? '')]).count).toBe(2_000);
  expect(Object.values(first.kinds.load_balancing?.loads ?? {}).map(({ runs }) => runs)).toEqual([5, 5, 5, 5]);

  read.results = 0;
  expect(await foldRuns(folding, { target })).toEqual(first);
  expect(read.results).toBe(0);

  await run(4, 100);
  expect((await foldRuns(folding, { target })).runs).toBe(21);
  expect(read.results).toBe(5);

  // An hour later the past is continued, not read again.
  await run(6, 100);
  read.results = 0;
  expect((await foldRuns(folding, { target })).runs).toBe(22);
  expect(read.results).toBe(6);
});

it('notices what changes in the past: a run executed again, one stored later, one that is gone', async () => {
  const { id: target, run } = await measuredTarget();
  const old = await run(1, 100);
  for (let hour = 2; hour < 6; hour += 1) await run(hour, 200);
  const { folding } = counting();
  expect((await foldRuns(folding, { target })).outcomes).toEqual({ passed: 5 });

  const execution = sampleSession(target, { id: newExecutionId() });
  await store.createSession(execution);
  await store.restartScenario(old, execution.id);
  expect((await foldRuns(folding, { target })).outcomes).toEqual({ passed: 4 });
  await store.completeScenario(old, sampleResult({ verdict: 'failed' }), bytes);
  expect((await foldRuns(folding, { target })).outcomes).toEqual({ passed: 4, failed: 1 });

  await run(0, 300);
  expect((await foldRuns(folding, { target })).runs).toBe(6);
  await store.deleteTarget(target);
  expect((await foldRuns(folding, { target })).runs).toBe(0);
});

it('folds only what was made in a time, and without a cache all the same', async () => {
  const { id: target, run } = await measuredTarget();
  for (let hour = 0; hour < 4; hour += 1) await run(hour, 100);
  const { folding } = counting();
  const from = '2026-01-01T01:00:00.000Z';
  const to = '2026-01-01T02:59:59.000Z';
  expect((await foldRuns(folding, { target, from, to })).runs).toBe(2);
  await cache.close();
  expect((await foldRuns(folding, { target, from, to })).runs).toBe(2);
});

it('shows loads of about the same size together', async () => {
  const { id: target, run } = await measuredTarget();
  for (let one = 0; one < 60; one += 1) await run(1, 400 * 1.001 ** one);
  const { folding } = counting();
  const loads = Object.values((await foldRuns(folding, { target })).kinds.load_balancing?.loads ?? {});
  expect(loads.length).toBeLessThanOrEqual(3);
  expect(loads.reduce((sum, { runs }) => sum + runs, 0)).toBe(60);
});
