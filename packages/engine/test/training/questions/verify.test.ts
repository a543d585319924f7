import { toTarget } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import type { TrainingEvent } from '../../../src/execution/events.js';
import { verify } from '../../../src/training/questions/verify.js';
import { createVirtualClock } from '../../../src/virtual/clock.js';
import { createVirtualLoad } from '../../../src/virtual/load.js';
import { virtualOutside } from '../../../src/virtual/outside.js';
import { createQueue } from '../../../src/virtual/queue.js';
import type { FaultyService, Served } from '../../../src/virtual/service.js';
import { FULL, machineThat, QUIET } from '../../machine/usages.js';

/** Eight slots of 20 ms whose 30 s limit is 382 requests/s (bench/results/learning-truth.json). */
const LIMIT = 382;
const target = (safety = {}) => toTarget({ url: 'http://127.0.0.1:1', objectives: ['p(99)<200'], safety }, 'shop');

interface More {
  seed?: number;
  forSeconds?: number;
  safety?: object;
  /** From then on every connection is refused, ms. */
  diesMs?: number;
  /** Others keep this machine full. */
  isFull?: boolean;
}

const GONE: Served = { tookMs: 1, error: 'refused', cache: null, servedBy: null };

async function ask(atPerSecond: number, more: More = {}) {
  const { seed = 5, forSeconds = 60, safety = {}, diesMs = Infinity, isFull = false } = more;
  const clock = createVirtualClock();
  const queue = createQueue({ slots: 8, serviceMs: (random) => 20 * random.exponential() }, seed);
  const service: FaultyService = {
    ...queue,
    serve: (request, answer, plan) => (clock.now() > diesMs ? answer(GONE) : queue.serve(request, answer, plan)),
  };
  const events: TrainingEvent[] = [];
  const session = verify({
    clock,
    load: createVirtualLoad(clock, service),
    outside: { ...virtualOutside(service, clock), watchMachine: () => machineThat(() => (isFull ? FULL : QUIET)) },
    atPerSecond,
    forSeconds,
    seed: 1_000 + seed,
    target: target(safety),
    sessionId: 'ses_1',
    signal: new AbortController().signal,
    allowTargets: [],
  });
  for await (const event of session) events.push(event);
  const runs = events.flatMap((event) => (event.type === 'scenario_completed' ? [event] : []));
  return { ended: events.at(-1) as Extract<TrainingEvent, { type: 'ended' }>, runs };
}

describe('whether a target carries a rate', () => {
  it('is answered with yes by one run that holds for a minute, below its limit', async () => {
    const { ended, runs } = await ask(0.88 * LIMIT);
    expect(ended).toMatchObject({ answer: 'yes', code: 'goal', reason: expect.stringContaining('held for 60 s') });
    expect(runs).toHaveLength(1);
    expect(runs[0]!.scenario.plan.durationMs).toBe(60_000);
  });

  it('is answered with no by two runs that broke, above it, and never by more load than was asked for', async () => {
    const { ended, runs } = await ask(1.15 * LIMIT);
    expect(ended).toMatchObject({ answer: 'no', reason: expect.stringContaining('broke the objectives in 2 runs') });
    expect(runs).toHaveLength(2);
    for (const { scenario } of runs) expect(scenario.intensity).toBeCloseTo(1.15 * LIMIT, 6);
  });

  it('is answered with no where the target stops answering at a rate that it had answered', async () => {
    const { ended } = await ask(200, { diesMs: 20_000 });
    expect(ended).toMatchObject({ answer: 'no', code: 'target_unreachable', stopped: false });
    expect(ended.reason).toContain('stopped answering');
    expect(ended.limits).toHaveLength(1);
  });

  it('is not answered on a machine that others keep full, where what broke cannot be judged', async () => {
    const { ended, runs } = await ask(1.15 * LIMIT, { isFull: true });
    expect(ended).toMatchObject({ answer: 'undecided', code: 'goal' });
    expect(ended.reason).toContain('no run could be judged');
    expect(runs).toHaveLength(3);
    expect(runs.every(({ result }) => result.validity.status === 'invalid')).toBe(true);
  });

  it('takes longer where a minute has too few requests for the percentile', async () => {
    const { runs } = await ask(4);
    expect(runs[0]!.scenario.plan.durationMs).toBe(75_000);
  });

  it.each([
    ['a rate beyond the cap', { safety: { maxRatePerSecond: 100 } }, /atPerSecond: more than the target's cap of 100/],
    ['a time beyond the cap', { safety: { maxSeconds: 30 } }, /forSeconds: a run of 62 s is longer/],
  ])('refuses %s before anything is sent', async (_, more, message) => {
    await expect(ask(200, more)).rejects.toThrow(message);
  });
});
