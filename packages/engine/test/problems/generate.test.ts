import { parseObjectives, scenarioSchema, toTarget, type Kind } from '@hive/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clampIntensity, generate, UNCALIBRATED_BASE } from '../../src/problems/generate.js';
import { kindDefinition, supportedKinds } from '../../src/problems/registry.js';

const target = toTarget({ url: 'http://127.0.0.1:8080', objectives: ['p(99)<250', 'rate<0.01'] }, 'shop');
const three = toTarget(
  { nodes: [1, 2, 3].map((n) => ({ url: `http://127.0.0.1:${n}` })), objectives: ['p(99)<250'] },
  'shop',
);

describe.each([...supportedKinds])('%s', (kind: Kind) => {
  it('generates the same problem from the same inputs, byte for byte', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 20_000, noNaN: true }), fc.nat(), (intensity, seed) => {
        expect(JSON.stringify(generate({ target, kind, intensity, seed, base: UNCALIBRATED_BASE }))).toBe(
          JSON.stringify(generate({ target, kind, intensity, seed, base: UNCALIBRATED_BASE })),
        );
      }),
    );
  });

  it('stays within floor and cap, in whole steps where the axis has them', () => {
    const { cap, floor, whole } = kindDefinition(kind);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (intensity) => {
        const inside = clampIntensity(target, kind, intensity);
        expect(inside).toBeGreaterThanOrEqual(floor);
        expect(inside).toBeLessThanOrEqual(cap(target));
        if (whole) expect(Number.isInteger(inside)).toBe(true);
      }),
    );
  });

  it('is a scenario of the contract once training has named it', () => {
    const problem = generate({ target, kind, intensity: 100, seed: 7, base: UNCALIBRATED_BASE });
    scenarioSchema.parse({ ...problem, id: 'scn_1', difficulty: 'easy', calibrated: false, predictedFailure: null });
    expect(problem.expectedOutcomes.length).toBeGreaterThanOrEqual(parseObjectives(target.objectives).length);
  });
});

describe('descriptions', () => {
  it('say in plain words what is asked', () => {
    expect(
      generate({ target: three, kind: 'load_balancing', intensity: 420, seed: 1, base: UNCALIBRATED_BASE }).description,
    ).toBe('Serve 420 requests/s over 3 nodes, round robin, p99 under 250 ms');
    expect(
      generate({ target, kind: 'load_balancing', intensity: 1_234.5, seed: 1, base: UNCALIBRATED_BASE }).description,
    ).toBe('Serve 1,235 requests/s, p99 under 250 ms and errors under 1 %');
    expect(
      generate({ target, kind: 'concurrent_requests', intensity: 48, seed: 1, base: UNCALIBRATED_BASE }).description,
    ).toContain('Answer 48 connections');
  });
});

it('refuses a kind this version does not have, naming those it has', () => {
  expect(() => kindDefinition('cache_efficiency')).toThrow(/kinds: 'cache_efficiency' is not available/);
});
