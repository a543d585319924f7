import { setTimeout as sleep } from 'node:timers/promises';
import {
  KINDS,
  toTarget,
  type Kind,
  type Plan,
  type Scenario,
  type ScenarioResult,
  type Target,
  type TargetInput,
} from '@hive/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import { realClock } from '../../src/clock.js';
import { execute } from '../../src/execution/execute.js';
import { recover } from '../../src/training/recover.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { generateScenario } from '../../src/training/generate-scenario.js';
import { startAnswering, type Answering } from '../load/answering.js';

const load = createThreadLoad();
afterAll(() => load.close());
/** A target that remembers what it received. Its body is as long as was asked for. */
let server: Answering;
beforeAll(async () => {
  server = await startAnswering((response, { url }) =>
    response.end(Buffer.alloc(Number(/^\/bytes\/(\d+)$/.exec(url)?.[1] ?? 2))),
  );
});
afterAll(() => server.close());
beforeEach(() => server.seen.splice(0));

/** Writes of every method, many of them more likely than the reads, and in every role that a kind asks for. */
const REQUESTS: NonNullable<TargetInput['requests']> = [
  { name: 'order', method: 'POST', path: '/orders', weight: 5, role: 'noisy', body: '{}' },
  { name: 'pay', method: 'PUT', path: '/payments', weight: 5, role: 'protected' },
  { name: 'patch', method: 'PATCH', path: '/patch', weight: 5 },
  { name: 'remove', method: 'DELETE', path: '/orders/1', weight: 5 },
  { name: 'odd', method: 'PROPFIND', path: '/odd', weight: 5 },
  { name: 'write-item', method: 'POST', path: '/items/{key}', keys: { count: 100 } },
  { name: 'upload', method: 'POST', path: '/bytes', payload: 'upload' },
  { name: 'read', path: '/' },
  { name: 'report', path: '/report' },
  { name: 'look', method: 'HEAD', path: '/' },
  { name: 'item', path: '/items/{key}', keys: { count: 100 }, weight: 0 },
  { name: 'download', path: '/bytes/{bytes}', payload: 'download', weight: 0 },
];
/** The kinds that choose the requests they send in ways of their own. */
const MADE_EARLIER: readonly Kind[] = ['load_balancing', 'resource_allocation', 'data_processing', 'cache_efficiency'];
const INTENSITY: Record<Kind, number> = {
  concurrent_requests: 4,
  load_balancing: 100,
  resource_allocation: 60,
  fault_tolerance: 0.3,
  data_processing: 2_000,
  network_latency: 4,
  memory_optimization: 100,
  cache_efficiency: 50,
};

function targetOf(allowWrites: boolean, requests = REQUESTS): Target {
  return toTarget({ url: server.url, requests, safety: { allowWrites }, watch: { pid: process.pid } }, 'shop');
}
/** The target as it is executed: its memory need not be looked at. */
const unwatched = (target: Target): Target => ({ ...target, watch: null });
/** The same plan in about a quarter of a second. */
function shortened(plan: Plan): Plan {
  const preparation = plan.preparation && {
    ...plan.preparation,
    maxMs: plan.preparation.type === 'rest' ? 100 : 5_000,
  };
  const faults = plan.faults?.map((fault, index) => ({ ...fault, fromMs: index * 50, toMs: (index + 1) * 50 }));
  return {
    ...plan,
    warmupMs: 50,
    durationMs: 250,
    timeoutMs: 1_000,
    graceMs: 500,
    ...(preparation ? { preparation } : {}),
    ...(faults ? { faults } : {}),
  };
}
function scenarioOf(target: Target, kind: Kind): Scenario {
  const scenario = generateScenario({ target, kind, intensity: INTENSITY[kind], seed: 3, history: [] });
  return { ...scenario, plan: shortened(scenario.plan) };
}
const surroundings = (target: Target, signal: AbortSignal) => ({
  target: unwatched(target),
  load,
  clock: realClock,
  signal,
  allowTargets: [],
  sessionId: 'ses_1',
});
const received = (): string[] => [...new Set(server.seen.map(({ method }) => method))].sort();
const isWrite = (method: string): boolean => method !== 'GET' && method !== 'HEAD';

/** What was sent at the end of a run may arrive after it. */
async function nothingOnItsWay(): Promise<void> {
  for (let seen = -1; seen !== server.seen.length; await sleep(100)) seen = server.seen.length;
}

/** Executes a scenario, and returns its result and the methods that the target received. */
async function run(target: Target, scenario: Scenario): Promise<{ result: ScenarioResult; methods: string[] }> {
  const events = execute({ ...surroundings(target, new AbortController().signal), scenario });
  let next = await events.next();
  while (!next.done) next = await events.next();
  return { result: next.value.result, methods: received() };
}

describe('a target that does not allow writes', () => {
  it.each(KINDS)('receives none: %s', async (kind) => {
    const target = targetOf(false);
    const { methods } = await run(target, scenarioOf(target, kind));
    expect(methods).not.toEqual([]);
    expect(methods.filter(isWrite)).toEqual([]);
  });

  const receivesNoneLater = async (kind: Kind): Promise<void> => {
    const scenario = scenarioOf(targetOf(true), kind);
    await run(targetOf(false), scenario).catch(({ code }: { code: string }) => expect(code).toBe('refused_by_safety'));
    expect(server.seen.filter(({ method, body }) => isWrite(method) || body.length > 0)).toEqual([]);
  };
  const later = 'receives none of a scenario that was made while they were allowed: %s';
  it.each(KINDS.filter((kind) => MADE_EARLIER.includes(kind)))(later, receivesNoneLater);
  itSlow.each(KINDS.filter((kind) => !MADE_EARLIER.includes(kind)))(later, receivesNoneLater);

  it.each(['load_balancing', 'resource_allocation', 'network_latency'] as const)(
    'receives none when it is looked whether it is well again: %s',
    async (kind) => {
      const scenario = scenarioOf(targetOf(true), kind);
      const { result } = await run(targetOf(true), scenario);
      if (result.measurement === null) throw new Error('it must have been measured');
      const { counts } = result.measurement;
      const hung = {
        ...result,
        verdict: 'failed' as const,
        measurement: { ...result.measurement, counts: { ...counts, timedOut: 1 } },
      };
      await nothingOnItsWay();
      server.seen.splice(0);
      const stop = new AbortController();
      const looking = recover({
        atRest: { heaviest: 'order', times: [1_000] },
        answeredPerSecond: 100,
        ...surroundings(targetOf(false), stop.signal),
        scenario,
        result: hung,
      }).next();
      expect(await looking).toEqual({ done: true, value: null });
      expect(server.seen.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET']);
    },
  );

  it.each(KINDS)('receives nothing at all where it has nothing but writes: %s', async (kind) => {
    const target = targetOf(
      false,
      REQUESTS.filter(({ method }) => method !== undefined && method !== 'HEAD'),
    );
    const refused = async (): Promise<unknown> => run(target, scenarioOf(target, kind));
    await expect(refused()).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:refused_by_safety|validation)$/),
    });
    expect(server.seen).toEqual([]);
  });
});

describe('a target that allows writes', () => {
  it.each(['load_balancing', 'data_processing', 'resource_allocation'] as const)('receives them: %s', async (kind) => {
    const target = targetOf(true);
    const { methods } = await run(target, scenarioOf(target, kind));
    expect(methods.some(isWrite)).toBe(true);
  });
});
