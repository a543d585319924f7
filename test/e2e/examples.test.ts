import { createThreadLoad } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith, haproxy, nginx } from '../services.js';
import { startExample, tryScenario, verdictOf, type Example } from './example-process.js';
import { BALANCES, SHORT, tryBalance } from './haproxy-balances.js';

// What stands in examples/, run against things that we did not write: well below its limit it passes, well above it fails.

const load = createThreadLoad();
afterAll(() => load.close());

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
  describe.each(BALANCES.slice(0, 2))('$args, whose limit is within $limit requests/s', (balance) =>
    tryBalance(balance, load),
  );
});
