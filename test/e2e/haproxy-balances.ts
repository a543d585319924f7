import type { Plan } from '@hive/contract';
import type { Load } from '@hive/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startExample, tryScenario, verdictOf, type Example } from './example-process.js';

export const SHORT: Partial<Plan> = { warmupMs: 500, durationMs: 3_500 };

export interface Balance {
  args: string[];
  limit: [least: number, most: number];
  passes: number;
  fails: number[];
}

export const BALANCES: Balance[] = [
  { args: ['--slow', 'c'], limit: [135, 145], passes: 100, fails: [250] },
  { args: ['--down', 'b'], limit: [390, 400], passes: 250, fails: [550] },
  { args: ['--slow', 'c', '--balance', 'leastconn'], limit: [405, 425], passes: 250, fails: [] },
];

/** The tests of one of them. */
export function tryBalance({ args, limit: [least, most], passes, fails }: Balance, load: Load): void {
  let example: Example;
  beforeAll(async () => {
    example = await startExample('haproxy-three-backends', args);
  });
  afterAll(() => example.end());

  it('says the simulated limit', () => {
    const [, limit] = /too slow from (\d+)\/s/.exec(example.said) ?? [];
    expect(Number(limit)).toBeGreaterThan(least);
    expect(Number(limit)).toBeLessThan(most);
  });

  it(`passed at ${passes}, and every backend is seen`, async () => {
    const { target } = example;
    const { result } = await tryScenario({ target, kind: 'load_balancing', intensity: passes, load, plan: SHORT });
    expect(verdictOf(result)).toMatchObject({ verdict: 'passed' });
    const alive = args[0] === '--down' ? ['a', 'c'] : ['a', 'b', 'c'];
    expect(Object.keys(result.measurement?.byNode ?? {}).toSorted()).toEqual(alive);
    expect(result.findings?.[0]).toMatch(new RegExp(`^${alive.length} nodes answered: `));
    // One that refuses is no trouble of the clients': HAProxy asks the next.
    expect(result.measurement?.errors).toEqual({});
  });

  it.each(fails)('failed at %d', async (intensity) => {
    const { target } = example;
    const { result } = await tryScenario({ target, kind: 'load_balancing', intensity, load, plan: SHORT });
    expect(verdictOf(result)).toMatchObject({ verdict: 'failed', why: expect.stringMatching(/250 ms/) as string });
  });
}
