import { describe, expect, it } from 'vitest';
import { DEMO_LIMITS } from './demo-limits.js';
import { halfway, simulate } from './simulation.js';

describe('the documented limits of the demo', () => {
  // One of each kind; demo-limits.slow.test.ts has all of them.
  it.each(DEMO_LIMITS.filter((_, index) => [0, 3, 7].includes(index)))(
    '$name is about $documented in a few simulated runs',
    ({ documented, simulated }) => {
      expect(Math.abs(simulated(15) / documented - 1)).toBeLessThan(0.03);
    },
  );
});

describe('the simulation', () => {
  it('finds the limits that M/M/8 is known to have', () => {
    const limit = halfway({
      low: 340,
      high: 420,
      runs: 40,
      allowedShare: 0.01,
      precision: 0.002,
      bad: (ratePerSecond, seed) =>
        simulate(
          {
            nodes: 1,
            workers: 8,
            distribution: 'exponential',
            latencyMs: 200,
            streams: [{ ratePerSecond, meanMs: 20, judged: true }],
          },
          seed,
        ).all,
    });
    expect(limit).toBeGreaterThan(376);
    expect(limit).toBeLessThan(389);
  });
});
