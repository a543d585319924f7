import { learnLimits } from '@hive/engine';
import { expect, it } from 'vitest';
import { createLocalBus } from '../../src/bus/local.js';
import { learnedFrom, learnedHistory } from '../../src/history/learned-history.js';
import { learnerHere } from '../../src/history/learner/learner.js';
import { learnedLimits } from '../../src/history/learned-limits.js';
import type { LearnedFilter, LearnedRow } from '../../src/store/store.js';
import { sampleResult, sampleScenario, sampleTarget } from '../store/samples.js';

const target = sampleTarget();

/** A run of a session, this many minutes after the first. */
function row(minute: number, session: string, change: { intensity?: number; baseRate?: number } = {}): LearnedRow {
  const scenario = sampleScenario(target.id, { base: { ratePerSecond: change.baseRate ?? 10, connections: 2 } });
  return {
    session_id: session,
    scenario_type: 'load_balancing',
    intensity: change.intensity ?? 400,
    parameters: scenario,
    results: sampleResult(),
    created_at: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
  };
}

function stored(rows: LearnedRow[]) {
  const asked: LearnedFilter[] = [];
  return {
    asked,
    async listLearned(filter: LearnedFilter) {
      asked.push(filter);
      return rows.filter(({ scenario_type }) => scenario_type === filter.kind).slice(-filter.limit);
    },
    learnedVersion: async () => String(rows.length),
  };
}

const sessions = (count: number, each: number): LearnedRow[] =>
  Array.from({ length: count * each }, (_, index) => row(index, `ses_${Math.floor(index / each)}`));

it('reads no more than can count, and learns the same as from all', async () => {
  const rows = sessions(500, 20);
  const store = stored(rows);
  const { objectives } = target;
  const history = await learnedHistory(store, target.id, { objectives, kinds: ['load_balancing'] });
  expect(history).toHaveLength(64);
  expect(store.asked).toEqual([{ target: target.id, kind: 'load_balancing', objectives, limit: 64 }]);
  expect(learnLimits(target, history)).toEqual(learnLimits(target, learnedFrom(rows)));
});

it.each([
  ['of one session', sessions(1, 100)],
  [
    'beside several base loads',
    sessions(20, 5).map((one, index) => row(index, `s${one.session_id}`, { baseRate: index % 2 ? 10 : 20 })),
  ],
])('reads more where the newest are %s', async (_, rows) => {
  const store = stored(rows);
  expect(await learnedHistory(store, target.id, { kinds: ['load_balancing'] })).toHaveLength(100);
  expect(store.asked.map(({ limit }) => limit)).toEqual([64, 200]);
});

it('remembers limits until something changes', async () => {
  const rows = sessions(3, 10);
  const store = stored(rows);
  const cache = createLocalBus();
  const learning = { store, learner: learnerHere, cache, version: '1' };
  const limits = await learnedLimits(learning, target);
  expect(limits).toEqual(learnLimits(target, learnedFrom(rows)));
  const reads = store.asked.length;
  expect(await learnedLimits(learning, target)).toEqual(limits);
  expect(store.asked).toHaveLength(reads);
  const changes = [
    () => learnedLimits(learning, { ...target, objectives: ['avg<1'] }),
    () => learnedLimits({ ...learning, version: '2' }, target),
    () => learnedLimits({ ...learning, store: { ...store, learnedVersion: async () => 'x' } }, target),
  ];
  for (const [index, change] of changes.entries()) {
    await change();
    expect(store.asked).toHaveLength(reads * (index + 2));
  }
  await cache.close();
  expect(await learnedLimits(learning, target)).toEqual(limits);
});
