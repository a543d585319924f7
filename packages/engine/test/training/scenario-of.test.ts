import { toTarget, type Kind } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { difficultyScale } from '../../src/learning/limit/difficulty.js';
import { generate } from '../../src/kinds/generate.js';
import { axesOf } from '../../src/training/axes.js';
import { scenarioOf } from '../../src/training/scenario-of.js';

const target = toTarget(
  { url: 'http://127.0.0.1:1', requests: [{ path: '/items/{key}', keys: { count: 500, distribution: 'zipf' } }] },
  'shop',
);

/** The judged part of a probe of that length, ms. */
function judgedMs(kind: Kind, durationMs: number): number {
  const base = { ratePerSecond: 20, connections: 20 };
  const [axis] = axesOf(target, [kind]);
  if (axis === undefined) throw new Error('an axis');
  const { plan } = scenarioOf({
    choice: {
      action: 'probe',
      kind,
      intensity: 50,
      warmupMs: 1_000,
      durationMs,
      predictedFailure: null,
      reason: 'to see',
    },
    axis,
    problem: generate({ target, kind, intensity: 50, seed: 1, base }),
    scale: difficultyScale(axis, undefined),
    graceMs: 1_000,
    safety: target.safety,
  });
  return plan.durationMs;
}

describe('the time of a probe', () => {
  it.each([
    ['load_balancing', 2_000, 2_000],
    ['load_balancing', 12_000, 12_000],
    ['cache_efficiency', 6_000, 6_000],
    ['cache_efficiency', 12_000, 12_000],
  ] as const)('of %s, asked for %d ms: %d ms', (kind, asked, judged) => {
    expect(judgedMs(kind, asked)).toBe(judged);
  });
});
