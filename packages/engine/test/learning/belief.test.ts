import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { age, chanceOfFailing, createBelief, learn, marginal, reaching } from '../../src/learning/belief/belief.js';
import {
  badShares,
  durationShift,
  loadCells,
  shallowCells,
  shapeCells,
  type Cell,
} from '../../src/learning/belief/cells.js';
import { at, countTables } from '../../src/learning/belief/likelihood.js';
import { normalBelow } from '../../src/learning/belief/scale.js';
import { GRID_STEP } from '../../src/learning/weights-of-belief.js';

const context = {
  allowedShare: 0.01,
  latencySeconds: 0.25,
  restSeconds: 0.05,
  refuses: null,
  ratePerSecond: 400,
  horizonSeconds: 30,
};
const cells = loadCells(context);
const ten = { seconds: 10, warmupSeconds: 2, ratePerSecond: 400, horizonSeconds: 30 };
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
const flat = createBelief({ from: 5, to: 7, allowedShare: 0.01, density: () => 1, cells });

describe('cells', () => {
  it.each([
    ['load', cells],
    ['load that was refused', loadCells({ ...context, refuses: true })],
    ['errors only', loadCells({ ...context, latencySeconds: null })],
    ['other axes', shapeCells(50)],
    ['slow badness', shallowCells()],
  ])('of %s weigh one together and are finite', (_name, some) => {
    expect(sum(some.map(({ weight }) => weight))).toBeCloseTo(1, 9);
    for (const cell of some) {
      expect(cell.slope).toBeGreaterThan(0);
      expect(Number.isFinite(durationShift(cell, ten) + cell.fromCapacity)).toBe(true);
    }
  });

  it('agree that p* is bad at the limit, more above and less below, never less than the floor', () => {
    fc.assert(
      fc.property(fc.constantFrom(...cells), fc.double({ min: -1, max: 1, noNaN: true }), (cell, u) => {
        expect(badShares(cell, 0.01)(0)).toBeCloseTo(0.01, 9);
        const share = badShares(cell, 0.01)(u);
        if (Math.abs(u) > 1e-6) expect(share > 0.01).toBe(u > 0);
        expect(share).toBeGreaterThanOrEqual(cell.floor * 0.01 - 1e-12);
      }),
    );
  });

  it('are never harder on a shorter run, and alike at the horizon', () => {
    for (const cell of cells) {
      expect(durationShift(cell, { ...ten, seconds: 30 })).toBeCloseTo(0, 12);
      expect(durationShift(cell, ten)).toBeGreaterThanOrEqual(0);
      expect(durationShift(cell, { ...ten, seconds: 3 })).toBeGreaterThanOrEqual(durationShift(cell, ten) - 1e-12);
    }
  });
});

describe('likelihood', () => {
  const evidence = { n: 4_000, bad: 200, allowedShare: 0.01, atLeast: false };
  const cell = (scatter: number): Cell => ({
    ...(cells[0] as Cell),
    slope: 40,
    floor: 0,
    scatter: { root: 0, flat: scatter },
  });

  it('tells cells of different scatter apart', () => {
    const [sharp, wide] = countTables(evidence, [cell(0.001), cell(0.1)], ten);
    if (!sharp || !wide) throw new Error('two tables');
    // A failed run speaks against a limit far above it, less so where runs scatter.
    expect(at(wide, -0.08)).toBeGreaterThan(2 * at(sharp, -0.08));
  });

  it('never rules anything out: no probe costs more than e⁻⁵', () => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.boolean(), fc.double({ min: -2, max: 2, noNaN: true }), (bad, atLeast, u) => {
        const [table] = countTables({ ...evidence, n: 5_000, bad, atLeast }, [cell(0.01)], ten);
        const value = at(table as Float64Array, u);
        expect(value).toBeGreaterThanOrEqual(Math.exp(-5) - 1e-9);
        expect(value).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  it('says of an early stop only that there were at least this many', () => {
    const [table] = countTables({ ...evidence, atLeast: true }, [cell(0.001)], ten);
    expect(at(table as Float64Array, 0.2)).toBeCloseTo(1, 3);
    expect(at(table as Float64Array, 1.5)).toBeCloseTo(1, 3);
    expect(at(table as Float64Array, -0.2)).toBeLessThan(0.01);
  });
});

describe('belief', () => {
  const mean = (belief: typeof flat): number =>
    sum([...marginal(belief)].map((mass, i) => mass * (belief.from + i * GRID_STEP)));

  it('moves down after a failed run and up after one that held, and stays a probability', () => {
    for (const [bad, direction] of [
      [400, -1],
      [0, 1],
    ] as const) {
      const tables = countTables({ n: 4_000, bad, allowedShare: 0.01, atLeast: false }, cells, ten);
      const { belief } = learn(flat, tables, { coordinate: 6, length: ten });
      expect(sum(belief.mass)).toBeCloseTo(1, 9);
      expect(Math.sign(mean(belief) - mean(flat))).toBe(direction);
    }
  });

  it('keeps its mass and its place while it ages, and where the grid is widened', () => {
    const older = age(flat, { spread: 0.02, jump: 0.1, elsewhere: () => 1 });
    expect(sum(older.mass)).toBeCloseTo(1, 9);
    expect(mean(older)).toBeCloseTo(mean(flat), 6);
    const wider = reaching(flat, 4, 8);
    expect(wider.from).toBeLessThanOrEqual(4);
    expect(mean(wider)).toBeCloseTo(mean(flat), 9);
  });

  it('predicts more failures for more load', () => {
    const chances = [4.5, 5.5, 6, 6.5, 7.5].map((x) => chanceOfFailing(flat, x, ten));
    expect(chances).toEqual(chances.toSorted((a, b) => a - b));
    expect(chances[0]).toBeLessThan(0.05);
    expect(chances[4]).toBeGreaterThan(0.95);
  });

  it('knows the normal distribution to 2·10⁻⁴', () => {
    for (const [z, value] of [
      [0, 0.5],
      [1, 0.841345],
      [-1.96, 0.0249979],
      [3, 0.99865],
    ] as const)
      expect(Math.abs(normalBelow(z) - value)).toBeLessThan(2e-4);
  });
});
