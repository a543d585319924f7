import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareRuns,
  isConfirmed,
  isLook,
  type Pair,
  type PairRules,
  type RunFigures,
} from '../../src/comparing/runs.js';

const RULES: PairRules = { tolerance: 0.1, gates: ['p95', 'errors'], allowedErrors: 0.01 };
const usual: RunFigures = { p50: 10, p95: 40, p99: 60, throughput: 200, errors: 0 };

/** Pairs whose candidate is this many times as slow, and which scatter by some percent up and down. */
function pairs(count: number, slower: number, { scatter = 0.02, errors = 0 } = {}): Pair[] {
  return Array.from({ length: count }, (_, i) => {
    const noise = Math.exp(scatter * (i % 2 === 0 ? 1 : -1) * (1 + (i % 3)));
    const { p50, p95, p99, throughput } = usual;
    const candidate = { p50: p50 * slower * noise, p95: p95 * slower * noise, p99: p99 * slower * noise };
    return { base: usual, candidate: { ...candidate, throughput: throughput / slower, errors } };
  });
}

const answers = (found: ReturnType<typeof compareRuns>): Record<string, string> =>
  Object.fromEntries(found.items.map(({ name, answer }) => [name, answer]));

describe('runs compared in pairs', () => {
  it('are the same where nothing changed', () => {
    const found = compareRuns(pairs(8, 1), RULES);
    expect(found.answer).toBe('same');
    expect(answers(found)).toMatchObject({ p95: 'same', errors: 'same' });
  });

  it('are worse or better where the change is shown and beyond the tolerance', () => {
    expect(compareRuns(pairs(8, 1.25), RULES).answer).toBe('worse');
    expect(compareRuns(pairs(8, 0.75), RULES).answer).toBe('better');
  });

  it('show a change below the tolerance, and do not call it worse', () => {
    const found = compareRuns(pairs(20, 1.06, { scatter: 0.005 }), RULES);
    const p95 = found.items.find(({ name }) => name === 'p95')!;
    expect(p95.low).toBeGreaterThan(1);
    expect(found.answer).toBe('same');
  });

  it('that scatter too much say nothing, but what would have been seen', () => {
    const found = compareRuns(pairs(8, 1.15, { scatter: 0.15 }), RULES);
    const p95 = found.items.find(({ name }) => name === 'p95')!;
    expect([found.answer, p95.answer]).toEqual(['no_evidence', 'no_evidence']);
    const half = (Math.log(p95.high!) - Math.log(p95.low!)) / 2;
    // t of 0.975 and of 0.8 with 7 degrees of freedom.
    expect(p95.couldHaveSeen).toBeCloseTo(Math.expm1((half / 2.364_624) * (2.364_624 + 0.896_03)), 4);
  });

  it('are worse by errors alone, from a quarter of what the objectives allow', () => {
    const errors = (share: number): string => answers(compareRuns(pairs(8, 1, { errors: share }), RULES))['errors']!;
    expect([errors(0.002), errors(0.003)]).toEqual(['same', 'worse']);
    expect(compareRuns(pairs(8, 1, { errors: 0.003 }), RULES).answer).toBe('worse');
  });

  it('are decided by the gates alone', () => {
    const slower = pairs(8, 1.25);
    expect(compareRuns(slower, { ...RULES, gates: ['errors'] }).answer).toBe('same');
    expect(compareRuns(slower, { ...RULES, gates: ['throughput'] }).answer).toBe('worse');
    expect(
      compareRuns(slower, RULES)
        .items.filter(({ decides }) => decides)
        .map(({ name }) => name),
    ).toEqual(['p95', 'errors']);
  });

  it('of one pair have figures and no interval', () => {
    const { answer, items } = compareRuns(pairs(1, 1.5), RULES);
    expect(answer).toBe('no_evidence');
    expect(items.find(({ name }) => name === 'p95')).toMatchObject({ low: null, high: null, base: 40 });
  });

  it('that measured no response time decide nothing by it', () => {
    const nothing = { p50: 0, p95: 0, p99: 0, throughput: 0, errors: 1 };
    const { answer, items } = compareRuns(
      Array.from({ length: 8 }, () => ({ base: usual, candidate: nothing })),
      RULES,
    );
    expect(items.find(({ name }) => name === 'p95')).toMatchObject({ ratio: 0 });
    expect(answer).toBe('worse');
  });

  it('never show an interval that leaves out its own estimate', () => {
    const figures = fc.record({
      p50: fc.double({ min: 0.1, max: 1e4, noNaN: true }),
      p95: fc.double({ min: 0.1, max: 1e4, noNaN: true }),
      p99: fc.double({ min: 0.1, max: 1e4, noNaN: true }),
      throughput: fc.double({ min: 0.1, max: 1e4, noNaN: true }),
      errors: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const some = fc.array(fc.record({ base: figures, candidate: figures }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(some, (drawn) => {
        for (const { ratio, low, high } of compareRuns(drawn, RULES).items) {
          const rounding = Math.abs(ratio!) * 1e-9 + 1e-12;
          expect(low!).toBeLessThanOrEqual(ratio! + rounding);
          expect(high!).toBeGreaterThanOrEqual(ratio! - rounding);
        }
      }),
    );
  });

  it('are looked at after 8, 14 and the last', () => {
    const looks = (most: number): number[] =>
      Array.from({ length: most }, (_, i) => i + 1).filter((count) => isLook(count, most));
    expect([looks(20), looks(12), looks(8)]).toEqual([[8, 14, 20], [8, 12], [8]]);
  });

  it('that were worse are confirmed by new ones that show it again, and by no others', () => {
    const worse = compareRuns(pairs(8, 1.25), RULES);
    expect(isConfirmed(worse, pairs(8, 1.2), RULES)).toBe(true);
    expect(isConfirmed(worse, pairs(8, 1.03, { scatter: 0.002 }), RULES)).toBe(false);
    expect(isConfirmed(worse, pairs(8, 1.1, { scatter: 0.2 }), RULES)).toBe(false);
    expect(isConfirmed(compareRuns(pairs(8, 1), RULES), pairs(8, 1.5), RULES)).toBe(false);
  });
});
