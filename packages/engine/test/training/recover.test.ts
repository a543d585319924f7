import { toTarget, type Evidence, type Kind, type Scenario, type ScenarioResult } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { wasSeenWell } from '../../src/training/recover.js';
import { generateScenario } from '../../src/training/generate-scenario.js';

const target = toTarget(
  {
    url: 'http://127.0.0.1:1',
    requests: [{ path: '/items/{key}', keys: { count: 500, distribution: 'zipf' } }],
    objectives: ['p(99)<10', 'rate<0.01'],
  },
  'shop',
);

function seen(kind: Kind, more: Partial<ScenarioResult>): { scenario: Scenario; result: ScenarioResult } {
  const scenario = generateScenario({ target, kind, intensity: 10, seed: 1, history: [] });
  const result: ScenarioResult = {
    verdict: 'failed',
    reason: '',
    validity: { status: 'valid', reasons: [] },
    objectives: [],
    evidence: null,
    measurement: null,
    executionSeconds: 10,
    ...more,
  };
  return { scenario, result };
}

/** A first look whose first half second had this many bad of a hundred, by each clause. */
function firstLook(bad: number[]): ReturnType<typeof seen> {
  const block = { seconds: 0.5, rate: 200, planned: 100, decided: 100, outstanding: 0, bad };
  const evidence: Evidence = { type: 'chirp', onset: 200, blocks: [block] };
  const { scenario, result } = seen('load_balancing', { evidence });
  const chirp = { shares: [0.01, 0.01], latencySeconds: 0.01, gentle: false };
  return { scenario: { ...scenario, plan: { ...scenario.plan, chirp } }, result };
}

describe('whether a target was ever seen well', () => {
  it.each([
    ['a run passed', [seen('load_balancing', { verdict: 'passed' })], true],
    [
      'it failed, and then a run of another kind passed',
      [seen('load_balancing', {}), seen('concurrent_requests', { verdict: 'passed' })],
      true,
    ],
    ['all failed', [seen('load_balancing', {}), seen('network_latency', {})], false],
    ['only a kind with a rule of its own passed', [seen('cache_efficiency', { verdict: 'passed' })], false],
    ['a first look began well', [firstLook([0, 0])], true],
    ['a third was slow as it began', [firstLook([30, 0])], false],
    ['a third was refused as it began', [firstLook([0, 30])], false],
    ['nothing was seen', [], false],
  ])('%s', (_, results, well) => {
    expect(wasSeenWell(results)).toBe(well);
  });
});
