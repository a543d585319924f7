import { toTarget, type Kind } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/clock.js';
import type { Load, LoadOrder, Tick } from '../../src/measuring.js';
import { createHistogram, encodeHistogram, record } from '../../src/metrics/histogram.js';
import type { TrainingEvent } from '../../src/training/events.js';
import { rateAt } from '../../src/training/chirp-watch.js';
import { generateScenario, train, type TrainOptions } from '../../src/training/training.js';

const target = toTarget({ url: 'http://127.0.0.1:1' }, 'shop');

interface VirtualClock extends Clock {
  advance(ms: number): void;
}

/** Time that passes only when the load lets it; sleepers wake when it has passed them. */
function virtualClock(): VirtualClock {
  let nowMs = 0;
  const sleepers = new Set<{ until: number; wake: () => void }>();
  const clock: VirtualClock = {
    now: () => nowMs,
    wall: () => 1_700_000_000_000 + nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = { until: nowMs + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => resolve(), { once: true });
        if (signal?.aborted) resolve();
        // Nothing else runs during a short rest, so the rest itself must let time pass; the budget's long one must not.
        if (ms < 60_000) setImmediate(() => clock.advance(ms));
      }),
    advance(ms) {
      nowMs += ms;
      for (const sleeper of sleepers) {
        if (sleeper.until > nowMs) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
  };
  return clock;
}

function recorded(times: number, valueUs: number): Uint8Array | null {
  const histogram = createHistogram();
  for (let n = 0; n < times; n += 1) record(histogram, valueUs);
  return encodeHistogram(histogram);
}

interface Service {
  /** Requests a second, or connections, beyond which every request is too slow. */
  limit: number;
  /** The generator cannot send more than this. */
  generatorLimit?: number;
  /** Overloaded requests never come back: the target must be seen to recover. */
  hangs?: boolean;
  /** What a request takes that is not too much, ms. */
  takesMs?: number;
  /** What is too much is refused. */
  refuses?: boolean;
  /** What is too much makes one in ten late, in one tick of each run. */
  hiccups?: boolean;
}

function virtualLoad(clock: VirtualClock, service: Service): Load & { orders: LoadOrder[] } {
  const orders: LoadOrder[] = [];
  return {
    orders,
    async *run(order, signal) {
      orders.push(order);
      const { arrivals } = order;
      const endMs = order.warmupMs + order.durationMs;
      let due = 0;
      for (let fromMs = 0; ; fromMs += order.tickMs) {
        clock.advance(order.tickMs);
        await new Promise((resolve) => setImmediate(resolve));
        const toMs = fromMs + order.tickMs;
        const intensity =
          arrivals.model === 'closed' ? arrivals.connections : rateAt(arrivals.stages, (fromMs + toMs) / 2);
        const perSecond = arrivals.model === 'closed' ? 400 : intensity;
        const last = signal.aborted || toMs >= endMs;
        due += (perSecond * order.tickMs) / 1_000;
        const planned = Math.round(due);
        due -= planned;
        yield tickOf(order, { fromMs, toMs, last, intensity, planned });
        if (last) return;
      }
    },
    async close() {},
  };

  function tickOf(
    order: LoadOrder,
    at: { fromMs: number; toMs: number; last: boolean; intensity: number; planned: number },
  ): Tick {
    const tooMuch = at.intensity > service.limit && !service.hiccups;
    const hiccup = service.hiccups && at.intensity > service.limit && at.fromMs - order.warmupMs === 4 * order.tickMs;
    const isLost = tooMuch && (service.refuses || service.hangs);
    const badOf = (late: boolean): number => (isLost || late ? at.planned : hiccup ? Math.ceil(at.planned / 10) : 0);
    const droppedGenerator = at.intensity > (service.generatorLimit ?? Infinity) ? at.planned : 0;
    const sent = at.planned - droppedGenerator;
    const cutOff = tooMuch && service.hangs ? sent : 0;
    const answered = sent - cutOff;
    const { takesMs = 20, refuses = false } = service;
    const tookMs = tooMuch && !refuses ? 300 : takesMs;
    const good = tooMuch && refuses ? 0 : answered;
    const histogram = recorded(sent, tookMs * 1_000);
    return {
      fromMs: at.fromMs,
      toMs: at.toMs,
      last: at.last,
      phase: at.fromMs < order.warmupMs ? 'warmup' : 'judged',
      parts: [
        {
          part: at.fromMs < order.warmupMs ? 'warmup' : 'judged',
          counts: {
            planned: at.planned,
            sent,
            droppedTarget: 0,
            droppedGenerator,
            answered,
            good,
            failed: 0,
            timedOut: 0,
            cutOff,
          },
          errors: {},
          bad: order.thresholdsMs.map((thresholdMs) => badOf(tookMs > thresholdMs)),
          responseTime: histogram,
          serviceTime: histogram,
          nodes: {},
          bytesIn: 0,
          bytesOut: 0,
        },
      ],
      connections: 1,
      peakConnections: 1,
      outstanding: 0,
      waiting: 0,
      health: {
        lateness: null,
        latenessP99Ms: 0,
        busy: 0,
        eventLoopDelayP99Ms: 0,
        outstandingIntegralMs: 20 * sent,
        endedServiceMs: 20 * sent,
        openAgesMs: 0,
        clockJumpMs: 0,
      },
    };
  }
}

