import { describe, expect, it } from 'vitest';
import { DEMO_LIMITS } from './demo-limits.js';

describe('the documented limits of the demo', () => {
  it.each(DEMO_LIMITS)('$name is $documented in 500 simulated runs, within 1 %', ({ documented, simulated }) => {
    expect(Math.abs(simulated(500) / documented - 1)).toBeLessThan(0.01);
  });
});
