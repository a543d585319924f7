import type { Kind, Plan, Scenario } from '@hive/contract';
import { createThreadLoad, type LearnedResult } from '@hive/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith, postgres } from '../services.js';
import { startExample, tryScenario, verdictOf, type Example } from './example-process.js';

// A service of ours before PostgreSQL, with Hive's fault proxy between them: well below its limits it passes, well above them it fails.

const SHORT: Partial<Plan> = { warmupMs: 500, durationMs: 3_500 };
const LATENCY: Partial<Plan> = {
  warmupMs: 500,
  durationMs: 7_500,
  preparation: { type: 'rest', maxMs: 500, connections: 1 },
};

/** The faults in half their time, and as long after them as 200 requests need. */
function hurried({ plan }: Scenario): Partial<Plan> {
  const faults = (plan.faults ?? []).map((fault) => ({ ...fault, fromMs: fault.fromMs / 2, toMs: fault.toMs / 2 }));
  const warmupMs = plan.warmupMs / 2;
  return { warmupMs, faults, durationMs: Math.max(...faults.map(({ toMs }) => toMs)) - warmupMs + 6_000 };
}

interface Tries {
  what: string;
  kind: Kind;
  plan: Partial<Plan> | ((generated: Scenario) => Partial<Plan>);
  tries: [verdict: 'passed' | 'failed', intensity: number, why: RegExp][];
}

const TRIES: Tries[] = [
  {
    what: 'more latency to its database, ms',
    kind: 'network_latency',
    plan: LATENCY,
    tries: [
      ['passed', 60, /^met p\(99\)<250 and rate<0\.01.* (?:1\.[89]\d?|2|2\.[0-3]\d?) round trips per request/],
      ['failed', 250, /^p\(99\)<250 failed: \d+ of \d+ requests took longer than 250 ms/],
    ],
  },
  {
    what: 'few broken connections to its database, as a share',
    kind: 'fault_tolerance',
    plan: hurried,
    tries: [['passed', 0.1, /^with faults on postgresql: met rate<0\.02 and p\(95\)<500.*recovered \d/]],
  },
  {
    what: 'many broken connections to its database, as a share',
    kind: 'fault_tolerance',
    plan: hurried,
    tries: [['failed', 0.9, /^with faults on postgresql: rate<0\.02 failed: \d+ of \d+ requests failed/]],
  },
];

describeWith(postgres, 'examples/node-postgresql', () => {
  const load = createThreadLoad();
  afterAll(() => load.close());

  /** One is started after the other: two that look for free ports at once may find the same. */
  let started: Promise<unknown> = Promise.resolve();
  const start = (): Promise<Example> => {
    const next = started.then(() => startExample('node-postgresql'));
    started = next.catch(() => undefined);
    return next;
  };

  // Side by side, each with a shop and a database of its own: most of their time is waiting.
  describe.concurrent.each(TRIES)('with $what', ({ kind, plan, tries }) => {
    const history: LearnedResult[] = [];
    let example: Example;
    beforeAll(async () => {
      example = await start();
      // What it holds at its cap: half of that is the base load of the others.
      const { target } = example;
      history.push(await tryScenario({ target, kind: 'load_balancing', intensity: 100, load, plan: SHORT }));
    });
    afterAll(() => example.end());

    it.sequential.each(tries)('%s at %d', async (verdict, intensity, why) => {
      const { target } = example;
      const { result } = await tryScenario({ target, kind, intensity, load, history, plan, expected: verdict });
      expect(verdictOf(result)).toMatchObject({ verdict, why: expect.stringMatching(why) as string });
    });
  });
});
