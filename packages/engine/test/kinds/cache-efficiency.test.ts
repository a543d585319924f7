import { describe, expect, it } from 'vitest';
import type { Stretch } from '../../src/judging/facts.js';
import { judgeCacheEfficiency } from '../../src/kinds/cache-efficiency/judge.js';
import { facts, stretch } from '../judging/measured.js';

/** Half seconds of this many reads, with these hit shares in turn; a floor of 80 %. */
function reads(shares: readonly number[], each = 500): Stretch[] {
  return shares.map((share, index) => {
    const hits = Math.round(share * each);
    return stretch(each, { seconds: 0.5, endMs: (index + 1) * 500, cache: { hits, misses: each - hits } });
  });
}
const steady = (share: number, halves = 20): number[] => Array.from({ length: halves }, () => share);
/** From cold to `settled`: the share of what is not in the cache yet halves every this many half seconds. */
const warming = (settled: number, halving: number, halves: number): number[] =>
  Array.from({ length: halves }, (_, index) => settled * (1 - 0.5 ** ((index + 1) / halving)));
const judge = (stretches: readonly Stretch[]) => judgeCacheEfficiency(facts({ stretches }));

describe('judgeCacheEfficiency', () => {
  it.each([
    ['well above the floor', steady(0.9), 'passed', /^hit rate 90 % over 10,000 reads \(80 % required\)$/],
    ['at the floor', steady(0.8), 'passed', /^hit rate 80 % /],
    ['a little below the floor', steady(0.79), 'failed', /^hit rate 79 % over 10,000 reads \(80 % required\)$/],
    ['no hit at all', steady(0), 'failed', /^hit rate 0 % /],
    ['only one window of 2 s', steady(0.9, 4), 'undecided', /had not settled/],
    ['it still fills at the end', warming(0.9, 12, 20), 'undecided', /had not settled: no two windows of 2 s agree/],
    [
      'its share swings between windows',
      [...steady(0.9, 4), ...steady(0.6, 4), ...steady(0.9, 4)],
      'undecided',
      /settled/,
    ],
  ])('%s', (_, shares, expected, why) => {
    const { verdict, reason } = judge(reads(shares));
    expect(verdict).toBe(expected);
    expect(reason).toMatch(why);
  });

  it('leaves out what was read while it was cold: all together would have failed', () => {
    const stretches = reads([...warming(0.86, 2, 20), ...steady(0.86, 12)], 4_000);
    const all = stretches.reduce((sum, { cache }) => sum + (cache?.hits ?? 0), 0) / (stretches.length * 4_000);
    expect(all).toBeLessThan(0.8);
    const { verdict, evidence } = judge(stretches);
    expect(verdict).toBe('passed');
    // Not all of the 32 half seconds are judged.
    expect(evidence).toMatchObject({ type: 'counts', clauses: [{ allowedShare: expect.closeTo(0.2, 9) }] });
    if (evidence?.type !== 'counts') throw new Error('a cache is judged by counts');
    expect(evidence.clauses[0]?.planned).toBeLessThan(32 * 4_000);
    expect(evidence.blocks?.reduce((sum, { planned }) => sum + planned, 0)).toBe(evidence.clauses[0]?.planned);
    expect(evidence.blocks?.map(({ seconds, planned }) => [seconds, planned])).toEqual(
      Array.from({ length: (evidence.clauses[0]?.planned ?? 0) / 4_000 }, () => [0.5, 4_000]),
    );
  });

  it('grants the windows what chance makes of a few reads', () => {
    // 40 reads a window: 36 and 33 hits are 7.5 points apart, and nothing but chance.
    expect(judge(reads([0.9, 0.9, 0.9, 0.9, 0.8, 0.8, 0.8, 0.9], 10)).verdict).toBe('passed');
  });

  it('cannot be judged where no answer names a cache, and says what to name', () => {
    const { verdict, reason, evidence } = judge([stretch(500), stretch(500)]);
    expect([verdict, evidence]).toEqual(['not_applicable', null]);
    expect(reason).toContain('budgets.hitHeader');
  });

  it('does not take for settled what climbs slowly all the time, however few the reads', () => {
    // From 50 % to 90 % in 20 s, 100 reads a window: each window agrees with the next by chance.
    const shares = Array.from({ length: 40 }, (_, index) => 0.5 + (0.4 * index) / 40);
    expect(judge(reads(shares, 25)).verdict).not.toBe('failed');
  });

  it('does not call a target that answered nothing well "not applicable"', () => {
    const stretches = [1, 2, 3, 4].map((number) => stretch(500, { failed: 500, seconds: 1, endMs: number * 1_000 }));
    const whole = stretch(2_000, { failed: 2_000, seconds: 4 });
    expect(judgeCacheEfficiency(facts({ whole, stretches })).verdict).not.toBe('not_applicable');
  });

  it('does not call a run that was too short for one window "not applicable"', () => {
    expect(judge(reads(steady(0.9, 3))).verdict).toBe('undecided');
  });

  it('leaves a handful of reads undecided: 14 cannot show that a fifth may be missed', () => {
    expect(judge(reads(steady(1, 8), 1)).verdict).toBe('undecided');
  });
});
