import { HiveError, toTarget, type Kind, type TargetInput } from '@hive/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import type { TrainingEvent } from '../../src/execution/events.js';
import { admit } from '../../src/execution/guarding/admit.js';
import { train } from '../../src/training/training.js';
import { verify } from '../../src/training/questions/verify.js';
import { createVirtualClock } from '../../src/virtual/clock.js';
import { createVirtualLoad } from '../../src/virtual/load.js';
import { virtualOutside } from '../../src/virtual/outside.js';
import { createQueue } from '../../src/virtual/queue.js';
import type { FaultyService, Served } from '../../src/virtual/service.js';
import { machineThat, QUIET } from '../machine/usages.js';

const URL_HERE = 'http://127.0.0.1:1';

/** A session in virtual time, and what its target saw of it. The virtual clock begins on Tuesday 2023-11-14 at 22:13:20 UTC. */
async function session(
  input: Partial<TargetInput>,
  more: {
    purpose?: 'train' | 'verify';
    kinds?: Kind[];
    budgetMs?: number;
    seed?: number;
    /** What a request takes, ms. */
    serviceMs?: number;
    /** This share of the answers is an error. */
    badShare?: number;
  } = {},
) {
  const {
    purpose = 'train',
    kinds = ['load_balancing'],
    budgetMs = 240_000,
    seed = 1,
    badShare = 0,
    serviceMs = 20,
  } = more;
  const target = toTarget({ url: URL_HERE, ...input }, 'shop');
  const clock = createVirtualClock();
  const queue = createQueue({ slots: 4, serviceMs: () => serviceMs }, seed);
  const seen = { requests: 0, bad: 0, atMs: [] as number[] };
  const service: FaultyService = {
    ...queue,
    serve(request, answer, plan) {
      seen.requests += 1;
      seen.atMs.push(request.atMs);
      const isBad = Math.floor(seen.requests * badShare) > Math.floor((seen.requests - 1) * badShare);
      if (isBad) seen.bad += 1;
      queue.serve(request, (served: Served) => answer(isBad ? { ...served, error: 'http_5xx' } : served), plan);
    },
  };
  const common = {
    target,
    clock,
    load: createVirtualLoad(clock, service),
    outside: { ...virtualOutside(service, clock), watchMachine: () => machineThat(() => QUIET) },
    signal: new AbortController().signal,
    allowTargets: ['shop.example'],
    sessionId: 'ses_1',
    seed,
  };
  const events: TrainingEvent[] = [];
  const asked =
    purpose === 'verify'
      ? verify({ ...common, atPerSecond: 50, forSeconds: 60 })
      : train({ ...common, kinds, budgetMs, precision: 0.05, history: [] });
  for await (const event of asked) events.push(event);
  const ended = events.at(-1) as Extract<TrainingEvent, { type: 'ended' }>;
  const runs = events.flatMap((event) => (event.type === 'scenario_completed' ? [event] : []));
  const cutOff = events.reduce((sum, event) => sum + (event.type === 'window' ? event.window.counts.cutOff : 0), 0);
  return { ended, runs, seen, cutOff, clock, target };
}

/** A service that fails at rest, also alone, is not measured at all. */
function whatFails(error: unknown): null {
  if (error instanceof HiveError && error.code === 'target_unreachable') return null;
  throw error;
}

