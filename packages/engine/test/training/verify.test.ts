import { toTarget } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import type { TrainingEvent } from '../../src/execution/events.js';
import { verify } from '../../src/training/verify.js';
import { virtualSurroundings } from '../../src/virtual/surroundings.js';

/** Eight slots of 20 ms whose 30 s limit is 382 requests/s (bench/results/learning-truth.json). */
const LIMIT = 382;
const target = (safety = {}) => toTarget({ url: 'http://127.0.0.1:1', objectives: ['p(99)<200'], safety }, 'shop');

async function ask(atPerSecond: number, more: { seed?: number; forSeconds?: number; safety?: object } = {}) {
  const { seed = 5, forSeconds = 60, safety = {} } = more;
  const settings = { slots: 8, serviceMs: (random: { exponential(): number }) => 20 * random.exponential() };
  const surroundings = virtualSurroundings({ settings, seed });
  const events: TrainingEvent[] = [];
  const asked = { atPerSecond, forSeconds, seed: 1_000 + seed, target: target(safety), sessionId: 'ses_1' };
  for await (const event of verify({
    ...surroundings,
    ...asked,
    signal: new AbortController().signal,
    allowTargets: [],
  }))
    events.push(event);
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
