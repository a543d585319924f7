import { describe, expect, it } from 'vitest';
import { judgeMemoryOptimization } from '../../src/kinds/memory-optimization/judge.js';
import type { MemoryCycle } from '../../src/judging/facts.js';
import { createRandom, type Random } from '../../src/random.js';
import { budgets, facts } from '../judging/measured.js';

const KIB = 1_024;
const MIB = 1_024 * KIB;
/** 512 KiB for 1,000 requests. */
const BUDGET = 512 * KIB;

const cycles = (requests: number, floorsMib: readonly number[]): MemoryCycle[] =>
  floorsMib.map((mib) => ({ requests, floorBytes: mib * MIB }));
const judge = (memory: readonly MemoryCycle[] | null) =>
  judgeMemoryOptimization(facts({ memory, budgets: budgets({ memoryBytesPer1000Requests: BUDGET }) }));

describe('judgeMemoryOptimization', () => {
  it.each([
    [
      'memory stays where it was',
      cycles(4_000, [100, 100, 100, 100]),
      'passed',
      /grew by 0 ± 0 KiB .* \(512 KiB allowed\)$/,
    ],
    ['it shrinks', cycles(4_000, [100, 99, 97, 96]), 'passed', /grew by -\d+ ± [\d.]+ KiB/],
    [
      'it grows by half the budget',
      cycles(4_000, [100, 101, 102, 103]),
      'passed',
      /grew by 256 ± 0 KiB .* over 3 cycles/,
    ],
    [
      'it grows by twice the budget',
      cycles(4_000, [100, 104, 108, 112]),
      'failed',
      /grew by 1,024 ± 0 KiB .* \(512 KiB allowed\)$/,
    ],
    // As a Node process that leaks 2,000 KiB per 1,000 requests was seen: the first leaks fill what the warm-up left free.
    ['a leak hides at first: four cycles', cycles(6_000, [104, 108, 115, 130]), 'undecided', /grew by 1,479 ± \d+ KiB/],
    ['a leak hides at first: five', cycles(4_800, [93.3, 99.7, 102, 114, 126]), 'failed', /grew by 1,744 ± \d+ KiB/],
    ['the warm-up cycle alone is large', cycles(4_000, [200, 200, 200, 200]), 'passed', /grew by 0 ± 0 KiB/],
    [
      'growth and scatter reach across the budget',
      cycles(4_000, [100, 100, 106, 106]),
      'undecided',
      /\(512 KiB allowed\)$/,
    ],
    [
      'three cycles',
      cycles(4_000, [100, 104, 108]),
      'undecided',
      /^only 3 cycles were measured \(at least 4 needed\)$/,
    ],
    ['a cycle without requests', cycles(0, [100, 104, 108, 112]), 'undecided', /^a cycle had no requests$/],
    ['memory was not seen', null, 'undecided', /^resident memory could not be read$/],
  ])('%s', (_, memory, expected, why) => {
    const { verdict, reason } = judge(memory);
    expect(verdict).toBe(expected);
    expect(reason).toMatch(why);
  });

  it('counts growth by requests, not by time: cycles of different length weigh what they carried', () => {
    const uneven = [
      { requests: 4_000, floorBytes: 100 * MIB },
      { requests: 1_000, floorBytes: 101 * MIB },
      { requests: 4_000, floorBytes: 105 * MIB },
      { requests: 2_000, floorBytes: 107 * MIB },
    ];
    expect(judge(uneven)).toMatchObject({ verdict: 'failed', objectives: [{ observed: MIB }] });
  });

  it('yields the logarithm of grown ÷ allowed as a margin, also where nothing grew', () => {
    expect(judge(cycles(4_000, [100, 104, 108, 112])).evidence).toMatchObject({
      type: 'margin',
      margin: expect.closeTo(Math.log(2), 6),
      standardError: 0.05,
    });
    for (const floors of [
      [100, 100, 100, 100],
      [100, 90, 80, 70],
    ]) {
      const { evidence } = judge(cycles(4_000, floors));
      expect(evidence).toMatchObject({ type: 'margin', margin: expect.closeTo(Math.log(0.01), 6) });
    }
  });
});

/** A normal number, by Box and Muller (1958). */
function normal(random: Random): number {
  return Math.sqrt(2 * random.exponential()) * Math.cos(2 * Math.PI * random.next());
}

/** Resident memory at every second of four cycles of 32 s: an AR(1) process, and what leaks. */
function wander(of: { seed: number; memory: number; stepBytes: number; leakBytesPerSecond?: number }): number[] {
  const random = createRandom(of.seed);
  let deviation = 0;
  return Array.from({ length: 128 }, (_, second) => {
    deviation = of.memory * deviation + of.stepBytes * normal(random);
    return 200 * MIB + deviation + (of.leakBytesPerSecond ?? 0) * second;
  });
}
const floorsOf = (samples: readonly number[], requests: number): MemoryCycle[] =>
  [31, 63, 95, 127].map((second) => ({ requests, floorBytes: samples[second] as number }));

/** Of a straight line through the samples: the slope in standard errors, as if they did not depend on one another. */
function slopeInStandardErrors(samples: readonly number[]): number {
  const n = samples.length;
  const middle = (n - 1) / 2;
  const mean = samples.reduce((sum, value) => sum + value, 0) / n;
  const spread = samples.reduce((sum, _, second) => sum + (second - middle) ** 2, 0);
  const slope = samples.reduce((sum, value, second) => sum + (second - middle) * (value - mean), 0) / spread;
  const rest = samples.reduce((sum, value, second) => sum + (value - mean - slope * (second - middle)) ** 2, 0);
  return slope / Math.sqrt(rest / (n - 2) / spread);
}

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed);
const shareOf = (holds: (seed: number) => boolean): number => SEEDS.filter(holds).length / SEEDS.length;

describe('memory that drifts and does not leak', () => {
  it.each([
    ['a walk without return', 1, 4_000],
    ['a slow return to the mean', 0.98, 4_000],
    ['a walk, with requests so few that it could pass for the budget', 1, 400],
  ])('fails in fewer than one of ten runs: %s', (_, memory, requests) => {
    const failed = shareOf(
      (seed) => judge(floorsOf(wander({ seed, memory, stepBytes: 45 * KIB }), requests)).verdict === 'failed',
    );
    expect(failed).toBeLessThan(0.1);
  });

  it('would fail most of the time by the slope in time, whose interval is not honest', () => {
    const steep = shareOf((seed) => slopeInStandardErrors(wander({ seed, memory: 1, stepBytes: 45 * KIB })) > 1.66);
    expect(steep).toBeGreaterThan(0.35);
  });

  it('does not fail in one of ten runs where the walk is far larger than the budget', () => {
    const failed = shareOf(
      (seed) => judge(floorsOf(wander({ seed, memory: 1, stepBytes: 45 * KIB }), 40)).verdict === 'failed',
    );
    expect(failed).toBeLessThan(0.1);
  });
});

describe('memory that leaks', () => {
  it('fails in most runs at twice its budget, though it drifts', () => {
    // 4,000 requests a cycle of 32 s, twice 512 KiB for each 1,000.
    const leakBytesPerSecond = (4_000 * 2 * BUDGET) / 1_000 / 32;
    const verdicts = SEEDS.map(
      (seed) => judge(floorsOf(wander({ seed, memory: 1, stepBytes: 45 * KIB, leakBytesPerSecond }), 4_000)).verdict,
    );
    expect(verdicts.filter((verdict) => verdict === 'failed').length / SEEDS.length).toBeGreaterThan(0.99);
  });
});
