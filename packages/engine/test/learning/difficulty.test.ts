import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beliefPolicy } from '../../src/learning/search/belief-policy.js';
import { difficultyOf, difficultyScale, intensityOf } from '../../src/learning/limit/difficulty.js';
import { RATE_AXIS } from './axis.js';
import { simulateSession } from './simulated-session.js';

const service = { limit: 400, steepness: 40, scatter: 0.01 };

describe('difficulty', () => {
  it('puts each drawn intensity back under its own label', () => {
    const { limit } = simulateSession({ axis: RATE_AXIS, service, seed: 2 });
    const scale = difficultyScale(RATE_AXIS, limit);
    fc.assert(
      fc.property(
        fc.constantFrom('easy' as const, 'medium' as const, 'hard' as const, 'extreme' as const),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (difficulty, draw) => {
          expect(difficultyOf(intensityOf(difficulty, scale, draw), scale)).toBe(difficulty);
        },
      ),
    );
    expect(scale.calibrated).toBe(true);
  });

  it('stands on the prior, and says so, while nothing is known', () => {
    const nothing = beliefPolicy.limit(RATE_AXIS, []);
    expect(nothing).toMatchObject({ status: 'unknown', reason: 'no run yet', scenarios: 0 });
    for (const limit of [undefined, nothing])
      expect(difficultyScale(RATE_AXIS, limit)).toMatchObject({ calibrated: false, l50: RATE_AXIS.prior });
    expect(difficultyOf(200, difficultyScale(RATE_AXIS, nothing))).toBe('hard');
  });

  it('asks for no more than what failed where nothing held', () => {
    const below = { ...beliefPolicy.limit(RATE_AXIS, []), status: 'below' as const, high: 8 };
    expect(difficultyScale(RATE_AXIS, below)).toMatchObject({ calibrated: false, l50: 8 });
  });

  it('refers to the cap once everything up to it held', () => {
    const capped = { ...RATE_AXIS, cap: 150 };
    const { limit } = simulateSession({ axis: capped, service, seed: 1 });
    expect(difficultyScale(capped, limit)).toMatchObject({ calibrated: true, l50: 150 });
  });
});
