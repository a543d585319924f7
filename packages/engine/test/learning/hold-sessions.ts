import fc from 'fast-check';
import { expect } from 'vitest';
import type { LearnedResult } from '../../src/learning/axis.js';
import { RATE_AXIS } from './axis.js';
import { simulateSession, type SessionEnd, type SimulatedService } from './simulated-session.js';

export const HOLD = 300;
/** Without the warm-up. */
export const JUDGED = HOLD - 2;
export const service: SimulatedService = { limit: 420, steepness: 40, scatter: 0.01 };

export const holdsOf = (results: readonly LearnedResult[]): LearnedResult[] =>
  results.filter(({ scenario: { plan } }) => plan.hold === true);
const simulate = (more: Partial<Parameters<typeof simulateSession>[0]>): SessionEnd =>
  simulateSession({ axis: RATE_AXIS, service, seed: 1, holdSeconds: HOLD, ...more });

let usual: SessionEnd | undefined;
/** A session with a hold. The usual one is not simulated twice. */
export const session = (more?: Parameters<typeof simulate>[0]): SessionEnd =>
  more === undefined ? (usual ??= simulate({})) : simulate(more);

/** Against any service, what is said to have held did; and in this many sessions something is. */
export function expectHoldsAreTrue(runs: { numRuns: number; seed?: number }, least: number): void {
  const anyService = fc.record({
    limit: fc.double({ min: Math.log(20), max: Math.log(5_000), noNaN: true }).map(Math.exp),
    steepness: fc.constantFrom(8, 20, 60, 150),
    scatter: fc.constantFrom(0, 0.01, 0.04),
    tires: fc.constantFrom(1, 0.95, 0.8),
  });
  let held = 0;
  fc.assert(
    fc.property(anyService, fc.integer({ min: 1, max: 1e6 }), ({ tires, ...any }, seed) => {
      const { limit, results, seconds, choices } = session({
        service: { ...any, tiresTo: tires * any.limit },
        seed,
        budgetSeconds: 900,
      });
      expect(seconds).toBeLessThanOrEqual(900);
      for (const choice of choices)
        if (choice.action === 'probe' && choice.durationMs > 60_000)
          expect(choice.predictedFailure as number).toBeLessThan(0.1);
      if (limit.heldSeconds === undefined) return;
      held += 1;
      const { safe, heldSeconds } = limit as { safe: number; heldSeconds: number };
      const passed = holdsOf(results).filter(({ result }) => result.verdict === 'passed');
      expect(passed.some(({ scenario }) => scenario.intensity >= safe)).toBe(true);
      expect(heldSeconds).toBe(JUDGED);
    }),
    runs,
  );
  expect(held).toBeGreaterThanOrEqual(least);
}
