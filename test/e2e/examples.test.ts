import { createThreadLoad } from '@hive/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, nginx } from '../services.js';
import { startExample, tryScenario, verdictOf, type Example } from './example-process.js';
import { SHORT } from './haproxy-balances.js';

// What stands in examples/, run against things that we did not write: well below its limit it passes, well above it fails. The others are
// in examples.slow.test.ts.

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
    ['passed', 140, /^met p\(99\)<250 and rate<0\.01 \(observed [\d.]+ ms and 0 %, /],
    ['failed', 400, /^rate<0\.01 failed: .* of .* requests failed \(1 % allowed\)/],
  ] as const)('%s at %d', async (verdict, intensity, why) => {
    const { target } = example;
    const { result } = await tryScenario({
      target,
      kind: 'load_balancing',
      intensity,
      load,
      plan: SHORT,
      expected: verdict,
    });
    expect(verdictOf(result)).toMatchObject({ verdict, why: expect.stringMatching(why) as string });
    expect(Object.keys(result.measurement?.errors ?? {})).toEqual(verdict === 'passed' ? [] : ['http_4xx']);
  });
});
