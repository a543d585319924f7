import type { Plan, ScenarioResult } from '@hive/contract';
import { createThreadLoad, type Load } from '@hive/engine';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, postgres } from '../services.js';
import { startExample, tryScenario, verdictOf, type Example } from './example-process.js';

// A service of ours before PostgreSQL, with Hive's fault proxy between them: three of them at once, since the scenarios last long and load little.

const REST: Plan['preparation'] = { type: 'rest', maxMs: 500, connections: 1 };

describeWith(postgres, 'examples/node-postgresql', () => {
  const examples: Example[] = [];
  const loads: Load[] = [];
  const results: Record<'fewBroken' | 'mostBroken' | 'near' | 'far', ScenarioResult | null> = {
    fewBroken: null,
    mostBroken: null,
    near: null,
    far: null,
  };

  beforeAll(async () => {
    const [one, two, three] = await Promise.all(
      [1, 2, 3].map(async () => {
        const example = await startExample('node-postgresql');
        const load = createThreadLoad();
        examples.push(example);
        loads.push(load);
        return { target: example.target, load };
      }),
    );
    if (!one || !two || !three) throw new Error('not started');
    // What it holds at its cap: half of that is the base load of the others.
    const plan = { warmupMs: 500, durationMs: 3_500 };
    const history = [await tryScenario({ ...one, kind: 'load_balancing', intensity: 100, plan })];
    const latency = {
      kind: 'network_latency',
      history,
      plan: { warmupMs: 500, durationMs: 7_500, preparation: REST },
    } as const;
    const faults = { kind: 'fault_tolerance', history } as const;
    await Promise.all([
      tryScenario({ ...one, ...faults, intensity: 0.1 }).then(({ result }) => (results.fewBroken = result)),
      tryScenario({ ...two, ...faults, intensity: 0.9 }).then(({ result }) => (results.mostBroken = result)),
      tryScenario({ ...three, ...latency, intensity: 60 })
        .then(({ result }) => (results.near = result))
        .then(() => tryScenario({ ...three, ...latency, intensity: 200 }))
        .then(({ result }) => (results.far = result)),
    ]);
  });
  afterAll(() => Promise.all([...examples.map((example) => example.end()), ...loads.map((load) => load.close())]));

  it.each([
    ['fewBroken', 'passed', /^with postgresql under faults: kept rate<0\.02 and p\(95\)<500.*recovered 0?\.?\d/],
    ['mostBroken', 'failed', /^with postgresql under faults: rate<0\.02 failed: \d+ of \d+ requests failed/],
    ['near', 'passed', /^kept p\(99\)<250 and rate<0\.01.* (?:1\.[89]|2(?:\.[0-3]\d?)?) round trips a request/],
    ['far', 'failed', /^p\(99\)<250 failed: \d+ of \d+ requests took longer than 250 ms/],
  ] as const)('%s: %s', (name, verdict, why) => {
    expect(verdictOf(results[name] as ScenarioResult)).toMatchObject({
      verdict,
      why: expect.stringMatching(why) as string,
    });
  });
});
