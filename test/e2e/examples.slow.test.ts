import { createThreadLoad } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith, haproxy, nginx } from '../services.js';
import { startExample, tryScenario, verdictOf, type Example } from './example-process.js';
import { BALANCES, tryBalance } from './haproxy-balances.js';

const load = createThreadLoad();
afterAll(() => load.close());

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
    ['passed', 600, /^hit rate (?:8[5-9]|9\d|100).* \(80 % required\)/],
    ['failed', 2_500, /^hit rate (?:6|7[0-7]).* \(80 % required\)/],
  ] as const)('%s at %d', async (verdict, intensity, why) => {
    const { target } = example;
    // Four windows: of two alone, one pair in twenty differs by more than twice what chance makes of it.
    const plan = { durationMs: 9_000 };
    const { result } = await tryScenario({
      target,
      kind: 'cache_efficiency',
      intensity,
      load,
      plan,
      expected: verdict,
    });
    expect(verdictOf(result)).toMatchObject({ verdict, why: expect.stringMatching(why) as string });
  });
});

describeWith(haproxy, 'examples/haproxy-three-backends, every way', () => {
  describe.each(BALANCES)('$args, whose limit is within $limit requests/s', (balance) => tryBalance(balance, load));
});