/** The most of these moments that lie within one second. */
function mostInASecond(atMs: readonly number[]): number {
  const sorted = atMs.toSorted((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [last, ms] of sorted.entries()) {
    while (ms - sorted[first]! >= 1_000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

describe('what a session may send in all', () => {
  it('ends it with its own code and a sentence, and the run is not judged', async () => {
    const { ended, runs, seen } = await session({ safety: { maxRequests: 2_000 } });
    expect(ended).toMatchObject({
      code: 'max_requests',
      stopped: false,
      reason: '2,000 requests were sent, as many as safety.maxRequests of shop allows',
    });
    expect(seen.requests).toBe(2_000);
    expect(runs.at(-1)).toMatchObject({ result: { verdict: 'aborted', evidence: null }, spent: { requests: 2_000 } });
  });

  it('and may fail in all likewise, also of one that is asked whether it carries a rate', async () => {
    const more = { badShare: 0.1, purpose: 'verify' as const };
    const { ended, seen } = await session({ safety: { maxBadRequests: 40 }, objectives: ['rate<0.5'] }, more);
    expect(ended).toMatchObject({
      code: 'max_bad_requests',
      answer: 'undecided',
      reason: '40 requests got an error or no answer, as many as safety.maxBadRequests of shop allows',
    });
    expect(seen.bad).toBe(40);
  });

  it('is bounded also where nothing says so, on staging', async () => {
    const { ended, seen } = await session(
      { safety: { environment: 'staging' }, objectives: ['avg<250'] },
      { badShare: 0.5 },
    );
    expect([ended.code, seen.bad]).toEqual(['max_bad_requests', 500]);
  });

  it('holds for the first look at a slow service, too', async () => {
    const { seen, ended, runs } = await session({ safety: { maxRequests: 40 } }, { serviceMs: 80 });
    expect([ended.code, seen.requests]).toEqual(['max_requests', 40]);
    expect(runs.at(-1)?.scenario.plan.chirp?.levels?.length).toBeGreaterThan(1);
  });

  it('is never sent faster than allowed, also by what is done before a run', async () => {
    const more = { kinds: ['network_latency' as const], serviceMs: 5 };
    const { seen, runs } = await session({ safety: { maxRatePerSecond: 30 } }, more);
    expect(runs[0]?.scenario.plan.preparation).toBeDefined();
    expect(mostInASecond(seen.atMs)).toBeLessThanOrEqual(30 + 6 * Math.sqrt(30));
  });

  it('is never exceeded, whatever is measured and however it is capped', async () => {
    const caps = fc.record({
      maxRequests: fc.option(fc.integer({ min: 1, max: 3_000 })),
      maxBadRequests: fc.option(fc.integer({ min: 1, max: 200 })),
      maxRatePerSecond: fc.integer({ min: 20, max: 300 }),
      maxConnections: fc.integer({ min: 1, max: 60 }),
    });
    const kinds = fc.constantFrom<Kind>('load_balancing', 'concurrent_requests', 'network_latency');
    await fc.assert(
      fc.asyncProperty(
        caps,
        kinds,
        fc.nat(1_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        // A slow service is looked at in another way.
        fc.constantFrom(5, 20, 80),
        async (safety, kind, seed, badShare, serviceMs) => {
          const more = { kinds: [kind], budgetMs: 40_000, seed, badShare, serviceMs };
          const measured = await session({ safety }, more).catch(whatFails);
          if (measured === null) return;
          const { seen, cutOff, ended, runs } = measured;
          expect(seen.requests).toBeLessThanOrEqual(safety.maxRequests ?? Infinity);
          // What Hive itself cut off got no answer, good or bad.
          expect(seen.bad).toBeLessThanOrEqual((safety.maxBadRequests ?? Infinity) + cutOff);
          for (const { result, scenario } of runs) {
            expect(result.measurement?.peakConnections ?? 0).toBeLessThanOrEqual(safety.maxConnections);
            const { arrivals } = scenario.plan;
            const most =
              arrivals.model === 'open'
                ? arrivals.stages.flatMap((one) => [one.fromPerSecond, one.toPerSecond])
                : [arrivals.maxPerSecond ?? Infinity];
            expect(Math.max(...most)).toBeLessThanOrEqual(safety.maxRatePerSecond + 1e-6);
          }
          // Poisson arrivals vary by the root of their number.
          const rate = safety.maxRatePerSecond;
          expect(mostInASecond(seen.atMs)).toBeLessThanOrEqual(rate + 6 * Math.sqrt(rate) + 5);
          if (ended.code === 'max_requests') expect(seen.requests).toBe(safety.maxRequests);
        },
      ),
      { numRuns: itSlow === it ? 40 : 12 },
    );
  });
});

describe('the hours of a target', () => {
  it('end a session that is running, and what it measures then is not judged', async () => {
    // 22:13:20 on a Tuesday: one minute and 40 s are left.
    const { ended, runs, clock, seen } = await session({ safety: { hours: ['Tue 20:00-22:15 UTC'] } });
    expect(ended).toMatchObject({
      code: 'outside_hours',
      reason: 'shop may be loaded only Tue 20:00-22:15 UTC; the next time is Tue 2023-11-21 20:00 UTC',
    });
    expect(runs.at(-1)?.result.verdict).toBe('aborted');
    expect(Math.max(...seen.atMs)).toBeLessThanOrEqual(100_250);
    expect(clock.now()).toBeLessThan(102_000);
  });

  it('let a session end by itself where they are long enough', async () => {
    const { ended } = await session({ safety: { hours: ['Tue-Wed 20:00-06:00 UTC'] } });
    expect(ended.code).toBe('goal');
  });
});

const admitted = async (safety: TargetInput['safety'], more: Partial<Parameters<typeof admit>[0]> = {}) => {
  const target = toTarget(
    { nodes: [{ url: 'https://shop.example' }, { url: 'https://b.shop.example:8443' }], safety },
    'shop',
  );
  const clock = { wall: () => Date.parse('2026-11-29T12:00:00Z') };
  return admit({ target, purpose: 'train', clock, allowTargets: [], ...more });
};

describe('who may begin', () => {
  it('gets the caps of its session', async () => {
    expect(await admitted({ maxBadRequests: null })).toBeNull();
    expect(await admitted({})).toMatchObject({ maxRequests: null, maxBadRequests: 500 });
    expect(await admitted({ maxRequests: 9 })).toMatchObject({ maxRequests: 9, maxBadRequests: 500 });
  });

  it.each<[string, TargetInput['safety'], Partial<Parameters<typeof admit>[0]>, RegExp, RegExp]>([
    [
      'outside the hours',
      { hours: ['Mon-Fr 20:00-06:00 Europe/Berlin'] },
      {},
      /^shop may be loaded only Mon-Fr 20:00-06:00 Europe\/Berlin; the next time is Mon 2026-11-30 20:00 Europe\/Berlin$/,
      /safety\.hours/,
    ],
    [
      'on production',
      { environment: 'production' },
      {},
      /only hive verify may load it/,
      /hive verify --at 50\/s --production shop\.example/,
    ],
    [
      'with one run on production',
      { environment: 'production' },
      { purpose: 'run' },
      /only hive verify may load it/,
      /hive verify/,
    ],
    [
      'on production without its name',
      { environment: 'production' },
      { purpose: 'verify' },
      /is a production target$/,
      /--production shop\.example/,
    ],
    [
      'on production by another name',
      { environment: 'production' },
      { purpose: 'verify', production: 'staging.shop.example' },
      /'staging\.shop\.example' is not its host/,
      /--production shop\.example/,
    ],
    [
      'with nothing left to send',
      { maxRequests: 5 },
      { spent: { requests: 5, bad: 0 } },
      /reached safety\.maxRequests/,
      /another session/,
    ],
    [
      'after too many errors',
      { maxBadRequests: 5 },
      { spent: { requests: 9, bad: 5 } },
      /reached safety\.maxBadRequests/,
      /another session/,
    ],
    [
      'with a guard that may not be dialled',
      { guards: [{ url: 'http://192.0.2.1/health' }] },
      {},
      /the guard 192\.0\.2\.1\/health of shop is bad already: .*not a loopback address/,
      /safety\.guards/,
    ],
  ])('is refused %s', async (_, safety, more, message, hint) => {
    await expect(admitted(safety, more)).rejects.toMatchObject({
      code: 'refused_by_safety',
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(hint) as string,
    });
  });

  it.each(['shop.example', 'B.SHOP.example'])(
    'may ask whether production carries a rate, having named %s',
    async (production) => {
      const safety = { environment: 'production' as const };
      expect(await admitted(safety, { purpose: 'verify', production })).toMatchObject({ maxBadRequests: 50 });
    },
  );
});

describe('a production target', () => {
  it('is not searched for limits, whoever asks', async () => {
    await expect(session({ safety: { environment: 'production' } })).rejects.toMatchObject({
      code: 'refused_by_safety',
    });
  });

  it('gets reads alone, at the rate that was asked and never above', async () => {
    const requests = [{ name: 'read' }, { name: 'write', method: 'POST' }];
    const { target, runs, ended } = await session(
      { requests, safety: { environment: 'production' } },
      { purpose: 'verify' },
    );
    expect(ended).toMatchObject({ answer: 'yes' });
    for (const { scenario } of runs) {
      expect(scenario.intensity).toBe(50);
      expect(scenario.plan.faults).toBeUndefined();
    }
    expect(target.safety.allowWrites).toBe(false);
  });
});
