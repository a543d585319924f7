import fc from 'fast-check';
import { expect } from 'vitest';
import type { Axis, LearnedResult } from '../../src/learning/axis.js';
import { RATE_AXIS } from './axis.js';
import { simulateSession, type SessionEnd, type SimulatedService } from './simulated-session.js';

// What must hold of many sessions: the tests look at a few of them, the slow tests at all.

export const service: SimulatedService = { limit: 420, steepness: 40, scatter: 0.01 };
export const seedsUpTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const anyService = fc.record({
  limit: fc.double({ min: Math.log(20), max: Math.log(5_000), noNaN: true }).map(Math.exp),
  steepness: fc.constantFrom(8, 20, 60, 150),
  scatter: fc.constantFrom(0, 0.01, 0.04),
});
const anySeed = fc.integer({ min: 1, max: 1e6 });

/** How many runs; and from which seed, where they are to be the same each time. */
type Runs = { numRuns: number; seed?: number };

const sessions = new Map<string, SessionEnd>();
/** A session against the usual service. It is not simulated twice. */
export function sessionOf(seed: number, precision = 0.05): SessionEnd {
  const name = `${seed} ${precision}`;
  const known = sessions.get(name) ?? simulateSession({ axis: RATE_AXIS, service, seed, precision });
  sessions.set(name, known);
  return known;
}

/** The limit is found to ±5 %, and all 95 % intervals but this many hold the truth. */
export function expectLimitFound(seeds: readonly number[], butFor: number): void {
  const ends = seeds.map((seed) => sessionOf(seed));
  for (const { limit, reason } of ends) {
    expect(limit).toMatchObject({ status: 'known', method: 'belief', level: 0.95, binding: 'p(99)<250' });
    expect(reason).toBe('measured the limit to ±5 %');
    expect((limit.high as number) / (limit.low as number)).toBeLessThan(1.106);
  }
  const covering = ends.filter(({ limit }) => (limit.low as number) <= 420 && (limit.high as number) >= 420);
  expect(covering.length).toBeGreaterThanOrEqual(seeds.length - butFor);
}

/** The clause that tells why is named, whether the bad requests come suddenly or not. */
export function expectBindingNamed(seeds: readonly number[], badFor: 'refused' | 'late', binding: string): void {
  const errors = { expression: 'rate<0.01', allowedShare: 0.01, latencySeconds: null };
  const axis: Axis = { ...RATE_AXIS, clauses: [...RATE_AXIS.clauses, errors] };
  for (const steepness of [20, 150]) {
    for (const seed of seeds) {
      const { limit } = simulateSession({ axis, service: { ...service, steepness, badFor }, seed });
      expect(limit.binding).toBe(binding);
    }
  }
}

/** ±10 % takes four fifths of the seconds of ±5 %, or less. */
export function expectCoarseIsQuicker(seeds: readonly number[]): void {
  const total = (precision: number): number => seeds.reduce((sum, seed) => sum + sessionOf(seed, precision).seconds, 0);
  expect(total(0.1)).toBeLessThan(0.92 * total(0.05));
}

/** Before a session ends the target was seen to hold below its limit and to fail above. */
export function expectBothSidesSeen(runs: Runs): void {
  fc.assert(
    fc.property(anyService, anySeed, (any, seed) => {
      const { limit, results, reason } = simulateSession({ axis: RATE_AXIS, service: any, seed });
      if (!reason.startsWith('the limit is known')) return;
      const probes = results.filter(({ result }) => result.evidence?.type === 'counts');
      const held = probes.filter(({ result }) => result.verdict === 'passed').map((one) => one.scenario.intensity);
      const broke = probes.filter(({ result }) => result.verdict === 'failed').map((one) => one.scenario.intensity);
      expect(Math.min(...held)).toBeLessThan(limit.high as number);
      expect(Math.max(...broke)).toBeGreaterThan(limit.low as number);
    }),
    runs,
  );
}

/** The cap is never left, and a limit above it is "at least". */
export function expectCapKept(runs: Runs): void {
  fc.assert(
    fc.property(fc.double({ min: 30, max: 3_000, noNaN: true }), anySeed, (cap, seed) => {
      const capped: Axis = { ...RATE_AXIS, cap };
      const { results, limit } = simulateSession({ axis: capped, service, seed });
      expect(Math.max(...tried(results))).toBeLessThanOrEqual(cap);
      if (cap < 300) {
        expect(limit).toMatchObject({ status: 'at_least', low: cap, estimate: null });
        expect(limit.reason).toContain(capped.capReason);
      }
      if (cap > 600) expect(limit.status).toBe('known');
    }),
    runs,
  );
}

/** Where overload is not allowed nothing is sent that probably fails. */
export function expectGentle(runs: Runs): void {
  const gentle: Axis = { ...RATE_AXIS, allowOverload: false };
  fc.assert(
    fc.property(anyService, anySeed, (any, seed) => {
      const { choices } = simulateSession({ axis: gentle, service: any, seed, budgetSeconds: 300 });
      for (const choice of choices)
        if (choice.action === 'probe') expect(choice.predictedFailure ?? 0).toBeLessThanOrEqual(0.5);
        else for (const { from, to } of choice.stages) expect(to / from).toBeLessThanOrEqual(1.16);
    }),
    runs,
  );
}

/** A session ends within its budget, whatever that is. */
export function expectBudgetKept(runs: Runs): void {
  fc.assert(
    fc.property(anyService, fc.integer({ min: 5, max: 60 }), (any, budgetSeconds) => {
      const { seconds, limit } = simulateSession({ axis: RATE_AXIS, service: any, seed: 1, budgetSeconds });
      // A chirp is stopped by the target, not by the clock: the engine ends it at the budget.
      expect(seconds).toBeLessThan(budgetSeconds + 15);
      if (limit.status === 'known') expect(limit.high as number).toBeGreaterThan(limit.low as number);
    }),
    runs,
  );
}

const first = (): SessionEnd => sessionOf(11);
const next = (limit: number, seed: number): SessionEnd =>
  simulateSession({
    axis: { ...RATE_AXIS },
    service: { ...service, limit },
    seed,
    history: first().results,
    sessionId: 'second',
  });

/** The next session begins where the last one ended, without a chirp, and ends sooner. */
export function expectWarmStart(seeds: readonly number[]): void {
  const ends = seeds.map((seed) => next(420, seed));
  for (const { choices, limit } of ends) {
    expect(choices.every(({ action }) => action === 'probe')).toBe(true);
    expect(choices[0]?.reason).toContain('in the last session: check whether it still is');
    expect(limit.reason).toBeUndefined();
  }
  const sorted = ends.map(({ seconds }) => seconds).toSorted((a, b) => a - b);
  expect(sorted[Math.floor(seeds.length / 2)]).toBeLessThan(48);
}

/** The next session notices that the target takes a fifth less, and all but this many are right, and say so. */
export function expectChangeNoticed(seeds: readonly number[], butFor: { right: number; saying: number }): void {
  const ends = seeds.map((seed) => next(336, seed));
  const right = ends.filter(({ limit }) => (limit.low as number) <= 336 && (limit.high as number) >= 336);
  expect(right.length).toBeGreaterThanOrEqual(seeds.length - butFor.right);
  const saying = ends.filter(({ limit }) => limit.reason?.startsWith('the target changed: the limit was within'));
  expect(saying.length).toBeGreaterThanOrEqual(seeds.length - butFor.saying);
}

/** Intensities that were tried: of probes, and the highest of chirps. */
function tried(results: readonly LearnedResult[]): number[] {
  return results.map(({ scenario }) => scenario.intensity);
}
