import { toTarget } from '@hive/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import type { Ask } from '../../src/checking/ask.js';
import { realOutside } from '../../src/execution/outside.js';
import { UNKNOWN_MACHINE } from '../../src/machine/machine-watch.js';
import type { TrainingEvent } from '../../src/execution/events.js';
import { generateScenario } from '../../src/training/generate-scenario.js';
import { train } from '../../src/training/training.js';
import { expectLearnedBy, OBJECTIVES } from './objectives-learned.js';
import { createVirtualClock } from '../../src/virtual/clock.js';
import { session, target, virtualLoad, answering } from './virtual-session.js';

describe('a training session', () => {
  /** Several tests look at it. */
  let usual: Awaited<ReturnType<typeof session>>;
  beforeAll(async () => {
    usual = await session({ limit: 400 });
  });

  it('tells its story in order: chosen, started, windows, completed, learned; then ended', async () => {
    const { events } = usual;
    const story = events.map(({ type }) => type).filter((type) => type !== 'window' && type !== 'row');
    const scenarios = story.filter((type) => type === 'scenario_chosen').length;
    const runs = Array.from({ length: scenarios }, () => [
      'scenario_chosen',
      'scenario_started',
      'scenario_completed',
      'limit_updated',
    ]).flat();
    // The plan is made before anything runs, and again when the first look has shown the rate.
    expect(story.slice(0, -1)).toEqual(['planned', ...runs.slice(0, 4), 'planned', ...runs.slice(4)]);
    expect(story.at(-1)).toBe('ended');
  });

  it('learns the limit as a belief with a credible interval', async () => {
    const { ended } = usual;
    expect(ended.stopped).toBe(false);
    expect(ended.limits[0]).toMatchObject({
      kind: 'load_balancing',
      status: 'known',
      method: 'belief',
      level: 0.95,
      binding: 'p(99)<250',
    });
    expect(ended.limits[0]?.low).toBeLessThanOrEqual(400);
    expect(ended.limits[0]?.high).toBeGreaterThanOrEqual(400);
  });

  itSlow('is the same session again with the same seed', async () => {
    const seen = ({ load }: typeof usual) => load.orders.map(({ seed, arrivals }) => ({ seed, arrivals }));
    expect(seen(await session({ limit: 400 }, { seed: 1 }))).toEqual(seen(usual));
    expect(seen(await session({ limit: 400 }, { seed: 2 }))).not.toEqual(seen(usual));
  });

  it('ends at its budget, a hard wall-clock end, and what was cut short teaches nothing', async () => {
    const { ended, clock, events } = await session({ limit: 400 }, { budgetMs: 10_000 });
    expect(clock.now()).toBeLessThanOrEqual(10_500);
    expect(ended.reason).toContain('budget');
    const completed = events.flatMap((event) =>
      event.type === 'scenario_completed' && event.result.verdict !== 'aborted' ? [event] : [],
    );
    expect(ended.limits[0]?.scenarios).toBe(completed.length);
  });

  it('stops at once when asked, with the running scenario aborted', async () => {
    const stop = new AbortController();
    const clock = createVirtualClock();
    const load = virtualLoad(clock, { limit: 400 });
    const events: TrainingEvent[] = [];
    const options = {
      target,
      kinds: ['load_balancing' as const],
      budgetMs: 120_000,
      precision: 0.05,
      seed: 1,
      load,
      clock,
      allowTargets: [],
      sessionId: 's',
      history: [],
      outside: { ...realOutside, ask: answering, watchMachine: () => UNKNOWN_MACHINE },
    };
    for await (const event of train({ ...options, signal: stop.signal })) {
      events.push(event);
      if (event.type === 'window') stop.abort();
    }
    expect(events.at(-1)).toMatchObject({ type: 'ended', stopped: true });
    expect(events.find((event) => event.type === 'scenario_completed')).toMatchObject({
      result: { verdict: 'aborted', evidence: null },
    });
    expect(load.orders).toHaveLength(1);
  });

  itSlow('measures one kind after the other, each in its share of the time, in the order of the plan', async () => {
    const { events } = await session(
      { limit: 60 },
      { kinds: ['concurrent_requests', 'load_balancing'], budgetMs: 600_000 },
    );
    const kinds = events.flatMap((event) => (event.type === 'scenario_chosen' ? [event.scenario.kind] : []));
    const second = kinds.indexOf('concurrent_requests');
    expect(second).toBeGreaterThan(3);
    expect(kinds.slice(0, second)).toEqual(Array.from({ length: second }, () => 'load_balancing'));
    expect(kinds.slice(second)).toEqual(kinds.slice(second).map(() => 'concurrent_requests'));
  });

  it('never publishes what the generator could not send as the limit of the target', async () => {
    const { ended, events } = await session({ limit: 5_000, generatorLimit: 700 }, { budgetMs: 600_000 });
    expect(ended.limits[0]).toMatchObject({ status: 'at_least' });
    expect(ended.limits[0]?.low).toBeLessThanOrEqual(700);
    expect(ended.limits[0]?.reason).toContain('the load generator could not send');
    const invalid = events.flatMap((event) =>
      event.type === 'scenario_completed' && event.result.validity.status === 'invalid' ? [event.result] : [],
    );
    expect(invalid.length).toBeGreaterThan(0);
    for (const result of invalid) {
      if (result.evidence?.type === 'chirp') expect(result.evidence.onset).toBeNull();
      else expect(result).toMatchObject({ verdict: 'undecided', evidence: null });
    }
  });

  it('asks a target that left requests hanging for one thing alone before it goes on', async () => {
    const log: string[] = [];
    const clock = createVirtualClock();
    const load = virtualLoad(clock, { limit: 150, hangs: true });
    const ask: Ask = (question) => {
      log.push('alone');
      return answering(question);
    };
    const { ended, events } = await session(
      { limit: 150, hangs: true },
      {
        clock,
        load: {
          ...load,
          run: (order, signal) => {
            log.push('run');
            return load.run(order, signal);
          },
        },
        outside: { ...realOutside, ask, watchMachine: () => UNKNOWN_MACHINE },
      },
    );
    expect(ended.limits[0]?.status).toBe('known');
    const ends = events.flatMap((event) => (event.type === 'scenario_completed' ? [event.result] : []));
    const runs = log.join(' ').split('run').slice(1);
    expect(runs.length).toBe(ends.length);
    for (const [index, { measurement }] of ends.entries()) {
      const { cutOff, timedOut } = measurement!.counts;
      expect(runs[index]!.includes('alone')).toBe(cutOff + timedOut > 0);
    }
  });

  it.each(OBJECTIVES.slice(0, 1))('learns a limit by whatever the objectives bound: %s', (_, objectives, more) =>
    expectLearnedBy(objectives, more),
  );

  it('says what to add where the objectives set no limit', async () => {
    const measured = toTarget({ url: 'http://127.0.0.1:1', objectives: ['throughput>=100'] }, 'shop');
    const { ended, load } = await session({ limit: 400 }, { target: measured });
    expect(ended.limits[0]).toMatchObject({
      status: 'not_applicable',
      reason: expect.stringContaining('add one such as p(99)<250') as string,
    });
    expect(load.orders).toEqual([]);
  });

  it('does not wait for a target to be what it never was, and says that nothing held', async () => {
    const slow = toTarget({ url: 'http://127.0.0.1:1', objectives: ['p(99)<10'] }, 'shop');
    const { ended, events } = await session({ limit: 30, hangs: true }, { target: slow });
    expect(ended.reason).not.toContain('did not recover');
    expect(ended.limits[0]).toMatchObject({ status: 'below', binding: 'p(99)<10' });
    const high = ended.limits[0]?.high as number;
    expect(high).toBeLessThan(30);
    // What is tried beside it must not be what it cannot take.
    const completed = events.filter((event) => event.type === 'scenario_completed');
    const history = completed.map(({ scenario, result }, i) => ({
      scenario,
      result,
      sessionId: 'first',
      at: new Date(1_700_000_000_000 + i * 10_000).toISOString(),
    }));
    const { base } = generateScenario({ target: slow, kind: 'network_latency', seed: 1, history });
    expect(base.ratePerSecond).toBeLessThan(high / 3);
  });

  const waits = async (laterMs: number, code: string): Promise<void> => {
    const clock = createVirtualClock();
    const load = virtualLoad(clock, { limit: 150, hangs: true });
    const ask: Ask = () =>
      Promise.resolve({ type: 'answered', status: 200, location: null, ms: load.orders.length === 0 ? 20 : laterMs });
    const { ended, events } = await session(
      { limit: 150 },
      { load, clock, outside: { ...realOutside, ask, watchMachine: () => UNKNOWN_MACHINE }, budgetMs: 400_000 },
    );
    expect(ended.code).toBe(code);
    const critical = events.filter((event) => event.type === 'alert' && event.severity === 'critical');
    expect(critical.length).toBe(code === 'goal' ? 0 : 1);
  };
  it('waits for a target that is far slower alone after an overload', () => waits(260, 'did_not_recover'));
  itSlow('goes on with a target that is slower alone, though not by twice, after an overload', () => waits(30, 'goal'));

  it('says "not applicable" with the reason for a kind it cannot run', async () => {
    const { ended } = await session(
      { limit: 400 },
      { kinds: ['load_balancing', 'cache_efficiency'], budgetMs: 10_000 },
    );
    expect(ended.limits[1]).toMatchObject({ kind: 'cache_efficiency', status: 'not_applicable' });
    expect(ended.limits[1]?.reason).toContain('no request has keys');
  });

  it('refuses to send writes that the target does not allow, before anything is sent', async () => {
    const writes = toTarget({ url: 'http://127.0.0.1:1', requests: [{ method: 'POST', path: '/orders' }] }, 'shop');
    await expect(session({ limit: 400 }, { target: writes })).rejects.toMatchObject({ code: 'refused_by_safety' });
    const mixed = toTarget(
      { url: 'http://127.0.0.1:1', requests: [{ name: 'read' }, { name: 'write', method: 'POST' }] },
      'shop',
    );
    const { load } = await session({ limit: 400 }, { target: mixed, budgetMs: 5_000 });
    expect(load.orders[0]?.requests.map(({ name }) => name)).toEqual(['read']);
  });
});

describe('a scenario outside a session', () => {
  it('takes its difficulty from what is known, and says when nothing is', () => {
    const scenario = generateScenario({ target, kind: 'load_balancing', difficulty: 'easy', seed: 3, history: [] });
    expect(scenario).toMatchObject({ difficulty: 'easy', calibrated: false });
    expect(scenario.intensity).toBeLessThanOrEqual(100);
  });

  it('labels an intensity that was asked for', () => {
    expect(
      generateScenario({ target, kind: 'load_balancing', intensity: 5_000, seed: 3, history: [] }).difficulty,
    ).toBe('extreme');
  });
});
