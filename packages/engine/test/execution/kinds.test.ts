import type { Kind, Plan } from '@hive/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { startPracticeProcess, tryOut, verdictOf, type PracticeProcess } from './practice-process.js';

// Of kinds that are short: what is well below the limit of docs/practice-target.md passes, what is well above it fails.

const load = createThreadLoad();
afterAll(() => load.close());

const SHORT: Partial<Plan> = { warmupMs: 500, durationMs: 2_500 };
const REST: Plan['preparation'] = { type: 'rest', maxMs: 300, connections: 1 };

interface Case {
  kind: Kind;
  limit: number;
  below: number;
  above: number;
  /** Said of what passes, and of what fails. */
  because: [RegExp, RegExp];
  plan?: Partial<Plan>;
  /** Where it differs from the demo: one quick node, so that the keys of a cache are soon fetched. */
  settings?: Parameters<typeof startPracticeProcess>[0];
}
const CASES: Case[] = [
  {
    kind: 'load_balancing',
    limit: 397,
    below: 200,
    above: 700,
    because: [/^met p\(99\)<250 and rate<0\.01/, /^p\(99\)<250 failed: .*stopped early/],
  },
  {
    kind: 'concurrent_requests',
    limit: 99,
    below: 50,
    above: 160,
    because: [/^met p\(99\)<250/, /^p\(99\)<250 failed/],
  },
  {
    kind: 'resource_allocation',
    limit: 80,
    below: 20,
    above: 250,
    because: [/^read: met p\(99\)<250/, /^read: p\(99\)<250 failed/],
    plan: { durationMs: 3_500 },
  },
  {
    kind: 'network_latency',
    limit: 200,
    below: 80,
    above: 320,
    because: [/^met p\(99\)<250/, /^p\(99\)<250 failed/],
    plan: { durationMs: 3_500, preparation: REST },
  },
  {
    kind: 'data_processing',
    limit: 1024 ** 2,
    below: 256 * 1024,
    above: 3 * 1024 ** 2,
    because: [/^met p\(95\)</, /^p\(95\)<.* failed/],
    plan: { preparation: REST },
  },
  {
    kind: 'cache_efficiency',
    limit: 520,
    below: 260,
    above: 1_500,
    because: [/^hit rate (?:8[2-9]|9).* \(80 % required\)/, /^hit rate (?:6|7[0-7]).* \(80 % required\)/],
    plan: { durationMs: 5_000 },
    settings: { nodes: 1, serviceMs: 3, withDependency: false },
  },
];

/** One whose rate is raised, one with a fault on the way, one that is judged by hits; the others are tried in the slow tests. */
const QUICK: readonly Kind[] = ['load_balancing', 'network_latency', 'cache_efficiency'];

// Side by side, each with a target of its own: none of these loads is more than a processor takes beside the others.
describe.concurrent.each(CASES.filter(({ kind }) => itSlow === it || QUICK.includes(kind)))(
  '$kind, whose limit is about $limit here',
  (given) => {
    const { kind, below, above, because, plan, settings = { proxied: true } } = given;
    let practice: PracticeProcess;
    beforeAll(async () => {
      practice = await startPracticeProcess(settings);
    });
    afterAll(() => practice.close());

    it.sequential.each([
      ['passed', below, because[0]],
      ['failed', above, because[1]],
    ] as const)('%s at %d', async (expected, intensity, why) => {
      const tried = { target: practice.target(), kind, intensity, load, plan: { ...SHORT, ...plan } };
      const result = await tryOut({ ...tried, expected });
      expect(verdictOf(result)).toMatchObject({ verdict: expected, why: expect.stringMatching(why) });
      expect(result.validity.status).not.toBe('invalid');
    });
  },
);

describe('network_latency between Hive and the target', () => {
  let practice: PracticeProcess;
  beforeAll(async () => {
    practice = await startPracticeProcess();
  });
  afterAll(() => practice.close());

  it('says how many round trips a request makes', async () => {
    const target = practice.target({ dependencies: [] });
    const plan = { ...SHORT, durationMs: 3_500, preparation: REST };
    const result = await tryOut({ target, kind: 'network_latency', intensity: 80, load, plan });
    expect(verdictOf(result)).toMatchObject({ verdict: 'passed' });
    expect(result.findings?.[0]).toMatch(
      /^(?:0\.9\d?\d?|1|1\.[01]\d?) round trips per request \(p50 response time without the delay: 3\d(?:\.\d)? ms\)/,
    );
    expect(result.measurement?.responseTimeMs.min).toBeGreaterThan(109);
  });
});