async function session(service: Service, more: Partial<TrainOptions> & { kinds?: readonly Kind[] } = {}) {
  const clock = virtualClock();
  const load = virtualLoad(clock, service);
  const events: TrainingEvent[] = [];
  const options: TrainOptions = {
    target,
    kinds: ['load_balancing'],
    budgetMs: 120_000,
    precision: 0.05,
    seed: 1,
    load,
    clock,
    signal: new AbortController().signal,
    allowTargets: [],
    sessionId: 'ses_1',
    history: [],
    ...more,
  };
  for await (const event of train(options)) {
    events.push(event);
    if (event.type !== 'window' && event.type !== 'row') continue;
  }
  const ended = events.at(-1);
  if (ended?.type !== 'ended') throw new Error('a session must end with `ended`');
  return { events, ended, clock, load };
}

describe('a training session', () => {
  it('tells its story in order: chosen, started, windows, completed, learned; then ended', async () => {
    const { events } = await session({ limit: 400 });
    const story = events.map(({ type }) => type).filter((type) => type !== 'window' && type !== 'row');
    const scenarios = story.filter((type) => type === 'scenario_chosen').length;
    expect(story.slice(0, -1)).toEqual(
      Array.from({ length: scenarios }, () => [
        'scenario_chosen',
        'scenario_started',
        'scenario_completed',
        'limit_updated',
      ]).flat(),
    );
    expect(story.at(-1)).toBe('ended');
  });

  it('learns the limit as a belief with a credible interval', async () => {
    const { ended } = await session({ limit: 400 });
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

  it('is the same session again with the same seed', async () => {
    const seen = async (seed: number) =>
      (await session({ limit: 400 }, { seed })).load.orders.map(({ seed: orderSeed, arrivals }) => ({
        orderSeed,
        arrivals,
      }));
    expect(await seen(7)).toEqual(await seen(7));
    expect(await seen(7)).not.toEqual(await seen(8));
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

  it('holds what is called safe at the end, and says for how long it held', async () => {
    const { ended, load, clock } = await session({ limit: 400 }, { budgetMs: 420_000, holdMs: 300_000 });
    const last = load.orders.at(-1);
    expect((last?.warmupMs ?? 0) + (last?.durationMs ?? 0)).toBe(300_000);
    const rate = last?.arrivals.model === 'open' ? last.arrivals.stages[0]?.toPerSecond : undefined;
    expect(rate).toBeGreaterThan(300);
    expect(rate).toBeLessThan(400);
    expect(clock.now()).toBeLessThanOrEqual(420_500);
    expect(ended.limits[0]?.heldSeconds).toBeGreaterThanOrEqual(299);
    expect(ended.limits[0]?.safe).toBeLessThanOrEqual(rate as number);
  });

  it('stops at once when asked, with the running scenario aborted', async () => {
    const stop = new AbortController();
    const clock = virtualClock();
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

  it('runs one kind for a block of three, then another has its turn', async () => {
    const { events } = await session({ limit: 60 }, { kinds: ['load_balancing', 'concurrent_requests'] });
    const kinds = events.flatMap((event) => (event.type === 'scenario_chosen' ? [event.scenario.kind] : []));
    expect(kinds.slice(0, 6)).toEqual([
      ...Array.from({ length: 3 }, () => 'load_balancing'),
      ...Array.from({ length: 3 }, () => 'concurrent_requests'),
    ]);
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

  it('checks gently that a target which left requests hanging is well again before it goes on', async () => {
    const { load, ended } = await session({ limit: 150, hangs: true });
    const rates = load.orders.map(({ arrivals }) =>
      arrivals.model === 'open' ? (arrivals.stages[0]?.toPerSecond ?? 0) : 0,
    );
    const checks = rates.filter((rate, index) => Math.abs(rate - (rates[index - 1] ?? 0) / 3) < 1e-6);
    expect(checks.length).toBeGreaterThan(0);
    expect(ended.limits[0]?.status).toBe('known');
  });

  it.each([
    ['a mean alone', ['avg<80'], {}],
    ['a mean beside what breaks later', ['p(99)<2000', 'avg<80'], {}],
    ['every second for itself', ['rate<0.01', 'p(99)<250 for 1s'], { hiccups: true }],
    ['a mean, every second for itself', ['rate<0.01', 'avg<80 for 1s'], {}],
    ['nothing may be refused', ['rate<=0'], { refuses: true }],
    ['nothing may be late or refused', ['p(99.99)<250', 'rate<=0'], { refuses: true }],
  ] as const)('learns a limit by whatever the objectives bound: %s', async (_, objectives, more) => {
    const measured = toTarget({ url: 'http://127.0.0.1:1', objectives: [...objectives] }, 'shop');
    const { ended } = await session(
      { limit: 400, ...more },
      { target: measured, budgetMs: 'hiccups' in more ? 300_000 : 120_000 },
    );
    const { status, low, high, binding } = ended.limits[0] ?? {};
    expect(status).toBe('known');
    expect(low).toBeLessThanOrEqual(400);
    expect(high).toBeGreaterThanOrEqual(400);
    expect(binding).toBe(objectives.at(-1));
  });

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

  it('ends where a target that was well once is slower after an overload', async () => {
    const clock = virtualClock();
    const well = virtualLoad(clock, { limit: 150, hangs: true });
    const slow = virtualLoad(clock, { limit: 150, takesMs: 260 });
    const load: Load = { ...well, run: (order, signal) => (well.orders.length === 0 ? well : slow).run(order, signal) };
    const { ended, events } = await session({ limit: 150 }, { load, clock });
    expect(ended.reason).toContain('did_not_recover');
    expect(events.filter(({ type }) => type === 'alert')).toMatchObject([{ severity: 'critical' }]);
  });

  it('says "not applicable" with the reason for a kind it cannot run', async () => {
    const { ended } = await session({ limit: 400 }, { kinds: ['load_balancing', 'cache_efficiency'] });
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
