import type { Plan } from '@hive/contract';
import { createThreadLoad } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith, haproxy, nginx } from '../services.js';
import { startExample, tryScenario, verdictOf, type Example } from './example-process.js';

// What stands in examples/, run against things that we did not write: well below its limit it passes, well above it fails.

const load = createThreadLoad();
afterAll(() => load.close());

const SHORT: Partial<Plan> = { warmupMs: 500, durationMs: 3_500 };

describeWith(nginx, 'examples/nginx-limit-req, whose bucket refuses 1 % at 199.5 requests/s', () => {
  let example: Example;
  beforeAll(async () => {
    example = await startExample('nginx-limit-req');
  });
  afterAll(() => example.end());

  it('says the limit of the simulated bucket', () => {
    expect(example.said).toContain('1 % are refused at 199.5/s');
  });

  it.each([
    ['passed', 140, /^kept p\(99\)<250 and rate<0\.01 over/],
    ['failed', 400, /^rate<0\.01 failed: .* of .* requests failed, 1 % allowed/],
  ] as const)('%s at %d', async (verdict, intensity, why) => {
    const { target } = example;
    const { result } = await tryScenario({ target, kind: 'load_balancing', intensity, load, plan: SHORT });
    expect(verdictOf(result)).toMatchObject({ verdict, why: expect.stringMatching(why) as string });
    expect(Object.keys(result.measurement?.errors ?? {})).toEqual(verdict === 'passed' ? [] : ['http_4xx']);
  });
});

describeWith(nginx, 'examples/nginx-proxy-cache, which answers 80 % of some 1,330 keys', () => {
  let example: Example;
  beforeAll(async () => {
    example = await startExample('nginx-proxy-cache');
  });
  afterAll(() => example.end());

  it('says what follows from the pages that nginx keeps', () => {
    const [, kept, keys] = /keeps (\d+) pages: .* reads of (\d+) keys/.exec(example.said) ?? [];
    expect(Number(kept)).toBeGreaterThan(300);
    expect(Number(keys)).toBeGreaterThan(2.5 * Number(kept));
    expect(Number(keys)).toBeLessThan(3.5 * Number(kept));
  });

  it.each([
    ['passed', 600, /^the cache answered (?:8[5-9]|9\d|100).* 80 % asked for/],
    ['failed', 2_500, /^the cache answered (?:6|7[0-7]).* 80 % asked for/],
  ] as const)('%s at %d', async (verdict, intensity, why) => {
    const { target } = example;
    // Four windows: of two alone, one pair in twenty differs by more than twice what chance makes of it.
    const plan = { durationMs: 9_000 };
    const { result } = await tryScenario({ target, kind: 'cache_efficiency', intensity, load, plan });
    expect(verdictOf(result)).toMatchObject({ verdict, why: expect.stringMatching(why) as string });
  });
});

describeWith(haproxy, 'examples/haproxy-three-backends', () => {
  describe.each<{ args: string[]; limit: [number, number]; passes: number; fails: number[] }>([
    { args: ['--slow', 'c'], limit: [135, 145], passes: 100, fails: [250] },
    { args: ['--slow', 'c', '--balance', 'leastconn'], limit: [405, 425], passes: 250, fails: [] },
    { args: ['--down', 'b'], limit: [390, 400], passes: 250, fails: [550] },
  ])('$args, whose limit is within $limit requests/s', ({ args, limit: [least, most], passes, fails }) => {
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
  });
});
